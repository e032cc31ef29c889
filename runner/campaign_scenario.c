/* The scenario folder of a load: it must hold XML files, each a well-formed SIPp scenario. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "runner/campaign_parts.h"
#include "runner/findings.h"

enum { MOST_FILES = 64 };

static int is_xml_file(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');

    return entry->d_name[0] != '.' && dot != NULL && strcmp(dot, ".xml") == 0;
}

static void check_file(const char *folder, const char *name, struct findings *findings)
{
    char *path = memory_format("%s/%s", folder, name);
    struct xml_document *document = xml_read(path, XML_FOREIGN, findings_report, findings);

    if (document != NULL) {
        xmlNode *root = xml_root(document);

        if (strcmp(xml_name(root), "scenario") != 0)
            findings_add(findings, path, xml_line(root, NULL), xml_name(root),
                         "the root element is not <scenario>",
                         "the folder's XML files are SIPp scenarios");
    }
    xml_free(document);
    free(path);
}

void campaign_check_scenario(const char *folder, struct element load)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_xml_file, alphasort);

    if (count < 0)
        element_finding(load, "scenario", "a path is relative to the file it is written in",
                        "can't read the scenario folder %s: %s", folder, strerror(errno));
    else if (count == 0)
        element_finding(load, "scenario", "SIPp scenarios are XML files",
                        "the scenario folder %s has no .xml file", folder);
    else if (count > MOST_FILES)
        element_finding(load, "scenario", "", "the scenario folder %s has over %d .xml files",
                        folder, MOST_FILES);
    for (int i = 0; i < count; i++) {
        if (count <= MOST_FILES)
            check_file(folder, entries[i]->d_name, load.findings);
        free(entries[i]);
    }
    free(entries);
}
