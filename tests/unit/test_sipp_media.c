/* runner/load_sipp_media: lines of media among those of SIPp's statistics. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "runner/load_sipp_media.h"

static void feed(struct sipp_media *media, const char *bytes)
{
    sipp_media_feed(media, bytes, strlen(bytes));
}

static void expect(struct sipp_media *media, bool told, int64_t sent, int64_t echoed)
{
    struct sipp_packets packets = {0};

    assert_int_equal(sipp_media_take(media, &packets), told);
    assert_int_equal(packets.sent, sent);
    assert_int_equal(packets.echoed, echoed);
}

static void packets_since_the_last_time_are_taken(void **state)
{
    struct sipp_media media = {0};

    (void)state;
    feed(&media, "StartTime;LastResetTime;\n1;2;\n");
    expect(&media, false, 0, 0);
    feed(&media, "rtp;0;0\n");
    expect(&media, true, 0, 0);
    feed(&media, "rtp;100;40\n3;4;\nrtp;250;");
    expect(&media, true, 100, 40);
    feed(&media, "90\n");
    expect(&media, true, 150, 50);
    expect(&media, true, 0, 0);
    sipp_media_clear(&media);
    expect(&media, false, 0, 0);
}

static void what_is_no_sum_is_left_out(void **state)
{
    static const char *const lines[] = {
        "rtp;9;9;\n",
        "rtp;9\n",
        "rtp;;9\n",
        "rtp;-9;9\n",
        "rtp; 9;9\n",
        "rtp;9.5;9\n",
        "rtp\n",
        "2026;5;rtp;9;9\n",
        "rtp;9;9 \n",
        "rtp;4;9\n",
        "rtp;9;4\n",
        "rtp;9;9\r\n",
        "rtp;nan;9\n",
        "rtp;9;1e3\n",
        "\n",
        "rtp;9;99999999999999999999999999999999999999999\n",
        "rtp;9;0000000000000000000000000000000000000000000000000000000000000000009\n",
    };
    struct sipp_media media = {0};

    (void)state;
    feed(&media, "rtp;5;5\n");
    expect(&media, true, 5, 5);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        feed(&media, lines[i]);
        expect(&media, true, 0, 0);
    }
    feed(&media, "rtp;6;7\n");
    expect(&media, true, 1, 2);
    sipp_media_clear(&media);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packets_since_the_last_time_are_taken),
        cmocka_unit_test(what_is_no_sum_is_left_out),
    };

    return cmocka_run_group_tests_name("SIPp's media", tests, NULL, NULL);
}
