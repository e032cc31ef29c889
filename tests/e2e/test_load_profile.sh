#!/usr/bin/env bash
# A load that follows a profile, on a lab of its own: SIPp's offered rate and the calls that it makes are
# those of the profile, each nominal experiment goes on where it is told to, an overload multiplies what
# the profile says; the profile is kept with the run, which goes on with the same one only.
source "$(dirname "$0")/../lib.sh"
source "$(dirname "$0")/lib.sh"

lab_up
sed "s|\.\./\.\./\.\./|$top/|" "$top/tests/e2e/data/load-profile.xml" >"$scratch/load-profile.xml"
cp "$top/tests/e2e/data/load-profile.csv" "$scratch"
campaign=$scratch/load-profile.xml
run=$scratch/run

check "plan says where each experiment begins" prints 'nominal-2  load from 30s' "$vnfault" plan "$campaign" --testbed "$testbed"
check "and what the load is" prints 'load-profile.csv: 10 to 40 calls/s, 21.2 on average' "$vnfault" plan "$campaign" --testbed "$testbed"
check "it runs" exits_with 0 "$vnfault" run "$campaign" --testbed "$testbed" -o "$run"

# What the profile says, calls/s, at so many seconds after the start of an experiment's measured duration.
# The columns: begin of the window, its end, rate at its end, calls created.
windows() { # EXPERIMENT
    query "$run" "SELECT (window_start_ns - measured_from_ns) / 1e9, (time_ns - measured_from_ns) / 1e9, offered_rate, calls_created
        FROM service_sample AS s JOIN experiment AS e ON e.id = s.experiment_id WHERE e.name = '$1' ORDER BY time_ns" | tr '|' ' '
}
profile='function rate(t) { t = t % 100
    return t < 15 ? 10 : t < 35 ? 10 + (t - 15) * 1.5 : t < 55 ? 40 : t < 70 ? 40 - (t - 55) * 2 : 10 }
    function abs(x) { return x < 0 ? -x : x }'
# A step is 2 s, a row of statistics a second later at most: the rate is one that the profile had since.
# The load is doubled from the fault's start until its end is commanded, and isn't once it is gone.
follows() { # EXPERIMENT START DOUBLED-FROM END-COMMANDED GONE
    windows "$1" | awk -v start="$2" -v from="$3" -v end="$4" -v gone="$5" "$profile"' {
        t = $2 + start; factor = $2 > from + 2 && $2 < end ? 2 : 1
        if (factor == 1 && $2 > from && $1 < gone + 2) next # an edge of the fault
        least = most = rate(t + 2) * factor
        for (back = 0; back <= 4; back += 0.5) { r = rate(t - back) * factor; if (r < least) least = r; if (r > most) most = r }
        rows++
        if ($3 < least - 0.01 || $3 > most + 0.01) { print "at " $2 " s: " $3 ", not " least " to " most; bad = 1 } }
        END { if (rows < 30) { print rows " rows only"; bad = 1 } exit bad }'
}
# The calls of an experiment, as many as the profile has in its windows, within a twentieth.
makes_its_calls() { # EXPERIMENT START
    windows "$1" | awk -v start="$2" "$profile"' { made += $4
        for (i = 0; i < 20; i++) due += rate($1 + ($2 - $1) * (i + 0.5) / 20 + start) * ($2 - $1) / 20 }
        END { print made " calls, " due " are due"; exit !(due > 500 && abs(made - due) < due / 20) }'
}
check "every experiment is valid" equals "valid 3" query "$run" "SELECT verdict || ' ' || count(*) FROM experiment GROUP BY verdict"
check "SIPp goes by the profile" follows nominal-1 5 1000 1000 1000
check "and makes its calls" makes_its_calls nominal-1 5
check "the next experiment goes on in it" follows nominal-2 30 1000 1000 1000
check "and makes its calls, too" makes_its_calls nominal-2 30
# shellcheck disable=SC2046 # three numbers
check "an overload multiplies it" follows overload-double-load-1 5 $(query "$run" "SELECT (start_commanded_ns - measured_from_ns) / 1e9,
    (end_commanded_ns - measured_from_ns) / 1e9, (gone_ns - measured_from_ns) / 1e9
    FROM injection_edges JOIN experiment ON experiment.id = experiment_id" | tr '|' ' ')
check "which is what was achieved" equals 1 query "$run" "SELECT abs(achieved - 200) < 15 AND NOT phantom FROM injection"
check "the run keeps the profile" equals 1 query "$run" "SELECT campaign_xml LIKE '%35s,100\%%' ESCAPE '\\' FROM run"
check "the report is made of it" exits_with 0 "$vnfault" report "$run" -o "$scratch/report"
check "with the offered rate's course" eval "awk -F, 'NR > 1 { if (!n++ || \$2 < least) least = \$2; if (\$2 > most) most = \$2 }
    END { print least, most; exit !(least > 9.9 && least < 11 && most > 39 && most < 40.1) }' '$scratch/report/figures/timeline-001-nominal-1.csv'"

sed -i 's/^35s,100%/36s,100%/' "$scratch/load-profile.csv"
check "it does not go on with another profile" exits_with 64 "$vnfault" run --resume "$run"
finish
