#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# sim.sh -- the simulated store from outside: its files, its pictures, and the whole line
# against its truth.
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
scenes=$here/../../samples/scenes

sim() {
	"$footfall" sim "$@"
}

# figure NAME: of all lines together, in what 'eval count --json' printed.
figure() {
	tail -n 2 "$dir/stdout" | sed -n "s/^\"all\".*\"$1\": \([-0-9.a-z]*\).*/\1/p"
}

# at_least A B WHAT, in numbers that may have a point.
at_least() {
	awk "BEGIN { exit !(\"$1\" != \"\" && $1 + 0 >= $2 + 0) }" ||
		fail "$3 is '$1', expected at least $2"
}

# whole FOLDER: no file that is not complete.
whole() {
	ls "$1" | grep -q '\.part' && fail "unfinished files in $1: $(ls "$1")"
	for f in "$1"/*; do
		[ -z "$(tail -c 1 "$f")" ] || fail "'$f' ends within a line"
	done
}

# What may stand in a scene.
expect 0 sim --keys
says "$dir/stdout" "[camera NAME]"

# --- the truth ---

# The same scene and seed give the same bytes; another seed gives other people.
for n in 1 2; do
	expect 0 sim "$scenes/overlap.ini" --seconds 20 --truth "$dir/truth$n"
done
expect 0 sim "$scenes/overlap.ini" --seconds 20 --truth "$dir/other" --seed 77
whole "$dir/truth1"
for f in people floor crossings visits queue occupancy measures; do
	[ -s "$dir/truth1/$f.csv" ] || fail "no $f.csv"
done
for f in "$dir"/truth1/*; do
	same "$f" "$dir/truth2/$(basename "$f")" "the same seed"
done
cmp -s "$dir/truth1/floor.csv" "$dir/other/floor.csv" && fail "another seed, the same people"
# One file of boxes for each camera, and none without pictures.
[ "$(ls "$dir"/truth1/*.gt.txt | wc -l)" = 2 ] || fail "boxes: $(ls "$dir/truth1")"
expect 0 sim "$scenes/overlap.ini" --seconds 20 --no-pictures --truth "$dir/bare"
[ "$(ls "$dir"/bare/*.gt.txt 2>/dev/null)" = "" ] || fail "boxes without pictures"
same "$dir/truth1/floor.csv" "$dir/bare/floor.csv" "with and without pictures"

# Exact tracks are counted as exactly the truth's crossings, an hour of a whole store long.
sed 's/^\[tracks\]/[tracks]\nfps = 10/; /^\[tracks\]/,/^\[/{/^[a-z]/d}' "$scenes/store.ini" \
	>"$dir/store.ini"
cp "$scenes"/*.plan.json "$dir"
expect 0 sim "$dir/store.ini" --seconds 3600 --no-pictures --truth "$dir/hour" --out "$dir/out" \
	--db "$dir/hour.db"
says "$dir/stdout" "as counted"
expect 0 "$footfall" eval count --truth "$dir/hour/crossings.csv" --events "$dir/out/events.csv" \
	--json --tolerance 0.2
at_least "$(figure truth)" 20 "crossings in an hour"
for f in counted matched; do
	[ "$(figure $f)" = "$(figure truth)" ] ||
		fail "$f: $(figure $f) of $(figure truth) crossings"
done
expect 0 "$footfall" report --db "$dir/hour.db" --out "$dir/reports"

# So is everything else that is counted, place by place, key by key, in each quarter of an hour.
measures() {
	expect 0 "$footfall" eval measures --truth "$1/measures.csv" --db "$2" --json
}
measures "$dir/hour" "$dir/hour.db"
rules=$(grep -c '"by": "rule"' "$dir/stdout")
at_least "$rules" 30 "measures with a truth"
grep '"by": "rule"' "$dir/stdout" | grep -v '"wrong": 0[,}]' >"$dir/wrong"
[ -s "$dir/wrong" ] && fail "not counted exactly: $(cat "$dir/wrong")"
for m in gate_in passed_by groups turns engaged first_from next_zone last_zone queue_wait \
	queue_service queue_level stops staff; do
	grep -q "\"measure\": \"$m\", \"by\": \"rule\"" "$dir/stdout" || fail "no truth of $m"
done
# What people were about can only be judged: most stops are at the right fixture.
facing=$(sed -n 's/.*"stopped_facing", "by": "intent", "truth": \([0-9]*\), .*"wrong": \([0-9]*\).*/\1 \2/p' "$dir/stdout")
echo "stopped facing: true and wrong in all quarters of an hour: $facing"
at_least 0.3 "$(echo "$facing" | awk '{ print $2 / $1 }')" "0.3, the limit of the error of facing,"

# Faults of tracks can be asked for. They change what is counted, and the truth is the same.
expect 0 sim "$dir/store.ini" --seconds 600 --no-pictures --truth "$dir/good" --db "$dir/good.db"
expect 0 sim "$dir/store.ini" --seconds 600 --no-pictures --truth "$dir/poor" --db "$dir/poor.db" \
	--noise sd=0.1,breaks=0.5
same "$dir/good/measures.csv" "$dir/poor/measures.csv" "with and without noise"
measures "$dir/poor" "$dir/poor.db"
grep '"by": "rule"' "$dir/stdout" | grep -qv '"wrong": 0[,}]' || fail "noise changes nothing"

# What the measures were can be had without the rest, and is the same.
expect 0 sim "$dir/store.ini" --seconds 600 --no-pictures --measures "$dir/only.csv"
same "$dir/good/measures.csv" "$dir/only.csv" "the measures with all of the truth and alone"
expect 2 sim "$dir/store.ini" --seconds 1 --truth "$dir/t" --measures "$dir/m.csv"
says "$dir/stderr" "exclude each other"

# --- the pictures ---

# A stream of the right size, to a file as into a pipe; what got lost is the picture before.
expect 0 sim "$scenes/plain.ini" --seconds 2 --y4m "$dir/a.y4m"
sim "$scenes/plain.ini" --seconds 2 --y4m - 2>"$dir/stderr" | cat >"$dir/pipe.y4m"
same "$dir/a.y4m" "$dir/pipe.y4m" "file and pipe"
says "$dir/stderr" "50 pictures"
head=$(head -n 1 "$dir/a.y4m")
[ "$head" = "YUV4MPEG2 W640 H360 F25:1 Ip A1:1 C420jpeg XCOLORRANGE=LIMITED" ] ||
	fail "head: $head"
size=$((${#head} + 1 + 50 * (6 + 640 * 360 * 3 / 2)))
[ "$(wc -c <"$dir/a.y4m")" = $size ] || fail "$(wc -c <"$dir/a.y4m") bytes, expected $size"
expect 0 sim "$scenes/lost-frames.ini" --seconds 2 --y4m "$dir/lost.y4m"
[ "$(wc -c <"$dir/lost.y4m")" = $size ] || fail "lost pictures are missing in the stream"

# They are the pictures that a replay of the scene sees, with one and the same idea of the floor.
floor=$here/../../calib/entrance-camera-lens.json
expect 0 sim "$scenes/plain.ini" --seconds 25 --y4m "$dir/clip.y4m"
expect 0 "$footfall" replay "$dir/clip.y4m" --causal --calib "$floor" --mot "$dir/clip.txt"
expect 0 "$footfall" replay "sim:$scenes/plain.ini?seconds=25" --causal --calib "$floor" \
	--mot "$dir/sim.txt"
[ -s "$dir/sim.txt" ] || fail "nobody was tracked"
same "$dir/clip.txt" "$dir/sim.txt" "tracks of the stream and of the scene"

# --- the whole line ---

# It brings its plan, calibration, names and zone.
expect 0 "$footfall" replay "sim:$scenes/plain.ini?seconds=2" --out "$dir/line1"
says "$dir/stdout" "camera inside: 50 pictures, 2026-03-14T10:00:00+01:00"

# A camera counts what it sees; what it does not see is no zero.
expect 0 "$footfall" replay "sim:$scenes/store.ini#fruit?seconds=1" --out "$dir/fruit"
says "$dir/stderr" "'door' is not in the picture of camera 'fruit'"
grep -q ",door," "$dir"/fruit/*.csv && fail "the camera over the fruit counts the door"
grep -q ",fruit," "$dir"/fruit/store-2026-03-14.csv || fail "it counts no visits to the fruit"

# What is counted is near the truth. The limits are well under what is reached: they catch a
# broken line, not a changed one.
expect 0 "$footfall" replay "sim:$scenes/plain.ini?seconds=180" --out "$dir/line" \
	--mot "$dir/line.txt"
expect 0 sim "$scenes/plain.ini" --seconds 180 --truth "$dir/plain"
expect 0 "$footfall" eval count --truth "$dir/plain/crossings.csv" \
	--events "$dir/line/events.csv" --json
echo "plain: $(figure counted) of $(figure truth) crossings counted, WAPE $(figure WAPE)"
at_least "$(figure truth)" 20 "crossings"
at_least "$(figure recall)" 0.5 "recall of the crossings"
at_least 0.3 "$(figure WAPE)" "0.3, the limit of the WAPE,"
awk -F, '$9 >= 0.3' "$dir/plain/inside.gt.txt" >"$dir/seen.gt.txt"
expect 0 "$footfall" eval mot --truth "$dir/seen.gt.txt" --tracks "$dir/line.txt" \
	--iou 0.3 --json
mota=$(sed -n 's/.*"MOTA": *\(-\{0,1\}[0-9.]*\).*/\1/p' "$dir/stdout" | head -n 1)
echo "plain: MOTA at an overlap of 0.3: $mota"
at_least "$mota" 0.6 "MOTA"

# --- ended early, and wrong input ---

"$footfall" sim "$scenes/store.ini" --seconds 1e7 --no-pictures --truth "$dir/early" --out "$dir/early.out" \
	>"$dir/stdout" 2>"$dir/stderr" &
pid=$!
while ! [ -s "$dir/early/floor.csv.part" ] && kill -0 $pid 2>/dev/null; do :; done
kill -INT $pid
wait $pid
status=$?
[ $status = 1 ] || fail "a stopped simulation ended with $status: $(cat "$dir/stderr")"
says "$dir/stderr" "what was simulated until then is kept"
whole "$dir/early"
[ -s "$dir/early/people.csv" ] || fail "a stopped simulation left no truth"

# one STATUS TEXT ARG...: ends with that status and one line that says TEXT.
one() {
	want=$1 text=$2
	shift 2
	expect "$want" "$footfall" "$@"
	says "$dir/stderr" "$text"
	[ "$(wc -l <"$dir/stderr")" = 1 ] || fail "'$*' is told in other than one line"
}
one 2 "expected one scene, found 0" sim
one 1 "nowhere.ini" sim "$dir/nowhere.ini"
printf '[floor]\nbox = wide\n' >"$dir/bad.ini"
one 2 "bad.ini:2: [floor] box: expected" sim "$dir/bad.ini"
one 1 "cannot create folder" sim "$scenes/plain.ini" --truth /dev/null/truth
one 1 "cannot create" sim "$scenes/plain.ini" --seconds 1 --y4m "$dir/none/a.y4m"
one 2 "west, east" sim "$scenes/overlap.ini" --y4m "$dir/x.y4m"
one 2 "--camera is for --y4m" sim "$scenes/overlap.ini" --camera west
one 2 "--no-pictures" sim "$scenes/plain.ini" --y4m "$dir/x.y4m" --no-pictures
one 2 "footfall replay sim:" sim "$scenes/plain.ini" --db "$dir/x.db"
one 2 "--noise: [tracks] has no key 'sdd'" sim "$scenes/plain.ini" --no-pictures --noise sdd=1
one 2 "--noise: [tracks] sd: expected" sim "$scenes/plain.ini" --no-pictures --noise sd=x
one 2 "--noise: expected KEY=VALUE" sim "$scenes/plain.ini" --no-pictures --noise sd
one 2 "goes with --no-pictures" sim "$scenes/plain.ini" --noise sd=1
one 1 "none.db" eval measures --truth "$dir/good/measures.csv" --db "$dir/none.db"
one 1 "expected the head line" eval measures --truth "$dir/good/people.csv" --db "$dir/good.db"
one 2 "expected --truth and --db" eval measures --db "$dir/good.db"
one 2 "--seconds: '0'" sim "$scenes/plain.ini" --seconds 0
one 2 "--seed: '-1'" sim "$scenes/plain.ini" --seed -1
one 2 "no [receiver]" sim "$scenes/plain.ini" --pcap "$dir/x.pcap"
one 2 "west, east" replay "sim:$scenes/overlap.ini"
one 2 "found 'speed=2'" replay "sim:$scenes/plain.ini?speed=2"
cat >"$dir/image.json" <<'PLAN'
{"format": "footfall-plan-1", "lines": [{"name": "door", "points": [[0.1, 0.5], [0.9, 0.5]]}]}
PLAN
one 2 "line 'door'" sim "$scenes/plain.ini" --no-pictures --plan "$dir/image.json"
[ -e "$dir/x.y4m" ] || [ -e "$dir/x.db" ] && fail "a refused command left files"
finish
