#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# view.sh -- 'footfall view' from outside: the page, the list, and that nobody's picture is in it.
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
scenes=$here/../../samples/scenes
clip="sim:$scenes/plain.ini?seconds=30"

expect 0 "$footfall" view "$clip" --out "$dir/a.html" --events
cp "$dir/stdout" "$dir/list"
grep -qE "^2026-03-14T10:00:[0-9.]{6}  track 1 +door +in \(into the shop\)\$" "$dir/list" ||
	fail "the first at the door is not listed: $(head -n 3 "$dir/list")"

# The list is what a replay counts.
expect 0 "$footfall" replay "$clip" --out "$dir/out"
[ "$(wc -l <"$dir/list")" = "$(($(wc -l <"$dir/out/events.csv") - 1))" ] ||
	fail "$(wc -l <"$dir/list") events listed, counted: $(cat "$dir/out/events.csv")"
[ "$(wc -l <"$dir/list")" -gt 5 ] || fail "next to nothing happened"

# The same clip gives the same page. It fetches nothing and has one picture at most: the plate,
# of which half a minute proves nothing.
expect 0 "$footfall" view "$clip" --out "$dir/b.html"
[ -s "$dir/stdout" ] && fail "events are listed unasked"
same "$dir/a.html" "$dir/b.html" "the same clip"
says "$dir/a.html" '"plate":""'
grep -qE '://|<img|src="|base64,i' "$dir/a.html" && fail "there is a link or a picture in the page"
says "$dir/a.html" '["line","door",['

# One person in 20 s, in few numbers and nothing else.
cat >"$dir/one.ini" <<'SCENE'
[scene]
start = 2026-03-14T10:00:00
seconds = 20
[floor]
box = 0,0 10,8
[camera one]
at = 5, 0.4, 3
to = 5, 4, 0.6
size = 320 x 180
fps = 10
[walker one]
start = 5
path = 1,5 9,5
clothes = 40 90 90
SCENE
expect 0 "$footfall" view "sim:$dir/one.ini" --out "$dir/one.html"
# frames FILE: their outlines' and tracks' numbers and nothing else.
frames() { sed -n '/^"frames":/,/^ *<\/script>\|<\/script>/p' "$1" | sed 's/<\/script>.*//'; }
frames "$dir/one.html" | tail -n +2 | tr -d '0-9.,[]{}\n-' | grep -q . &&
	fail "there is other than numbers in the frames"
size=$(frames "$dir/one.html" | wc -c)
[ "$size" -lt 60000 ] || fail "20 s of one person are $size bytes: too many for outlines"

# Where the scene is proven to be empty it is shown.
expect 0 "$footfall" view "sim:$dir/one.ini" --out "$dir/plate.html" --set plate.evidence=4
says "$dir/plate.html" '"plate":"iVBOR'

# A part of it, and what does not go.
expect 0 "$footfall" view "$clip" --out "$dir/part.html" --from 20 --seconds 2 --fps 2
[ "$(frames "$dir/part.html" | wc -l)" = 4 ] || fail "2 s at 2 a second: $(frames "$dir/part.html")"
expect 2 "$footfall" view "$clip"
says "$dir/stderr" "expected --out FILE.html for a page, --events for a list, or both"
expect 2 "$footfall" view --events
says "$dir/stderr" "view: no clip given"
expect 2 "$footfall" view "$clip" --out "$dir/x.html" --fps 0
says "$dir/stderr" "--fps is '0'"
expect 2 "$footfall" view "$clip" --events --from 3
says "$dir/stderr" "go with --out"
expect 1 "$footfall" view "$clip" --out "$dir/x.html" --from 100
says "$dir/stderr" "there is no picture in that part of the clip"
expect 1 "$footfall" view "$clip" --out "$dir/none/x.html"
says "$dir/stderr" "$dir/none/x.html"
[ -e "$dir/x.html" ] && fail "a refused command left a file"
finish
