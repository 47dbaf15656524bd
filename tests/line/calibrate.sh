#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# calibrate.sh -- 'footfall calibrate' from outside: a simulated shop's camera found in several
# ways, what is counted with it, and what bad input is told.
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"

cat >"$dir/shop.ini" <<'SCENE'
[scene]
name = shop
time_zone = UTC
start = 2026-03-14T10:00:00
seconds = 150
plan = shop.plan.json
[floor]
box = 0,0 16,16
kind = tiles
[camera one]
at = 8, 0.5, 3
to = 8, 5.696152, 0
fov = 80
size = 640 x 360
fps = 8
[light one]
at = 3, 3, 4
[light two]
at = 12, 12, 4
[portal west]
at = 0.3,1 0.3,15
[portal east]
at = 15.7,1 15.7,15
[portal north]
at = 1,15.7 15,15.7
[portal south]
at = 4,0.3 12,0.3
[people]
passers = 900
group = 1 0 0 0
SCENE
cat >"$dir/shop.plan.json" <<'PLAN'
{ "format": "footfall-plan-1",
  "lines": [{ "name": "across", "coords": "metres", "points": [[8, 2.5], [8, 13]],
    "in": "east", "out": "west" }] }
PLAN
clip="sim:$dir/shop.ini"

# Floor points as an installer would measure them, 30 degrees down, half a pixel off now and then,
# one of them mixed up.
awk 'BEGIN {
	f = 320 / 0.8390996312; c = cos(3.14159265358979 / 6); s = 0.5
	print "x,y,east,north,name"
	n = split("8 3 5 4 11 4 6 6 10 6 8 8 4 9 12 9 7 11 9.5 10 5 3.5 11 7", v, " ")
	for (i = 1; i < n; i += 2) {
		y = v[i + 1] - 0.5; d = y * c + 3 * s
		east = v[i] + (i == 7 ? 1 : 0)
		printf "%.1f,%.1f,%s,%s,tile %d\n", 320 + f * (v[i] - 8) / d,
			180 + f * (3 * c - y * s) / d, east, v[i + 1], (i + 1) / 2
	}
}' >"$dir/pairs.csv"
expect 0 "$footfall" calibrate points "$clip" --pairs "$dir/pairs.csv" --out "$dir/points.json"
says "$dir/stderr" "point 'tile 4' contradicts the others by"
says "$dir/stdout" "11 of 12 points used"
# number FILE KEY N LO HI: the N-th number of a member.
number() {
	v=$(sed -n "s/^.*\"$2\": *//p" "$1" | tr -d '[],' | awk -v n="$3" '{ print $n }')
	awk -v v="$v" -v lo="$4" -v hi="$5" 'BEGIN { exit !(v >= lo && v <= hi) }' ||
		fail "$1: $2 is $v, expected $4 to $5"
}
number "$dir/points.json" at 1 7.95 8.05
number "$dir/points.json" at 3 2.95 3.05
number "$dir/points.json" hfov_deg 1 79 81
number "$dir/points.json" roll_deg 1 -0.3 0.3

# What is counted with it is what is counted with the camera that the scene knows.
expect 0 "$footfall" replay "$clip" --out "$dir/true"
expect 0 "$footfall" replay "$clip" --calib "$dir/points.json" --out "$dir/found"
lines() { grep -c ',across,' "$1/events.csv"; }
a=$(lines "$dir/true") b=$(lines "$dir/found")
[ "$a" -ge 6 ] && [ "$b" -ge $((a - 1)) ] && [ "$b" -le $((a + 1)) ] ||
	fail "$b crossings counted with measured points, $a with the true camera"

# People alone, and an aisle of 6 m from (8, 3) to (8, 9); the picture shows no person.
expect 0 "$footfall" calibrate people "$clip" --apart 320,320.3,320,108.9,6 \
	--out "$dir/people.json" --picture "$dir/people.png"
number "$dir/people.json" at 3 2.75 3.25
number "$dir/people.json" roll_deg 1 -1.5 1.5
grep -q "NOT known" "$dir/stderr" && fail "metres are known, and it says they are not"
head -c 8 "$dir/people.png" | od -An -c | grep -q 'P *N *G' || fail "no PNG"
expect 0 "$footfall" calibrate people "$clip"
says "$dir/stderr" "metres are NOT known"

# What holds, and what does not any more: the camera was lowered.
expect 0 "$footfall" calibrate check "$clip" --calib "$dir/points.json"
says "$dir/stdout" "with 95 %"
expect 0 "$footfall" calibrate check "$clip"
sed 's/"at": \[\([^,]*\), \([^,]*\), 3[0-9.]*\]/"at": [\1, \2, 2.2]/; s/"at": \[\([^,]*\), \([^,]*\), 2\.9[0-9]*\]/"at": [\1, \2, 2.2]/' \
	"$dir/points.json" >"$dir/low.json"
expect 1 "$footfall" calibrate check "$clip" --calib "$dir/low.json"
says "$dir/stderr" "hold: 1."

# Others' files: Tsai's form, and a homography.
cat >"$dir/tsai.xml" <<'XML'
<Camera name="x">
<Geometry width="768" height="576" ncx="7.95e+02" nfx="7.52e+02" dx="4.85e-03" dy="4.65e-03" dpx="5.1273271277e-03" dpy="4.65e-03"/>
<Intrinsic focal="5.5549183034" kappa1="5.1113043639e-03" cx="3.2422149053e+02" cy="2.8256650051e+02" sx="1.0937855397"/>
<Extrinsic tx="8.2873214225e+02" ty="-3.1754796051e+03" tz="3.5469298547e+04" rx="2.0405458695" ry="-8.9337703748e-01" rz="-4.3056124791e-01"/>
</Camera>
XML
expect 0 "$footfall" calibrate points --convert "$dir/tsai.xml" --out "$dir/tsai.json"
number "$dir/tsai.json" at 3 7.0 7.1
expect 0 "$footfall" calibrate points --convert "$dir/tsai.json" --out "$dir/again.json"
number "$dir/again.json" at 3 7.0 7.1
printf '# from pixels\n0.01 0 -3.2\n0 -0.02 7.2\n0 0.001 0.5\n' >"$dir/h.txt"
expect 0 "$footfall" calibrate points --convert "$dir/h.txt" --size 640x360 --out "$dir/h.json"
says "$dir/h.json" floor_from_img
expect 2 "$footfall" calibrate points --convert "$dir/h.txt"
says "$dir/stderr" "give --size WxH"

# A checkerboard: the lens, and with the board on the floor the camera.
"$bin/make_board" views >"$dir/views.y4m"
"$bin/make_board" floor >"$dir/floor.y4m"
expect 0 "$footfall" calibrate board "$dir/views.y4m" --board 9x6 --square .06 --out "$dir/lens.json"
number "$dir/lens.json" hfov_deg 1 74 76
number "$dir/lens.json" k1 1 -0.14 -0.10
expect 2 "$footfall" replay "$clip" --calib "$dir/lens.json"
says "$dir/stderr" "has a lens but not where the camera hangs"
expect 0 "$footfall" calibrate board "$dir/views.y4m" --board 9x6 --square .06 \
	--on-floor "$dir/floor.y4m" --out "$dir/board.json"
number "$dir/board.json" at 3 1.17 1.23
expect 1 "$footfall" calibrate board "$dir/floor.y4m" --board 9x6 --square .06
says "$dir/stderr" "seen in 1 of 1 pictures"

# Bad input gets a line that says where and what, and leaves nothing behind.
printf 'x,y,east,north\n1,2,3,4\n5,six,7,8\n' >"$dir/bad.csv"
expect 2 "$footfall" calibrate points "$clip" --pairs "$dir/bad.csv" --out "$dir/none.json"
says "$dir/stderr" "bad.csv': line 3: expected x,y,east,north"
expect 2 "$footfall" calibrate points "$clip" --pair 1,2,3 --out "$dir/none.json"
says "$dir/stderr" "--pair: '1,2,3' is not X,Y,E,N"
expect 2 "$footfall" calibrate points "$clip" --pair 1,2,3,4
says "$dir/stderr" "1 points, expected 4 to 50"
expect 2 "$footfall" calibrate points --pair 1,2,3,4
says "$dir/stderr" "give a clip or --size WxH"
expect 2 "$footfall" calibrate people "$clip" --apart 900,1,1,1,5
says "$dir/stderr" "--apart: 900,1 is outside the picture"
expect 2 "$footfall" calibrate people "$clip" --board 9x6
says "$dir/stderr" "--board is for 'calibrate board'"
expect 2 "$footfall" calibrate by-guess
says "$dir/stderr" "expected points, people, board or check"
expect 1 "$footfall" calibrate people "$dir/views.y4m"
says "$dir/stderr" "people seen alone and whole, expected 60 or more"
[ -e "$dir/none.json" ] && fail "a refused command left a file"
finish
