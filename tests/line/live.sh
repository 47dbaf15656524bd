#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# live.sh -- 'footfall run' as an installer sees it: cameras that are dead, freeze, are cut off
# and come back with another resolution; logins; new settings; kill -9; the night's report.
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
. "$here/live_lib.sh"
scenes=$here/../../samples/scenes

# --- settings that lead nowhere are told before anything begins ---

wrong() {
	printf '%s\n' "$1" >"$dir/wrong.conf"
	expect 2 "$footfall" run --config "$dir/wrong.conf"
	says "$dir/stderr" "$2"
}
cd "$dir" || exit 1
wrong "[run]
db = w.db
state = w" "[camera NAME]"
wrong "[camera door]
uri = simlive:$scenes/plain.ini" "run.db is not set"
wrong "[camera door]
uri = rtsp://anna:geheim@10.0.0.1/x" "run.credentials"
grep -q geheim "$dir/stderr" && fail "a password is told"
wrong "[camera door]
transport = udp" "there is no uri"
wrong "[camera door]
uri = rtsp://10.0.0.1/x
plam = x" "plam"
wrong "[run]
db = w.db
state = w
[camera door]
uri = nosuch:x" "no kind of source"
wrong "[run]
db = w.db
state = w
[camera door]
uri = rtsp://10.0.0.1/x
plan = none.json" "none.json"
expect 1 "$footfall" status --set run.state="$dir/nobody"
says "$dir/stderr" "is not at work"

# --- cameras ---

small_scene 100
clip "$dir/big.mp4" 320
clip "$dir/little.mp4" 160
printf '[net]\nuser = anna\npassword = ge:he@im/1\n' >"$dir/logins"
chmod 600 "$dir/logins"
settings() {
	cat <<CONF
[store]
name = Test
[run]
db = live.db
state = state
reports = reports
credentials = logins
stall = 2
[camera sim]
uri = simlive:$dir/scene.ini
CONF
}
cat >net.plan.json <<'PLAN'
{"format": "footfall-plan-1", "lines": [{"name": "door", "points": [[0.3, 0.5], [0.7, 0.5]]}]}
PLAN
with_net() {
	printf '[camera net]\nuri = rtsp://127.0.0.1:%s/cam\nplan = net.plan.json\n' "$port"
}
with_dead() {
	printf '[camera dead]\nuri = rtsp://127.0.0.1:9/cam\nplan = net.plan.json\n'
}
settings >live.conf
with_dead >>live.conf
if [ -n "$python_gst" ]; then
	serve "$dir/big.mp4" anna:ge:he@im/1
	with_net >>live.conf
else
	echo "no RTSP server here (gir1.2-gst-rtsp-server-1.0): what it would show is not tested"
fi

# Yesterday was counted, and its report is missing.
day=$(TZ=UTC date -d yesterday +%F)
sed "s/^start = .*/start = ${day}T10:00:00/; s/^time_zone = .*/time_zone = UTC/" scene.ini >day.ini
expect 0 "$footfall" sim day.ini --no-pictures --seconds 120 --db live.db --set store.name=Test
mkdir state
TZ=UTC date -d '2 days ago' +%F >state/reported

listen_notify
run live.conf
wait_for 'camera sim state' ok
wait_for 'camera dead state' waiting
says_status "dead: cannot read"
[ "$status_exit" = 1 ] || fail "a dead camera, and status ends with $status_exit"
[ -n "$python_gst" ] && wait_for 'camera net state' ok
expect 1 "$footfall" run --config live.conf
says "$dir/stderr" "at work in"
wait_until "ls reports/*$day.html >/dev/null 2>&1" "yesterday's report"

if [ -n "$python_gst" ]; then
	[ "$(status_of 'camera net width')" = 320 ] || fail "width: $(status_of 'camera net width')"
	# Frozen: the socket stays open, no picture comes.
	kill -STOP $server
	wait_for 'camera net state' waiting
	kill -CONT $server
	wait_for 'camera net state' ok
	# Cut in the middle of a picture, and back with another resolution.
	kill -9 $server
	wait_for 'camera net state' waiting
	serve "$dir/little.mp4" anna:ge:he@im/1
	wait_for 'camera net state' ok
	wait_for 'camera net width' 160
fi
[ "$(status_of 'camera sim connections')" = 1 ] || fail "another camera's trouble was sim's, too"

# New settings: the dead camera goes, and nobody else notices. Wrong ones are not taken.
settings >live.conf
[ -n "$python_gst" ] && with_net >>live.conf
kill -HUP $daemon
wait_for 'cameras' "$([ -n "$python_gst" ] && echo 2 || echo 1)"
wait_for ok True
[ "$status_exit" = 0 ] || fail "all is well, and status ends with $status_exit"
[ "$(status_of 'camera sim connections')" = 1 ] || fail "new settings disturbed a camera"
echo "[camera x]" >>live.conf
kill -HUP $daemon
wait_log "not taken over"
stop_daemon
says notified READY=1
says notified RELOADING=1
says notified STOPPING=1
[ -s state/sim.scene ] || fail "what the scene looks like was not kept: $(ls state)"
for f in log status.txt; do
	grep -qE 'ge:he|ge%3A' "$f" && fail "a password is told in $f"
done

# --- killed: the next start goes on from what was known, and what was counted stays ---

settings >live.conf
run live.conf
wait_for 'camera sim knew_scene' True
wait_for_minute sim
before=$(sum sim)
kill -9 $daemon
wait $daemon 2>/dev/null
run live.conf
wait_for 'camera sim state' ok
stop_daemon
after=$(sum sim)
awk "BEGIN { exit !($after >= $before && $before > 0) }" ||
	fail "observed $before s before kill -9 and $after s after"
once_each
expect 0 "$footfall" report --db live.db --out reports2
finish
