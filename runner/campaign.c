#include "runner/campaign.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/words.h"
#include "runner/campaign_experiment.h"
#include "runner/campaign_fault.h"
#include "runner/campaign_parts.h"
#include "runner/findings.h"
#include "runner/load_profile.h"
#include "runner/schema.h"

static void read_reset(struct campaign *campaign, struct element root)
{
    static const char *const methods[] = {
        [RESET_NONE] = "none", [RESET_REBOOT] = "reboot", [RESET_COMMAND] = "command"};
    struct element reset = element_child(root, "reset");
    char *method = element_text(reset, "method", "none");

    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        if (strcmp(methods[i], method) == 0)
            campaign->reset.method = (enum reset_method)i;
    }
    campaign->reset.command = element_text(reset, "command", "");
    if (campaign->reset.method == RESET_COMMAND && campaign->reset.command[0] == '\0')
        element_finding(reset, "method", "command=\"...\" is run on each target by its shell",
                        "method=\"command\" needs the attribute \"command\"");
    if (campaign->reset.method != RESET_COMMAND && campaign->reset.command[0] != '\0')
        element_finding(reset, "command", "method=\"command\" uses it",
                        "method=\"%s\" has no use for a command", method);
    free(method);
}

static void read_service_level(struct service_level *level, struct element root)
{
    struct element element = element_child(root, "service-level");

    level->maximum_failure_share = -1;
    level->maximum_response_time = -1;
    element_quantity(element, "maximum-failures", QUANTITY_SHARE, &level->maximum_failure_share);
    element_duration(element, "maximum-response-time", &level->maximum_response_time);
}

/* The testbed file: the one given, or the one that the campaign names. */
static void read_testbed(struct campaign *campaign, struct element root, const char *given)
{
    struct element element = element_child(root, "testbed");
    char *file = element_attribute(element, "file");
    char *path = NULL;

    if (given != NULL)
        path = memory_string(given);
    else if (file != NULL && file[0] != '\0')
        path = path_beside(xml_file(element.node), file);
    if (path == NULL && element.node == NULL)
        element_finding(root, NULL, "add <testbed file=\"...\"/>, or give --testbed FILE",
                        "the campaign names no testbed");
    if (path != NULL && given == NULL && !file_exists(path))
        element_finding(element, "file",
                        "a path is relative to the file it is written in; --testbed FILE takes "
                        "another",
                        "there is no testbed file %s", path);
    else if (path != NULL)
        campaign->testbed = testbed_read(path, root.findings);
    free(path);
    free(file);
}

/* A bad file among the fault types; the error's place is 'file:line'. */
static void report_injectors(struct error *error, struct findings *findings)
{
    char *colon = strrchr(error->where, ':');
    int line = 1;

    if (colon != NULL && colon[1] != '\0' && colon[1 + strspn(colon + 1, "0123456789")] == '\0') {
        line = atoi(colon + 1);
        *colon = '\0';
    }
    findings_add(findings, error->where[0] != '\0' ? error->where : "injectors", line, "",
                 error->what, error->hint);
}

static void read_parts(struct campaign *campaign, struct element root, const char *testbed_path)
{
    struct injector_table injectors = {0};
    struct error error;
    xmlChar *description;
    struct element element = element_child(root, "description");

    campaign->name = element_text(root, "name", "");
    description = element.node != NULL ? xmlNodeGetContent(element.node) : NULL;
    campaign->description = memory_string(description != NULL ? (char *)description : "");
    xmlFree(description);
    if (injector_table_read(&injectors, &error) < 0)
        report_injectors(&error, root.findings);
    read_testbed(campaign, root, testbed_path);
    campaign_read_load(campaign, root);
    campaign_read_timeline(campaign, root);
    campaign_read_matrix(campaign, root, &injectors);
    read_reset(campaign, root);
    read_service_level(&campaign->service_level, root);
    injector_table_free(&injectors);
}

/* What is kept of the campaign has the profile in it, as all that it includes. */
static void include_profile(const struct campaign *campaign, struct element root)
{
    struct element element = element_child(element_child(root, "load"), "profile");

    if (campaign->load.profile != NULL)
        xmlNodeAddContent(element.node, BAD_CAST campaign->load.profile->text);
}

static struct campaign *read_document(struct xml_document *document, const char *path,
                                      const char *testbed_path, struct findings *findings)
{
    struct campaign *campaign = memory_new(1, sizeof *campaign);
    struct element root = {.node = xml_root(document), .findings = findings};
    struct text xml = {0};

    campaign->path = memory_string(path);
    if (schema_check(document, "campaign.xsd", "campaign", "urn:vnfault:campaign:1", findings))
        read_parts(campaign, root, testbed_path);
    include_profile(campaign, root);
    /* Where the schema check took anything out there is a finding, and no campaign. */
    xml_write(document, &xml);
    campaign->xml = memory_string(text_string(&xml));
    text_free(&xml);
    return campaign;
}

struct campaign *campaign_read(const char *path, const char *testbed_path,
                               struct findings *findings)
{
    size_t before = findings->count;
    struct xml_document *document = xml_read(path, XML_OURS, findings_report, findings);
    struct campaign *campaign =
        document != NULL ? read_document(document, path, testbed_path, findings) : NULL;

    xml_free(document);
    if (findings->count > before) {
        campaign_free(campaign);
        campaign = NULL;
    }
    findings_sort(findings, path);
    return campaign;
}

static void load_free(struct load_plan *load)
{
    free(load->driver);
    free(load->scenario);
    words_free(load->callers);
    words_free(load->callees);
    free(load->service);
    free(load->domain);
    free(load->transport);
    load_profile_free(load->profile);
}

void campaign_free(struct campaign *campaign)
{
    if (campaign == NULL)
        return;
    for (size_t i = 0; i < campaign->fault_count; i++)
        fault_free(&campaign->faults[i]);
    for (size_t i = 0; i < campaign->target_count; i++)
        free(campaign->targets[i]);
    for (size_t i = 0; i < campaign->experiment_count; i++)
        campaign_experiment_free(&campaign->experiments[i]);
    for (size_t i = 0; i < campaign->random_count; i++)
        random_experiments_free(&campaign->random[i]);
    free(campaign->experiments);
    free(campaign->random);
    free(campaign->faults);
    free(campaign->targets);
    load_free(&campaign->load);
    testbed_free(campaign->testbed);
    free(campaign->reset.command);
    free(campaign->path);
    free(campaign->name);
    free(campaign->description);
    free(campaign->xml);
    free(campaign);
}
