#!/usr/bin/env bash
# The collector of docs/writing-a-collector.md, word for word: built into a vnfault of its own with its test, and tried as the
# page says.
. "$(dirname "$0")/../lib.sh"

page=$top/docs/writing-a-collector.md
tree=$scratch/tree
block() { # FILE: the block of C that follows its name
    awk -v name="\`$1\`" 'index($0, name) { wanted = 1 } /^```$/ { if (inside) exit } inside; /^```c$/ && wanted { inside = 1 }' "$page"
}
# What is built already isn't built again, where it is found.
copy_tree() {
    mkdir -p "$tree/tests/unit" "$tree/build/tests/unit" &&
        cp -a "$top"/{Makefile,base,store,runner,analysis,lab,cli,injectors,campaigns} "$tree/" &&
        find "$top/tests/unit" -maxdepth 1 -name '*.[ch]' ! -name 'test_*' -exec cp -a {} "$tree/tests/unit/" \; || return
    cp -a "$top"/build/{base,store,runner,analysis,lab,cli} "$tree/build/" 2>/dev/null
    find "$top/build/tests/unit" -maxdepth 1 -name '*.[do]' ! -name 'test_*' -exec cp -a {} "$tree/build/tests/unit/" \; 2>/dev/null
    true
}
put_collector() {
    block runner/collector_lines.c >"$tree/runner/collector_lines.c" &&
        block tests/unit/test_collector_lines.c >"$tree/tests/unit/test_collector_lines.c" &&
        sed -i 's/^extern const struct collector collector_libvirt;/&\nextern const struct collector collector_lines;/
            s/^    &collector_libvirt,/&\n    \&collector_lines,/' "$tree/runner/collector.c"
}
check "a tree" copy_tree
check "the collector and its line in the table" put_collector
check "it is built without a warning" make --silent -C "$tree" WERROR=1 vnfault build/tests/unit/test_collector_lines
check "its test passes" env -C "$tree" CMOCKA_MESSAGE_OUTPUT=TAP build/tests/unit/test_collector_lines

export VNFAULT_DATA=$top
own=$tree/vnfault
mkdir "$scratch/testbeds"
testbed() { # ATTRIBUTES OF A SECOND SOURCE'S FILE
    cat >"$scratch/testbeds/t.xml" <<END
<testbed name="t" xmlns="urn:vnfault:testbed:1">
  <target name="one" address="198.18.0.1"><source collector="lines" file="counts"/></target>
  <target name="two" address="198.18.0.2"><source collector="lines" $1/></target>
</testbed>
END
}
printf 'calls.total 7\nheap_bytes 1e6\n' >"$scratch/testbeds/counts"
printf 'load 3\n' >"$scratch/testbeds/other"
testbed 'file="other"'
run_sql() { sqlite3 -readonly "$scratch/run/run.sqlite" "$1"; }
check "check knows it" "$own" check "$scratch/testbeds/t.xml"
testbed 'flie="other"'
check "and its attributes" prints 't.xml:3: source: unknown attribute "flie"' "$own" check "$scratch/testbeds/t.xml"
testbed 'file="nowhere"'
check "a file that isn't there is an error, which names the target" prints "two: .*can't read $scratch/testbeds/nowhere" \
    "$own" observe "$scratch/testbeds/t.xml" -o "$scratch/none" --period 1s --duration 1s
testbed 'file="other"'
observe() { # the second file is gone once the first observations are there
    "$own" observe "$scratch/testbeds/t.xml" -o "$scratch/run" --period 1s --duration 4s >"$scratch/observed" 2>&1 &
    local process=$!
    wait_until $process eval '[ "$(run_sql "SELECT count(*) > 2 FROM observation" 2>/dev/null)" = 1 ]'
    rm "$scratch/testbeds/other"
    wait $process
}
observe
check "its values are recorded" equals 'lines.calls.total|counter|7.0
lines.heap_bytes|gauge|1000000.0' run_sql "SELECT DISTINCT metric, kind, value FROM observation_value JOIN metric ON name = metric WHERE target = 'one' ORDER BY 1"
check "one whose file has gone is missed" equals 1 run_sql "SELECT count(*) > 0 FROM monitoring_event WHERE kind = 'missed' AND detail LIKE '%can''t read%other%'"
check "and the other one isn't" equals 5 run_sql "SELECT count(*) FROM observation JOIN metric_set AS s ON s.id = metric_set_id JOIN target AS t ON t.id = s.target_id WHERE t.name = 'one'"

finish
