#!/usr/bin/env bash
# Calls with media, on a lab of their own: the caller plays a tone, the callee echoes it, and what SIPp counts of
# both is in the service samples; packets that are lost on the way are missing there.
source "$(dirname "$0")/../lib.sh"
source "$(dirname "$0")/lib.sh"

lab_up
within() { awk -v least="$1" -v x="$2" -v most="$3" 'BEGIN { print x; exit !(x != "" && x >= least && x <= most) }'; }

scenario=$scratch/media-call
cp -r "$top/sipp-scenarios/voice-call" "$scenario"
sed -i "s|\[media_port\]|[rtpstream_audio_port]|
    s|<pause/>|<nop><action><exec rtp_stream=\"/srv/tone.alaw,-1,8\"/></action></nop>\n  <pause/>|" "$scenario/caller.xml"
sed -i '0,/<send>/s|<send>|<nop><action><rtp_echo value="1"/></action></nop>\n  <send>|' "$scenario/callee.xml"
cat >"$scratch/media-call.xml" <<END
<campaign name="media-call" xmlns="urn:vnfault:campaign:1">
  <load driver="sipp" scenario="$scenario" caller="load" callee="load" service="198.18.0.11:5060" domain="ims.test"
        transport="udp" rate="5calls/s" call-duration="3s" subscribers="200subscribers"/>
  <monitoring period="3s"/>
  <timeline warm-up="6s" duration="30s" cool-down="5s"/>
  <matrix repetitions="1" order="listed"><nominal repetitions="1"/></matrix>
  <reset method="none"/>
</campaign>
END
on load "head -c 8000 /dev/zero | tr '\\0' '\\325' >/srv/tone.alaw"

run=$scratch/run
check "it runs" exits_with 0 "$vnfault" run "$scratch/media-call.xml" --testbed "$testbed" -o "$run"

# 5 calls a second, each held for 3 s, of 50 packets a second.
sum() { query "$run" "SELECT sum(packets) FROM service_media AS m JOIN service_sample AS s ON s.id = m.sample_id WHERE m.name = '$1' AND $2"; }
rate() { query "$run" "SELECT sum(packets) * 1e9 / (max(time_ns) - min(window_start_ns)) FROM service_media AS m JOIN service_sample AS s ON s.id = m.sample_id
    JOIN experiment AS e ON e.id = experiment_id WHERE m.name = '$1' AND window_start_ns > measured_from_ns AND time_ns < measured_until_ns"; }
check "as many packets are sent as calls are open" within 600 "$(rate rtp-sent)" 900
check "and echoed" within 600 "$(rate rtp-echoed)" 900
check "none is lost on the way" within 0.93 "$(awk -v sent="$(sum rtp-sent true)" -v echoed="$(sum rtp-echoed true)" 'BEGIN { print echoed / sent }')" 1.07
check "both in each sample" equals 0 query "$run" "SELECT count(*) FROM service_sample AS s JOIN experiment AS e ON e.id = experiment_id
    WHERE window_start_ns > measured_from_ns AND time_ns < measured_until_ns AND (SELECT count(*) FROM service_media WHERE sample_id = s.id) != 2"
check "export has them" eval '"$vnfault" export "$run" --what service | head -n 1 | grep -qF ",media.rtp-echoed,media.rtp-sent"'

# A media path that loses a third of what comes in: the control group for the figures above.
run=$scratch/lossy
on load "iptables -A INPUT -p udp --dport 6000:6100 -m statistic --mode random --probability 0.33 -j DROP"
check "it runs where media is lost" exits_with 0 "$vnfault" run "$scratch/media-call.xml" --testbed "$testbed" -o "$run"
check "a third of the packets is not echoed" within 0.58 "$(awk -v sent="$(sum rtp-sent true)" -v echoed="$(sum rtp-echoed true)" 'BEGIN { print echoed / sent }')" 0.76
check "calls don't fail by it" equals 0 query "$run" "SELECT sum(calls_failed) FROM service_sample"
finish
