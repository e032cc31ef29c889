/* The <load> of a campaign file. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "runner/campaign_host.h"
#include "runner/campaign_parts.h"
#include "runner/load.h"

enum { MOST_PORT = 65535 };

static void check_driver(const struct load_plan *load, struct element element)
{
    size_t count;
    const char *const *names;

    if (load->driver[0] == '\0' || load_driver_find(load->driver) != NULL)
        return;
    names = load_driver_names(&count);
    element_unknown(element, "driver", "load driver", load->driver, names, count);
}

static void check_service(const struct load_plan *load, struct element element)
{
    const char *colon = strrchr(load->service, ':');

    if (colon != NULL && strlen(colon + 1) <= 5 && atoi(colon + 1) > MOST_PORT)
        element_finding(element, "service", "it is from 1 to 65535", "the port %s is out of range",
                        colon + 1);
}

static void check_numbers(const struct load_plan *load, struct element element)
{
    struct element nominal = element_child(element, "nominal");
    size_t hosts =
        load->caller_count > load->callee_count ? load->caller_count : load->callee_count;

    if (load->rate == 0)
        element_finding(element, "rate", "", "a load of no calls tells nothing of the service");
    if (load->subscribers < 2)
        element_finding(element, "subscribers", "half of them call the other half",
                        "at least two subscribers are needed");
    else if (load->subscribers / 2 < (int64_t)hosts)
        element_finding(element, "subscribers", "half of them call, half are called",
                        "there are not as many as load hosts on either side");
    if (load->minimum_rate_share == 0)
        element_finding(nominal, "minimum-rate", "95% is usual",
                        "without any call an experiment would be valid");
}

/* The scenario's folder as an absolute path, where there is one. */
static void read_scenario(struct load_plan *load, struct element element)
{
    char *written = element_text(element, "scenario", "");
    char *path = NULL;
    char *absolute = NULL;

    if (written[0] != '\0') {
        path = path_beside(xml_file(element.node), written);
        absolute = realpath(path, NULL);
    }
    load->scenario = memory_string(absolute != NULL ? absolute : path != NULL ? path : "");
    if (path != NULL)
        campaign_check_scenario(path, element);
    free(absolute);
    free(path);
    free(written);
}

void campaign_read_load(struct campaign *campaign, struct element root)
{
    struct load_plan *load = &campaign->load;
    struct element element = element_child(root, "load");
    struct element nominal = element_child(element, "nominal");
    double subscribers = 2;

    load->driver = element_text(element, "driver", "");
    load->service = element_text(element, "service", "");
    load->domain = element_text(element, "domain", "");
    load->transport = element_text(element, "transport", "");
    load->rate = 1;
    element_duration(element, "call-duration", &load->call_duration);
    load->maximum_failure_share = 0.01;
    load->minimum_rate_share = 0.95;
    element_quantity(element, "rate", QUANTITY_RATE, &load->rate);
    campaign_read_load_profile(load, element);
    element_quantity(element, "subscribers", QUANTITY_SUBSCRIBERS, &subscribers);
    load->subscribers = (int64_t)subscribers;
    element_quantity(nominal, "maximum-failures", QUANTITY_SHARE, &load->maximum_failure_share);
    element_quantity(nominal, "minimum-rate", QUANTITY_SHARE, &load->minimum_rate_share);
    check_driver(load, element);
    load->callers =
        campaign_read_hosts(campaign, element, "caller", HOST_LOAD, &load->caller_count);
    load->callees =
        campaign_read_hosts(campaign, element, "callee", HOST_LOAD, &load->callee_count);
    check_service(load, element);
    check_numbers(load, element);
    read_scenario(load, element);
}
