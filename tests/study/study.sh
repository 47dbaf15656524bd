#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# study.sh -- a switch-back study as somebody does it: registered, the store run (simulated, an
# hour a day) as the printed schedule says, worked out; then with the design changed.
#
# usage: study.sh BUILD_FOLDER
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$root/tests/line/lib.sh"

# Days to come, so that the design is registered before them. B has 75 % more shoppers.
design() {
	cat <<EOF
[study]
name = A table at the door & "more"
design = switch-back
hours = 10-11
block_days = 1
coverage = 60 %
target = $1
[schedule]
from = 2061-03-07
blocks = 28
order = lot
[metrics]
Entries = entries
Length of stay at the table = dwell:table
[exclude]
2061-03-20 = the alarm rang all day
EOF
}
design '20 %' >"$dir/door.ini"
expect 0 "$footfall" study register "$dir/door.ini"
says "$dir/stdout" "design $(sha256sum <"$dir/door.ini" | cut -d' ' -f1)"
grep 'layout [AB]' "$dir/stdout" >"$dir/schedule"

layout=A
for day in {0..27}; do
	date=$(date -u -d "2061-03-07 + $day days" +%F)
	now=$(sed -n "s/.*$date .*layout \(.\)/\1/p" "$dir/schedule")
	layout=${now:-$layout}
	shoppers=120
	[ $layout = A ] || shoppers=210
	sed -e "s/^start = .*/start = ${date}T10:00:00/" -e "s/^shoppers = .*/shoppers = $shoppers/" \
		-e "s#^plan = .*#plan = $root/samples/scenes/door.plan.json#" \
		"$root/samples/scenes/door.ini" >"$dir/scene.ini"
	seconds=2400
	[ $day = 5 ] && seconds=1200 # the camera goes dark
	"$footfall" sim "$dir/scene.ini" --no-pictures --seconds $seconds --seed $day \
		--db "$dir/store.db" >/dev/null || fail "day $day was not simulated"
done

expect 0 "$footfall" study run "$dir/door.ini" --db "$dir/store.db" --out "$dir/first"
name=study-a-table-at-the-door-more
says "$dir/stdout" "Entries: "
says "$dir/stdout" " % higher under layout B than under layout A"
says "$dir/stdout" "was decided by lot"
says "$dir/stdout" "That “Length of stay at the table” changed"
says "$dir/stdout" "2061-03-12 10-11  observed in part only"
says "$dir/stdout" "2061-03-20 10-11  the alarm rang all day"
grep -q 'CHANGED\|never registered' "$dir/stdout" && fail "a registered design is doubted"
says "$dir/first/$name.html" "A table at the door &amp; &quot;more&quot;"
says "$dir/first/$name.html" "$(sha256sum <"$dir/door.ini" | cut -d' ' -f1)"

# The effect that there is lies within the interval, and the JSON is as its schema says.
if command -v python3 >/dev/null; then
	python3 - "$dir/first/$name.json" <<'EOF' || fail "the effect is not found"
import json, sys
s = json.load(open(sys.argv[1]))
m = s["metrics"][0]
assert m["lo"] <= 0.75 <= m["hi"] and m["p_holm"] <= 0.05, m
assert m["hours_planned_a"] + m["hours_planned_b"] == 28 and m["blocks_a"] == 12, m
assert s["registered"]["this_design"] and not s["registered"]["changed"], s["registered"]
assert [x["day"] for x in s["left_out"]] == ["2061-03-12", "2061-03-20"], s["left_out"]
assert s["left_out"][0]["metrics"] == ["Entries", "Length of stay at the table"]
EOF
	python3 "$root/tests/report/check_schema.py" "$root/src/study/study.schema.json" \
		"$dir/first/$name.json" || [ $? = 77 ] || fail "not as the schema says"
fi

# Again: the same bytes. With another target: another design, said loudly.
expect 0 "$footfall" study run "$dir/door.ini" --db "$dir/store.db" --out "$dir/second"
for form in html json txt; do
	same "$dir/first/$name.$form" "$dir/second/$name.$form" "a second run"
done
design '10 %' >"$dir/door.ini"
expect 0 "$footfall" study run "$dir/door.ini" --db "$dir/store.db" --out "$dir/third"
says "$dir/third/$name.txt" "THE DESIGN WAS CHANGED"
says "$dir/third/$name.html" "THE DESIGN WAS CHANGED"
expect 0 "$footfall" study register "$dir/door.ini"
says "$dir/stdout" "THE DESIGN WAS CHANGED"
expect 0 "$footfall" study run "$dir/door.ini" --db "$dir/store.db" --out "$dir/fourth"
says "$dir/fourth/$name.txt" "THE DESIGN WAS CHANGED"

# Days that are over: what such a design could find.
sed -e 's/2061-03-07/2061-04-04/' -e 's/blocks = 28/blocks = 40/' "$dir/door.ini" >"$dir/next.ini"
expect 0 "$footfall" study register "$dir/next.ini" --db "$dir/store.db"
says "$dir/stdout" "what it may find, judged by 2061-03-07 to 2061-04-03"
says "$dir/stdout" "with 80 % probability"
rm "$dir/next.ini.registered"

# What is wrong is said in one line, and nothing is written.
refused() {
	expect "$1" "${@:3}"
	says "$dir/stderr" "$2"
	[ "$(wc -l <"$dir/stderr")" = 1 ] || fail "more than one line: $(cat "$dir/stderr")"
}
refused 1 "the file has 2061-03-07 to 2061-04-03" "$footfall" study run "$dir/next.ini" \
	--db "$dir/store.db" --out "$dir/none"
[ -e "$dir/none" ] && fail "a failed run left a folder"
sed -e 's/dwell:table/dwell:tabel/' "$dir/door.ini" >"$dir/tabel.ini"
refused 1 "no zone is called 'tabel'" "$footfall" study run "$dir/tabel.ini" \
	--db "$dir/store.db" --out "$dir/none"
sed -e 's/hours = 10-11/hours = ten/' "$dir/door.ini" >"$dir/ten.ini"
refused 2 "$dir/ten.ini:4: [study] hours: 'ten'; expected hours like 9-21" \
	"$footfall" study register "$dir/ten.ini"
refused 2 "study run needs --out DIR" "$footfall" study run "$dir/door.ini" --db "$dir/store.db"
refused 2 "expected 'study register FILE'" "$footfall" study

finish
