#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# bench.sh BUILD -- what 'footfall bench' prints, whatever the figures are.
set -u
footfall=$1/footfall
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp" || exit 1
failed=0

fail()
{
	echo "FAILED: $*"
	failed=1
}

"$footfall" bench background --size 64x48 --frames 2 --csv > out 2> err || fail "$(cat err)"
[ ! -s err ] || fail "unexpected message: $(cat err)"
head -1 out | grep -qx "backend,level,width,height,frames,model_ns_per_px,model_fps,stage_ns_per_px,stage_fps,times_mog2" ||
	fail "head: $(head -1 out)"
for row in knn, mog2, mcw,scalar; do
	grep -q "^$row" out || fail "no row $row"
done
number='[0-9]+\.[0-9]+'
tail -n +2 out | grep -vqE "^[a-z0-9]+,[a-z0-9]*,64,48,2(,$number){5}\$" && fail "rows: $(cat out)"
grep -qE '^mog2,.*,1\.00$' out || fail "MOG2 is not once itself: $(cat out)"

"$footfall" bench background --size 64x48 --frames 1 > table || fail "table: status $?"
[ "$(grep -cE '^(knn|mog2|mcw) ' table)" -eq "$(($(wc -l < out) - 1))" ] ||
	fail "table: $(cat table)"

"$footfall" bench sim --size 64x36 --frames 2 --csv > out 2> err || fail "sim: $(cat err)"
[ ! -s err ] || fail "unexpected message: $(cat err)"
head -1 out | grep -qx "what,width,height,people,unit,per_second" || fail "head: $(head -1 out)"
for row in pictures,64,36,10,pictures boxes,64,36,10,pictures 'crowd,0,0,[0-9]+,s' 'tracks,0,0,[0-9]+,s'; do
	grep -qE "^$row,$number\$" out || fail "no row $row: $(cat out)"
done
"$footfall" bench sim --size 64x36 --frames 1 > table || fail "table: status $?"
grep -qE '^pictures +[0-9]+ pictures a second, 64x36, 10 people' table || fail "table: $(cat table)"

# A scene is counted, and reported, and nothing is left behind.
mkdir tmp
cat > shop.ini << END
[scene]
name = Shop
seconds = 60
plan = shop.plan.json
[floor]
box = 0,0 10,10
[portal west]
at = 0.3,8.2 0.3,9.6
[portal east]
at = 9.7,8.2 9.7,9.6
[camera inside]
at = 5,1,3
to = 5,8,1
[people]
passers = 600
END
echo '{"format": "footfall-plan-1", "lines": [{"name": "door", "coords": "metres",
 "points": [[5, 7], [5, 10]]}]}' > shop.plan.json
TMPDIR=$tmp/tmp "$footfall" bench count shop.ini --csv > out 2> err || fail "count: $(cat err)"
[ ! -s err ] || fail "unexpected message: $(cat err)"
head -1 out | grep -qx "seconds,people,sightings,count_s,database_mb,report_s" ||
	fail "head: $(head -1 out)"
tail -n +2 out | grep -qxE "60,[1-9][0-9]*,[1-9][0-9]*(,$number){3}" || fail "count: $(cat out)"
[ -z "$(ls tmp)" ] || fail "left behind: $(ls tmp)"

# refuses TEXT ARG...: status 2 and one line that says TEXT.
refuses()
{
	local text=$1
	shift
	"$footfall" bench "$@" > out 2> err
	[ $? -eq 2 ] && [ ! -s out ] && [ "$(wc -l < err)" -eq 1 ] && grep -qF -- "$text" err ||
		fail "bench $*: $(cat out err)"
}
refuses "expected what to measure"
refuses "expected what to measure: background, count or sim" decoding
refuses "bench count: expected one scene" count
refuses "bench count: expected one scene" count shop.ini --frames 3
"$footfall" bench count none.ini > out 2> err && fail "counts without a scene"
grep -q "none.ini" err || fail "no scene: $(cat err)"
refuses "--size is '64'" background --size 64
refuses "--size is '8x48'" background --size 8x48
refuses "--frames is '0'" background --frames 0
exit $failed
