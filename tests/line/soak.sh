#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# soak.sh -- 'footfall run' with several cameras for some minutes, with faults: a camera that is
# frozen and cut off again and again, a database that cannot be written, kill -9. Afterwards
# counts are those of the truth over the seconds that were observed, nothing is there twice, and
# neither memory nor descriptors have grown.
#
# usage: soak.sh BUILD_FOLDER [SECONDS]: of each of the two halves.
set -u
here=$(cd "$(dirname "$0")" && pwd)
half=${2:-75}
. "$here/lib.sh"
. "$here/live_lib.sh"
scenes=$here/../../samples/scenes
tolerance=${SOAK_TOLERANCE:-0.25}
cd "$dir" || exit 1

small_scene 900
n=3
{
	printf '[run]\ndb = live.db\nstate = state\nstall = 2\nfps = 10\n'
	for i in $(seq $n); do
		printf '[camera sim%s]\nuri = simlive:%s/scene.ini?seed=%s\n' "$i" "$dir" "$i"
		"$footfall" sim "scene.ini" --seed "$i" --seconds $((2 * half)) --no-pictures \
			--truth "truth$i" >/dev/null 2>&1 || fail "no truth"
	done
	if [ -n "$python_gst" ]; then
		cat >net.plan.json <<'PLAN'
{"format": "footfall-plan-1", "lines": [{"name": "door", "points": [[0.3, 0.5], [0.7, 0.5]]}]}
PLAN
		printf '[camera net]\nuri = rtsp://127.0.0.1:%s/cam\nplan = net.plan.json\n' "$port"
	fi
} >live.conf
[ -n "$python_gst" ] && clip "$dir/clip.mp4" 320 && serve "$dir/clip.mp4"

# faults SECONDS: something goes wrong every few of them.
faults() {
	end=$(($(date +%s) + $1))
	i=0
	while [ "$(date +%s)" -lt $end ]; do
		sleep 5
		[ -n "$python_gst" ] || continue
		i=$((i + 1))
		case $((i % 3)) in
		0) kill -STOP $server ;;
		1) kill -CONT $server ;;
		2)
			kill -9 $server
			serve "$dir/clip.mp4"
			;;
		esac
	done
	[ -n "$python_gst" ] && kill -CONT $server
}

open_files() {
	ls /proc/$daemon/fd | wc -l
}

run live.conf
for i in $(seq $n); do
	wait_for "camera sim$i state" ok
done
faults $((half / 2))
files=$(open_files)
faults $((half / 2))
echo "descriptors: $files, then $(open_files); memory: $(status_of memory_mb) MB; pictures a second: $(status_of fps)"
[ "$(open_files)" -le $((files + 6)) ] || fail "$(ls -l /proc/$daemon/fd)"
kill -9 $daemon
wait $daemon 2>/dev/null

run live.conf
for i in $(seq $n); do
	wait_for "camera sim$i state" ok
	[ "$(status_of "camera sim$i knew_scene")" = True ] || echo "sim$i begins without a scene"
done
faults $half
stop_daemon
once_each

# Of each run, which began with the scene's first moment: what is true of the seconds that it
# observed, and what was counted.
python3 - $n "$tolerance" <<'PY' || failed=1
import csv, sqlite3, sys
n, tolerance = int(sys.argv[1]), float(sys.argv[2])
db = sqlite3.connect("live.db")
bad = all_true = all_counted = 0
for i in range(1, n + 1):
    rows = list(csv.DictReader(open(f"truth{i}/crossings.csv")))
    times = [float(r["t_s"]) for r in rows]
    runs = db.execute("""SELECT run.id, min(minute * 60e6 + from_us), max(minute * 60e6 + to_us),
        sum(observed_us) FROM cover JOIN run ON run.id = cover.run JOIN camera ON
        camera.id = run.camera WHERE camera.name = ? GROUP BY run.id""", (f"sim{i}",)).fetchall()
    for run, first, last, observed in runs:
        length = (last - first) / 1e6
        # What was not observed is the start, when much is made ready after the first picture.
        gap = length - observed / 1e6
        true = sum(gap <= t < length for t in times)
        counted = db.execute("""SELECT coalesce(sum(crossings_in + crossings_out), 0) FROM
            line_minute JOIN cover ON cover.id = line_minute.cover WHERE cover.run = ?""",
            (run,)).fetchone()[0]
        print(f"sim{i}, run {run}: {observed / 1e6:.1f} of {length:.1f} s observed, "
              f"{counted} counted of {true}")
        all_true += true
        all_counted += counted
        if observed < 0.5e6 * length:
            print("too much of it was not observed")
            bad = 1
    if len(runs) < 2:
        print(f"sim{i}: {len(runs)} runs are there, expected 2")
        bad = 1
off = abs(all_counted - all_true) / max(all_true, 1)
print(f"all: {all_counted} counted of {all_true}, off by {100 * off:.1f} %")
if off > tolerance or all_true < 20:
    bad = 1
net = db.execute("""SELECT count(*), coalesce(sum(observed_us), 0) / 1e6 FROM cover JOIN run ON
    run.id = cover.run JOIN camera ON camera.id = run.camera WHERE name = 'net'""").fetchone()
print(f"net: {net[1]:.1f} s observed in {net[0]} minutes")
sys.exit(bad)
PY
finish
