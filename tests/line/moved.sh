#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# moved.sh -- a camera that is knocked, or turned away and back: it is told, and while it looks
# elsewhere nothing is counted and nothing observed.
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"

# film NAME TO SECONDS WALKS: pictures of one shop, the camera turned to TO.
film() {
	cat >"$dir/$1.ini" <<SCENE
[scene]
start = 2026-03-14T10:00:00
seconds = $3
[floor]
box = 0,0 10,8
kind = tiles
[wall back]
points = 0.5,7.5 9.5,7.5
[shelf one]
box = 0.6,6.4 2.6,7.2
[shelf two]
box = 2.8,6 4.4,6.8
[shelf three]
box = 4.8,6.4 6.4,7.2
[shelf four]
box = 6.8,5.8 9.4,6.6
[shelf five]
box = 0.6,2.6 1.4,4.4
[shelf six]
box = 8.6,2.6 9.4,4.4
[camera one]
at = 5, 0.4, 2.6
to = $2
size = 320 x 180
fps = 10
SCENE
	for at in $4; do
		printf '[walker w%s]\nstart = %s\npath = 2,5 8,5\nclothes = 40 90 90\n' "$at" "$at"
	done >>"$dir/$1.ini"
	expect 0 "$footfall" sim "$dir/$1.ini" --y4m "$dir/$1.y4m"
}

# join OUT NAME...: one film after the other.
join() {
	out=$dir/$1.y4m
	shift
	head -n 1 "$dir/$1.y4m" >"$out"
	for part; do
		tail -n +2 "$dir/$part.y4m" >>"$out"
	done
}

cat >"$dir/plan.json" <<'PLAN'
{"format": "footfall-plan-1",
 "lines": [{"name": "middle", "points": [[0.5, 0.05], [0.5, 0.95]]}]}
PLAN

# counted NAME: crossings of the middle, into $n; what is said is in $dir/stderr.
counted() {
	expect 0 "$footfall" replay "$dir/$1.y4m" --plan "$dir/plan.json" --causal --out "$dir/$1"
	n=$(grep -c middle "$dir/$1/events.csv")
}

film there "5, 6, 0.9" 20 5
film elsewhere "8.2, 5, 0.7" 24 12
film knocked "5.12, 6, 0.9" 20 8
join turned there elsewhere there
join bumped there knocked

counted there
[ "$n" = 1 ] || fail "one walks past, counted: $n"
grep -q "elsewhere\|knocked" "$dir/stderr" && fail "nothing moved: $(cat "$dir/stderr")"

counted turned
[ "$n" = 2 ] || fail "two walk past the camera where it belongs, counted: $n"
says "$dir/stderr" "it looks elsewhere since some seconds"
says "$dir/stderr" "it looks where it did before"
observed=$(sed -n 's/^observed \([0-9]*\).* s of 64.*/\1/p' "$dir/stdout")
[ "${observed:-0}" -ge 40 ] && [ "$observed" -le 50 ] ||
	fail "of 64 s, 40 to 50 are observed: $(grep observed "$dir/stdout")"

counted bumped
[ "$n" = 2 ] || fail "two walk past the knocked camera, counted: $n"
says "$dir/stderr" "it was knocked shortly before"
grep -q elsewhere "$dir/stderr" && fail "a bump is no move: $(cat "$dir/stderr")"
finish
