#!/usr/bin/env bash
# The result table of a soak, from its points; false if any of them fell short.
# usage: tests/soak/table.sh POINTS.csv RUNS.csv
set -u
{
    sed 's/^/point,/' "$1"
    sed 's/^/run,/' "$2"
} | awk -F, '
    function add(group, name) {
        key = group SUBSEP name
        if (!(key in points)) names[group] = names[group] (names[group] ? "\n" : "") name
        points[key]++
        if ($7 == "hit") hits[key]++
        left[key] += $10 > 0
        differ[key] += $11 > 0
        foreign[key] += $12 > 0
        if ($9 != "" && $9 > longest[key]) longest[key] = $9
    }
    function table(group, head,    i, count, list, key) {
        print "\n| " head " | kill points | something to kill | faults left | baseline differences | foreign rules touched | longest until gone |"
        print "|---|---|---|---|---|---|---|"
        count = split(names[group], list, "\n")
        for (i = 1; i <= count; i++) {
            key = group SUBSEP list[i]
            printf "| %s | %d | %d | %d | %d | %d | %s |\n", list[i], points[key], hits[key], left[key], differ[key], foreign[key],
                longest[key] ? sprintf("%.2f s", longest[key] / 1000) : ""
        }
    }
    function run_table() {
        print "\n| runners of whole runs killed | committed rows looked for | lost | databases damaged | hosts with a fault left | runs that ended wrongly |"
        print "|---|---|---|---|---|---|"
        printf "| %d of %d | %d | %d | %d | %d | %d |\n", killed, runs, rows, lost, damaged, faulty, bad
    }
    $1 == "point" {
        add("victims", $4)
        type = $3
        sub(/ .*/, "", type)
        add("faults", type)
        add("all", "all")
        wrong += ($10 + $11 + $12) > 0
    }
    $1 == "run" {
        runs++
        killed += $4 == "hit"
        bad += $4 != "hit" && $5 != 0 && $5 != 2
        rows += $6
        lost += $7
        damaged += $8 != "ok"
        faulty += $9 > 0
    }
    END {
        table("victims", "what was killed")
        table("faults", "fault type")
        table("all", "")
        if (runs) run_table()
        exit wrong + lost + damaged + faulty + bad > 0 || !(points["all" SUBSEP "all"] + runs)
    }'
