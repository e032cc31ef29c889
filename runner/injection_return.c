#include "runner/injection_return.h"

#include <string.h>

#include "base/clock.h"

#define PAUSE_BETWEEN_LOOKS (100 * CLOCK_MILLISECOND)
/* Who was switched off tells nobody: a look that takes longer is taken for that. */
#define LONGEST_LOOK (2 * CLOCK_SECOND)

/* One look: whether the target answers, over a new connection if the last look had no answer, and
 * whether it still has the undo record. */
static bool look(struct injection *injection, struct access *access, bool reconnect, bool *there,
                 struct error *error)
{
    if (reconnect && access_reopen(access, error) < 0)
        return false;
    return injection_has_record(injection, LONGEST_LOOK, there, error) == 0;
}

int injection_await_return(struct injection *injection, struct access *access, int64_t patience,
                           struct absence *absence, struct error *error)
{
    int64_t start = clock_now();
    int64_t now = start;
    bool answers = true;

    memset(absence, 0, sizeof *absence);
    while (now - start < (answers ? patience : LONGEST_ABSENCE)) {
        struct error unanswered = {0};
        bool there = true;

        answers = look(injection, access, !answers, &there, &unanswered);
        if (!answers) {
            absence->left = absence->left == 0 ? now : absence->left;
        } else if (there) {
            absence->left = 0; /* the connection alone was lost */
        } else {
            absence->left = absence->left == 0 ? now : absence->left;
            absence->back = clock_now();
            absence->returned = true;
            return 0;
        }
        clock_sleep(PAUSE_BETWEEN_LOOKS);
        now = clock_now();
    }
    if (answers)
        return 0;
    error_set(error, ERROR_UNREACHABLE, "the target went away and did not come back within %d s",
              (int)(LONGEST_ABSENCE / CLOCK_SECOND));
    return error_target(error, access_host(access)->name);
}
