#include "runner/calibration_fragment.h"

#include <libgen.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/xml.h"
#include "runner/load_profile.h"

#define NAMESPACE "urn:vnfault:campaign:1"

/* The folder that holds the file, absolute; NULL with errno if there is none. Caller frees. */
static char *folder_of(const char *path)
{
    char *copy = memory_string(path);
    char *folder = realpath(dirname(copy), NULL);

    free(copy);
    return folder;
}

int calibration_fragment_check(const char *path, struct error *error)
{
    char *folder = folder_of(path);
    bool is_there = folder != NULL && access(folder, W_OK) == 0;

    free(folder);
    return is_there ? 0 : error_unwritten(error, "can't write %s", path);
}

/* The way from the folder to the path, both absolute. Caller frees. */
static char *relative_path(const char *folder, const char *path)
{
    struct text text = {0};
    size_t common = 0; /* length of what both begin with, whole names only */

    for (size_t i = 0;; i++) {
        bool folder_ends = folder[i] == '\0' || folder[i] == '/';
        bool path_ends = path[i] == '\0' || path[i] == '/';

        if (folder_ends && path_ends)
            common = i;
        if (folder[i] != path[i] || folder[i] == '\0')
            break;
    }
    for (const char *at = folder + common; *at != '\0'; at++) {
        if (*at == '/' && at[1] != '\0')
            text_append(&text, "../");
    }
    text_append(&text, path[common] == '/' ? path + common + 1 : path + common);
    return text.length > 0 ? text.bytes : memory_string(".");
}

/* A comment may not hold two hyphens in a row. */
static void add_comment(xmlDoc *document, struct text *text)
{
    char *at = text->bytes;

    while (at != NULL) {
        at = strstr(at, "--");
        if (at != NULL)
            *at = '~';
    }
    xmlAddChild((xmlNode *)document,
                xmlNewDocComment(document, (const xmlChar *)text_string(text)));
}

static void describe(const struct calibration_finding *finding, struct text *text)
{
    if (finding->goal == CALIBRATE_INTENSITY)
        text_appendf(text, "  %s on %s: ", finding->fault_type, finding->target);
    else
        text_append(text, finding->goal == CALIBRATE_RATE ? "  rate: " : "  saturation: ");
    if (!finding->found) {
        text_append(text, "nothing found\n");
        return;
    }
    text_appendf(text, "%g%s; %lld of %lld calls %s, %.2f%% (%.2f%% to %.2f%%), at %.1f calls/s",
                 finding->value, finding->unit, (long long)finding->failures.failed,
                 (long long)finding->failures.calls,
                 finding->goal == CALIBRATE_SATURATION ? "did not succeed" : "failed",
                 100 * finding->failures.share, 100 * finding->failures.least,
                 100 * finding->failures.most, finding->rate);
    if (!isnan(finding->beyond))
        text_appendf(text, "; %g%s is too high", finding->beyond, finding->unit);
    text_append(text, "\n");
}

static void add_description(xmlDoc *document, const struct campaign *campaign,
                            const struct load_profile *profile, const char *folder,
                            const struct calibration_findings *findings)
{
    struct text text = {0};

    text_appendf(&text, "\n  Found by vnfault calibrate with %s, run %s.\n", campaign->path,
                 folder);
    for (size_t i = 0; i < findings->count; i++)
        describe(&findings->items[i], &text);
    if (profile != NULL)
        text_appendf(&text, "  All at the peak of the load profile, which is %g%% of its rate.\n",
                     100 * load_profile_range(profile).most);
    add_comment(document, &text);
    text_free(&text);
}

static void set(xmlNode *node, const char *name, const char *value)
{
    xmlSetProp(node, (const xmlChar *)name, (const xmlChar *)value);
}

static xmlNode *child(xmlNode *parent, const char *name)
{
    for (xmlNode *node = xml_element(parent->children); node != NULL;
         node = xml_element(node->next)) {
        if (strcmp(xml_name(node), name) == 0)
            return node;
    }
    return NULL;
}

/* Beside the fragment the profile's file has another path; its text, which the run's copy of the
 * campaign has, stays there. */
static void set_profile(xmlNode *load, const struct load_profile *profile, const char *folder)
{
    xmlNode *node = child(load, "profile");
    char *absolute = realpath(profile->path, NULL);
    char *path = absolute != NULL ? relative_path(folder, absolute) : memory_string(profile->path);

    xmlNodeSetContent(node, NULL);
    set(node, "file", path);
    free(path);
    free(absolute);
}

/* The campaign's <load> with that rate, which is the one at the peak of the profile. */
static int add_load(xmlDoc *document, const struct campaign *campaign,
                    const struct load_profile *profile, const char *fragment, double rate,
                    struct error *error)
{
    xmlDoc *whole = xmlReadMemory(campaign->xml, (int)strlen(campaign->xml), campaign->path, NULL,
                                  XML_PARSE_NONET | XML_PARSE_NOBLANKS);
    xmlNode *load = whole != NULL ? child(xmlDocGetRootElement(whole), "load") : NULL;
    char *folder = folder_of(fragment);
    char *scenario;
    char *text;

    if (load == NULL || folder == NULL) {
        xmlFreeDoc(whole);
        free(folder);
        return error_set(error, ERROR_INTERNAL, "can't take the load out of %s", campaign->path);
    }
    load = xmlDocCopyNode(load, document, 1);
    xmlAddChild((xmlNode *)document, load);
    scenario = relative_path(folder, campaign->load.scenario);
    if (profile != NULL) {
        rate /= load_profile_range(profile).most;
        set_profile(load, profile, folder);
    }
    text = memory_format("%gcalls/s", rate);
    set(load, "scenario", scenario);
    set(load, "rate", text);
    free(text);
    free(scenario);
    free(folder);
    xmlFreeDoc(whole);
    return 0;
}

/* The lowest of what was found on the fault's targets, so that it holds on each; NULL if nothing
 * was. */
static const struct calibration_finding *weakest(const struct calibration_findings *findings,
                                                 const char *type)
{
    const struct calibration_finding *lowest = NULL;

    for (size_t i = 0; i < findings->count; i++) {
        const struct calibration_finding *finding = &findings->items[i];

        if (finding->found && strcmp(finding->fault_type, type) == 0 &&
            (lowest == NULL || finding->value < lowest->value))
            lowest = finding;
    }
    return lowest;
}

static void add_fault(xmlNode *faults, const struct fault *fault,
                      const struct calibration_finding *finding)
{
    xmlNode *node = xmlNewChild(faults, NULL, (const xmlChar *)"fault", NULL);
    xmlNode *intensity = xmlNewChild(node, NULL, (const xmlChar *)"intensity", NULL);
    char *value = memory_format("%g%s", finding->value, finding->unit);

    set(node, "type", fault->type);
    set(intensity, "name", "high");
    set(intensity, "value", value);
    for (size_t i = 0; i < fault->parameter_count; i++) {
        xmlNode *parameter = xmlNewChild(node, NULL, (const xmlChar *)"parameter", NULL);

        set(parameter, "name", fault->parameters[i].name);
        set(parameter, "value", fault->parameters[i].value);
    }
    free(value);
}

static int add_faults(xmlDoc *document, const struct campaign *campaign,
                      const struct calibration_findings *findings, struct error *error)
{
    xmlNode *faults = xmlNewDocNode(document, NULL, (const xmlChar *)"faults", NULL);
    bool any = false;

    xmlSetNs(faults, xmlNewNs(faults, (const xmlChar *)NAMESPACE, NULL));
    xmlAddChild((xmlNode *)document, faults);
    for (size_t i = 0; i < campaign->fault_count; i++) {
        const struct calibration_finding *finding = weakest(findings, campaign->faults[i].type);

        if (finding != NULL)
            add_fault(faults, &campaign->faults[i], finding);
        any = any || finding != NULL;
    }
    return any ? 0 : error_set(error, ERROR_INCONCLUSIVE, "no intensity was found to be written");
}

static int fill(xmlDoc *document, const char *path, const struct campaign *campaign,
                const struct load_profile *profile, const struct calibration_findings *findings,
                struct error *error)
{
    if (campaign->fault_count > 0)
        return add_faults(document, campaign, findings, error);
    for (size_t i = 0; i < findings->count; i++) {
        if (findings->items[i].goal == CALIBRATE_RATE && findings->items[i].found)
            return add_load(document, campaign, profile, path, findings->items[i].value, error);
    }
    return error_set(error, ERROR_INCONCLUSIVE, "no rate was found to be written");
}

int calibration_fragment_write(const char *path, const struct campaign *campaign,
                               const struct load_profile *profile, const char *folder,
                               const struct calibration_findings *findings, struct error *error)
{
    xmlDoc *document = xmlNewDoc((const xmlChar *)"1.0");
    xmlChar *bytes;
    int length;
    int result;

    add_description(document, campaign, profile, folder, findings);
    result = fill(document, path, campaign, profile, findings, error);
    if (result == 0) {
        xmlDocDumpFormatMemoryEnc(document, &bytes, &length, "UTF-8", 1);
        result = file_write(path, (const char *)bytes, (size_t)length, error);
        xmlFree(bytes);
    }
    xmlFreeDoc(document);
    return result;
}
