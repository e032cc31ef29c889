"""A campaign for each fault type in which each line has one thing wrong with the fault.

usage: bad_faults.py write INJECTORS FOLDER     writes FOLDER/TYPE.xml, and FOLDER/TYPE.rows: the line,
                                                what is wrong there, the pattern of what is to be said
       bad_faults.py judge FINDINGS ROWS        prints what was not found, and is false then
"""
import glob
import json
import os
import re
import sys

# Of each form of a parameter, what is not of it.
WRONG = {
    "name": ["two words", "a;b", "$(id)"],
    "path": ["srv", "/srv/../etc", "/a b"],
    "address": ["198.18.0.256", "host", "10.0.0.0/8"],
    "addresses": ["198.18.0.1,", "198.18.0.1/33", "any,198.18.0.1", "2001:db8::/129"],
    "number": ["two", "1.5", "-1"],
    "messages": ["invite", "700", "200/", "INVITE,,ACK"],
    "ports": ["0", "65536", "20-10", "5060,", "sip"],
}
# The fault in the load that is no file.
HEADS = {"overload": "# name: overload\n# unit: %\n# range: 1..10000\n"}


def heads(folder):
    for path in sorted(glob.glob(folder + "/*.sh")):
        text = "".join(re.findall(r"^#.*\n", open(path).read(), re.M))
        if "# name: " in text:
            yield text
    yield from HEADS.values()


def number(value):
    return "%.10g" % value


def beyond(least, most, unit):
    """What a range with that unit does not hold."""
    low = [number(least / 2) + unit] if least > 0 else ["-1" + unit]
    return low + [number(most * 2 + 1) + unit, number(most), number(most) + "parsec", "lots"]


def cases(head):
    """Triples of attributes of the intensity, parameter elements, and a pattern of the finding."""
    unit = re.search(r"^# unit: (.*)", head, re.M)[1]
    least, most = map(float, re.search(r"^# range: (.*)\.\.(.*)", head, re.M).groups())
    good = number(most) + unit
    for value in beyond(least, most, unit):
        yield value, "", re.escape(value)
    for name, values in re.findall(r"^# parameter: (\S+) (\S+)", head, re.M):
        bounds = re.fullmatch(r"([0-9.]+)\.\.([0-9.]+)(\D*)", values)
        if "|" in values:
            wrong = ["nosuch", values.split("|")[0].upper() + "x"]
        elif bounds:
            wrong = beyond(float(bounds[1]), float(bounds[2]), bounds[3])
        else:
            wrong = WRONG[values]
        for value in wrong:
            yield good, '<parameter name="%s" value="%s"/>' % (name, value), re.escape(value)
    yield good, '<parameter name="nosuch" value="1"/>', "nosuch"


START = """<campaign name="bad" xmlns="urn:vnfault:campaign:1">
<testbed file="%(top)s/campaigns/testbeds/lab.xml"/>
<load driver="sipp" scenario="%(top)s/sipp-scenarios/register-call" caller="load" callee="load"
 service="198.18.0.11:5060" domain="ims.test" transport="udp" rate="40calls/s" subscribers="400subscribers">
<nominal maximum-failures="20%%" minimum-rate="50%%"/></load>
<monitoring period="1s"/>
<timeline warm-up="2s" duration="14s" cool-down="1s"><injection start="4s" length="6s"/></timeline>
<matrix repetitions="1" order="listed"><targets><target name="sprout"/></targets><faults>"""


def write(injectors, folder):
    top = os.path.dirname(os.path.abspath(injectors))
    for head in heads(injectors):
        name = re.search(r"^# name: (.*)", head, re.M)[1]
        lines = (START % {"top": top}).split("\n")
        with open(folder + "/" + name + ".rows", "w") as rows:
            for value, parameter, pattern in cases(head):
                lines.append('<fault type="%s"><intensity name="n%d" value="%s"/>%s</fault>'
                             % (name, len(lines), value, parameter))
                print(len(lines), parameter or value, pattern, sep="\t", file=rows)
        lines.append('</faults></matrix><reset method="none"/></campaign>')
        with open(folder + "/" + name + ".xml", "w") as campaign:
            campaign.write("\n".join(lines) + "\n")


def judge(findings, rows):
    found = {}
    for finding in json.load(open(findings))["findings"]:
        found.setdefault(finding["line"], []).append(finding["what"] + " " + finding["hint"])
    missed = 0
    for row in open(rows):
        line, what, pattern = row.rstrip("\n").split("\t")
        told = found.pop(int(line), [])
        if not any(re.search(pattern, text) for text in told):
            print("not found:", what, told)
            missed += 1
    if found:
        print("found besides:", found)
    sys.exit(missed > 0 or bool(found))


if sys.argv[1] == "write":
    write(*sys.argv[2:])
else:
    judge(*sys.argv[2:])
