#include "tests/unit/good_campaign.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/memory.h"

struct campaign *good_campaign_read(const char *path, const char *testbed)
{
    struct findings findings = {0};
    struct campaign *campaign = campaign_read(path, testbed, &findings);

    for (size_t i = 0; i < findings.count; i++)
        print_error("%s:%d: %s\n", findings.items[i].file, findings.items[i].line,
                    findings.items[i].what);
    findings_free(&findings);
    assert_non_null(campaign);
    return campaign;
}

struct plan *good_campaign_plan(const struct campaign *campaign, int64_t denominator)
{
    struct plan *plan;
    struct error error;

    if (plan_make(campaign, (struct time_scale){1, denominator}, &plan, &error) < 0)
        fail_msg("%s", error.what);
    return plan;
}
