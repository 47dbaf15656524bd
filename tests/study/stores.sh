#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# stores.sh -- before and after, and matched controls in the same store and in another, over made
# stores in which it is known what changed.
#
# usage: stores.sh BUILD_FOLDER
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$root/tests/line/lib.sh"

# Fruit has 30 % more visits from day 35 on, in the one store only.
"$bin/made_db" "$dir/store.db" Markt 3 70 35 70 30 || fail "no store was made"
"$bin/made_db" "$dir/other.db" Other 8 70 || fail "no store was made"

# design KIND LAST-LINES...
design() {
	cat <<EOF
[study]
name = Fruit
design = $1
hours = 10-20
[before]
from = 2062-01-02
to = 2062-02-05
[after]
from = 2062-02-06
to = 2062-03-12
[metrics]
Fruit = visits:fruit
Door = entries
EOF
	printf '%s\n' "${@:2}"
}
run() {
	expect 0 "$footfall" study register "$1" ${3:+--db "$dir/store.db"}
	expect 0 "$footfall" study run "$1" --db "$dir/store.db" --out "$dir/$2" "${@:3}"
}
design before-after '[holidays]' '2062-02-14 = Tuesday of rest' >"$dir/plain.ini"
design matched-control '[control]' 'Fruit = visits:bread' 'Door = visits:bread' >"$dir/bread.ini"
design matched-control '[control]' 'Fruit = visits:fruit' 'Door = entries' >"$dir/other.ini"

run "$dir/plain.ini" plain
says "$dir/plain/study-fruit.txt" "Fruit: "
says "$dir/plain/study-fruit.txt" "That the change is the cause: season"
says "$dir/plain/study-fruit.txt" "2062-01-11 15-20  not observed"
says "$dir/plain/study-fruit.txt" "2062-01-12 12-13  not observed"
says "$dir/plain/study-fruit.txt" "2062-02-14 10-20  holiday: Tuesday of rest"
run "$dir/bread.ini" bread
says "$dir/bread/study-fruit.txt" "beyond what its control did"
run "$dir/other.ini" other --control-db "$dir/other.db"
says "$dir/other/study-fruit.txt" "Markt against Other"

if command -v python3 >/dev/null; then
	python3 - "$dir"/{plain,bread,other}/study-fruit.json <<'EOF' || fail "not what is known"
import json, sys
plain, bread, other = (json.load(open(f)) for f in sys.argv[1:])
def row(s, label): return next(m for m in s["metrics"] if m["label"] == label)
for s in plain, bread, other:
    m = row(s, "Fruit")
    assert m["lo"] <= 0.30 <= m["hi"], m
    assert m["p_holm"] <= 0.05 or s is other, m  # another store has weather of its own
    m = row(s, "Door")
    assert m["lo"] <= 0 <= m["hi"] and m["p_holm"] > 0.05, m
    assert m["hours_planned_a"] == 350 and m["hours_planned_b"] == 350
    assert m["hours_a"] == 350 - 6, m
    # Holm: with two tests the smaller p counts twice.
    p = sorted(m["p"] for m in s["metrics"])
    assert min(m["p_holm"] for m in s["metrics"]) == min(1, 2 * p[0])
assert row(plain, "Fruit")["hours_b"] == 340
# The weather is the same at the bread: with it taken off smaller changes are found.
def least(s): return row(s, "Door")["minimum_detectable_effect"]
assert least(bread) < 0.8 * least(plain), (least(bread), least(plain))
assert other["control_store"] == "Other" and plain["control_store"] == ""
flows = {f["label"]: f for f in plain["flows"]}
assert sorted(flows) == ["bread, visits", "door, in", "door, out", "fruit, visits"], flows.keys()
assert flows["fruit, visits"]["lo"] > 0 > flows["bread, visits"]["lo"]
assert "not_known_because" in flows["door, out"]  # nobody was counted there
EOF
fi

# The very same store as its own control: no chance in it, and no result made of that.
expect 0 "$footfall" study run "$dir/other.ini" --db "$dir/store.db" \
	--control-db "$dir/store.db" --out "$dir/same"
says "$dir/same/study-fruit.txt" "there is no chance in it"

# A control store that is not there, or is given for nothing.
expect 2 "$footfall" study run "$dir/other.ini" --control-db "$dir/other.db" --out "$dir/none"
expect 1 "$footfall" study run "$dir/other.ini" --db "$dir/store.db" \
	--control-db "$dir/missing.db" --out "$dir/none"
says "$dir/stderr" "missing.db"

# A register that somebody wrote into.
echo 'registered by hand' >>"$dir/plain.ini.registered"
expect 1 "$footfall" study run "$dir/plain.ini" --db "$dir/store.db" --out "$dir/none"
says "$dir/stderr" "plain.ini.registered:2: expected a hash"
rm "$dir/plain.ini.registered"
expect 0 "$footfall" study run "$dir/plain.ini" --db "$dir/store.db" --out "$dir/hint"
says "$dir/hint/study-fruit.txt" "never registered"
[ -e "$dir/none" ] && fail "a failed run left a folder"
finish
