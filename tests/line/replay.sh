#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# replay.sh -- the whole line over a generated clip whose people are known: exact counts, the
# same bytes for any number of replays, and nothing lost when it ends early.
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"

clip=$dir/20260314_093000.y4m
"$bin/make_clip" "$clip" >"$dir/truth.csv" || fail "make_clip"
cat >"$dir/plan.json" <<'PLAN'
{"format": "footfall-plan-1",
 "lines": [{"name": "door", "role": "entry", "points": [[0.5, 1], [0.5, 0]],
            "in": "to the right", "out": "to the left"}],
 "zones": [{"name": "left half", "points": [[0.02, 0.02], [0.48, 0.02], [0.48, 0.98], [0.02, 0.98]]}]}
PLAN
replay() {
	"$footfall" replay "$clip" --plan "$dir/plan.json" --set store.time_zone=Europe/Berlin "$@"
}

expect 0 replay --out "$dir/out1" --mot "$dir/1.txt" --db "$dir/1.db"
says "$dir/stdout" "2026-03-14T09:30:00+01:00"

# The same as when the golden files were written (RENEW=1 writes them anew). Of the day, the
# buckets of which anything was observed.
day=$(ls "$dir"/out1/*-2026-03-14.csv)
awk -F, 'NR == 1 || $13 > 0' "$day" >"$dir/day.csv"
if [ "${RENEW:-}" ]; then
	cp "$dir/out1/events.csv" "$dir/day.csv" "$here/golden/"
fi
same "$here/golden/events.csv" "$dir/out1/events.csv" "events against tests/line/golden"
same "$here/golden/day.csv" "$dir/day.csv" "day against tests/line/golden"

# As many people as walk through the clip, each in the direction in which he walks.
for direction in right:in left:out; do
	walk=$(grep -c ",${direction%%:*}," "$dir/truth.csv")
	counted=$(grep -c ",line,door,${direction##*:}," "$dir/out1/events.csv")
	[ "$walk" = "$counted" ] || fail "$walk people walk ${direction%%:*}, $counted were counted"
done

# Into one database twice: counted once, and marked as counted anew (revision).
cp "$dir/1.db" "$dir/twice.db"
expect 0 replay --db "$dir/twice.db" --out "$dir/twice"
twice=$(ls "$dir"/twice/*-2026-03-14.csv)
awk -F, -v OFS=, 'NR > 1 { if ($13 > 0 && $15 != 1) exit 1; $15 = 0 } 1' "$twice" >"$dir/twice.csv" ||
	fail "replayed twice into one database: the revision of what was observed is not 1"
same "$day" "$dir/twice.csv" "replayed twice into one database"

# A file of another shape would put lines elsewhere: it is told and not counted.
"$bin/make_clip" --size 320x320 --seconds 2 "$dir/20260314_094000.y4m" >/dev/null
expect 0 "$footfall" replay "$clip" "$dir/20260314_094000.y4m" --plan "$dir/plan.json" \
	--set store.time_zone=Europe/Berlin --out "$dir/shapes"
says "$dir/stderr" "its shape is another"
same "$dir/out1/events.csv" "$dir/shapes/events.csv" "with a file of another shape behind it"

# Nothing but a clip.
expect 0 "$footfall" replay "$clip"
says "$dir/stdout" "people tracked"

# Wrong input: one line, that names it.
expect 1 "$footfall" replay "$dir/none.mp4"
says "$dir/stderr" "none.mp4"
[ "$(wc -l <"$dir/stderr")" = 1 ] || fail "a missing clip is not told in one line"
head -c 100000 /dev/urandom >"$dir/noise.mp4"
expect 1 "$footfall" replay "$dir/noise.mp4"
[ "$(wc -l <"$dir/stderr")" = 1 ] || fail "a clip that is none is not told in one line"
expect 2 "$footfall" replay
expect 2 "$footfall" replay "$clip" --threads 0
expect 2 "$footfall" replay "$clip" --start yesterday
expect 2 "$footfall" replay "$clip" --set track.gate=wide
echo '{"format": "footfall-plan-1", "lines": [{"nam": "x"}]}' >"$dir/bad.json"
expect 2 "$footfall" replay "$clip" --plan "$dir/bad.json"
says "$dir/stderr" "lines[0]"
expect 2 "$footfall" replay "$clip" --start 2026-02-30T10:00
says "$dir/stderr" "--start: '2026-02-30T10:00' is not a time that exists"

# A plan or a calibration of something else is not counted with.
sed 's/"role"/"camera": "back door", "role"/; /zones/s/:.*/: []}/' "$dir/plan.json" >"$dir/other.json"
expect 2 replay --plan "$dir/other.json"
says "$dir/stderr" "nothing in it is for camera 'camera'"
expect 2 replay --calib "$dir/plan.json"
says "$dir/stderr" "format: expected 'footfall-camera-1', found 'footfall-plan-1'"
INVOCATION_ID=x expect 78 replay --calib "$dir/plan.json"

# A clip where the tracks should go is not overwritten.
cp "$clip" "$dir/copy.y4m"
expect 1 replay --mot "$dir/copy.y4m"
same "$clip" "$dir/copy.y4m" "a clip named for tracks"

# A camera's name is one cell of the table, whatever it is.
expect 0 replay --set 'camera.name=a "b", c' --out "$dir/named"
[ "$(grep -c '^[^,]*,[^,]*,"a ""b"", c",line,door,' "$dir/named/events.csv")" = \
	"$(grep -c ',line,door,' "$dir/out1/events.csv")" ] ||
	fail "the camera's name breaks the table of events"

# Ended early: what was counted is kept.
replay --db "$dir/early.db" >"$dir/stdout" 2>"$dir/stderr" &
pid=$!
while ! [ -s "$dir/early.db" ] && kill -0 $pid 2>/dev/null; do :; done
kill -INT $pid
wait $pid
status=$?
[ $status = 1 ] || [ $status = 0 ] || fail "a stopped replay ended with $status"
expect 0 sqlite3 "$dir/early.db" "pragma integrity_check"
says "$dir/stdout" "ok"
finish
