#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# footage.sh -- the whole line over real footage with ground truth, where that is at hand beside
# the checkout (its terms forbid to keep it here). The limits are well under what is reached
# (README): they catch a broken stage, not a changed one.
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
data=$here/../../../shared/data
if [ ! -d "$data" ]; then
	echo "skipped: no footage in ../shared/data"
	exit 77
fi

# score CLIP MOTA IDF1: tracks are at least so good, in percent.
score() {
	expect 0 "$footfall" replay "$data/$1" --mot "$dir/tracks.txt"
	expect 0 "$footfall" eval mot --truth "$data/$(dirname "$1")/gt.txt" \
		--tracks "$dir/tracks.txt" --json
	for limit in "MOTA:$2" "IDF1:$3"; do
		got=$(sed -n "s/.*\"${limit%%:*}\": *\(-\{0,1\}[0-9.]*\).*/\1/p" "$dir/stdout" | head -n 1)
		echo "$1: ${limit%%:*} $got"
		awk "BEGIN { exit !(\"$got\" != \"\" && 100 * $got >= ${limit##*:}) }" ||
			fail "$1: ${limit%%:*} is '$got', expected at least 0.${limit##*:}"
	done
}
score pets2009_s2l1/video.avi 65 65
score caviar_mall_corridor/video.mp4 30 60
score lobby_walkthrough/video.mp4 75 80

# 15 people cross the middle of the picture to the right, 17 to the left.
expect 0 "$footfall" replay "$data/pets2009_s2l1/video.avi" --config "$here/../../samples/store.ini" \
	--plan "$here/../../samples/store.plan.json" --out "$dir/out"
for want in in:15 out:17; do
	n=$(grep -c ",line,middle,${want%%:*}," "$dir/out/events.csv")
	echo "pets2009_s2l1: $n ${want%%:*} of ${want##*:}"
	[ $((n - ${want##*:})) -ge -3 ] && [ $((n - ${want##*:})) -le 3 ] ||
		fail "$n crossings ${want%%:*}, expected ${want##*:}"
done
finish
