#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# predict.sh -- forecasts of a made store as somebody asks for them.
#
# usage: predict.sh BUILD_FOLDER
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$root/tests/line/lib.sh"

predict() {
	expect "$1" "$footfall" predict --db "$dir/store.db" "${@:2}"
}
one_line() {
	says "$dir/stderr" "$1"
	[ "$(wc -l <"$dir/stderr")" = 1 ] || fail "more than one line: $(cat "$dir/stderr")"
}

# Twelve weeks; the last day is Sunday, 26 March 2062, when clocks go forward.
"$bin/made_db" "$dir/store.db" '=Markt, "Nord"' 4 84 || fail "no store was made"
cat >"$dir/holidays.csv" <<EOF
date,name,opens,closes
2062-03-29,A first holiday,,
2062-03-31,Long Friday,12:00,16:00
EOF
cat >"$dir/settings.ini" <<EOF
[store]
hours = mon-sat 10:00-20:00
[files]
holidays = $dir/holidays.csv
EOF
predict 0 --days 9 --per-associate 12 --out "$dir/first"
says "$dir/stdout" "the last 28 days, forecast as if they had not been yet"
says "$dir/stdout" "learned from 2062-01-02 to 2062-03-26"
files=$dir/first/markt-nord-ahead-2062-03-27
for form in html csv json; do
	says "$dir/stdout" "$files.$form"
done
says "$files.html" "=Markt, &quot;Nord&quot;"
predict 0 --days 9 --per-associate 12 --out "$dir/second"
for form in html csv json; do
	same "$files.$form" "$dir/second/markt-nord-ahead-2062-03-27.$form" "a second run"
done

# With opening hours and holidays: Sundays are closed, of holidays nothing is known.
predict 0 --days 9 --per-associate 12 --config "$dir/settings.ini" --out "$dir/open"
says "$dir/stdout" "Friday 31 March 2062 (Long Friday)"

if command -v python3 >/dev/null; then
	python3 - "$files" "$dir/open/markt-nord-ahead-2062-03-27" <<'EOF' || fail "the files are not as they should be"
import csv, json, math, sys
free, opened = (json.load(open(f + ".json")) for f in sys.argv[1:])
rows = list(csv.DictReader(open(sys.argv[1] + ".csv", newline=""), strict=True))
assert rows[0]["store"] == "'=Markt, \"Nord\"", rows[0]
assert [r["date"] for r in rows if r["kind"] == "day"] == [d["date"] for d in free["days"]]
for d in free["days"]:
    hours = [h for h in d["hours"] if h["expected"] is not None]
    assert len(hours) == 10, d["date"]
    assert abs(sum(h["expected"] for h in hours) - d["expected"]) < 0.1
    assert d["lo"] < d["expected"] < d["hi"]
    assert d["staff"] == sum(h["staff"] for h in hours)
    for h in hours:
        assert h["lo"] <= h["expected"] <= h["hi"]
        assert h["staff"] == max(1, math.ceil(h["expected"] / 12)), h
        assert h["staff_hi"] == max(1, math.ceil(h["hi"] / 12)), h
    # Local hours: after the change of the clock 10:00 is 08:00 UTC.
    assert hours[0]["start_local"].endswith("T10:00:00+02:00"), hours[0]
    assert hours[0]["start_utc"].endswith("T08:00:00Z"), hours[0]
    same = [r for r in rows if r["kind"] == "hour" and r["date"] == d["date"]]
    assert [float(r["expected"]) for r in same] == [
        float("%.2f" % h["expected"]) for h in hours] or all(
        abs(float(r["expected"]) - h["expected"]) < 0.01 for r, h in zip(same, hours))
saturday, tuesday = free["days"][5], free["days"][1]
assert saturday["expected"] > 1.6 * tuesday["expected"]
b = free["back_test"]["by_hour"]
assert b["wape"] < b["last_week_wape"] and b["mase"] < 1, b
assert 0.7 < b["within_interval"] < 0.9, b
days = {d["date"]: d for d in opened["days"]}
for date in "2062-03-29", "2062-03-31", "2062-04-02":
    assert days[date]["expected"] is None and days[date]["staff"] is None, days[date]
assert len(days["2062-03-31"]["hours"]) == 4  # open 12 to 16, and not known
assert days["2062-04-02"]["hours"] == [] and days["2062-03-29"]["hours"] == []
assert days["2062-03-30"]["expected"] > 0
EOF
	for f in "$dir"/*/*.json; do
		python3 "$root/tests/report/check_schema.py" "$root/src/study/predict.schema.json" \
			"$f" || [ $? = 77 ] || fail "$f is not as the schema says"
	done
fi

predict 0 --what visits:fruit --days 1
says "$dir/stdout" "visits of fruit"

# A short history is a line, not a guess.
"$bin/made_db" "$dir/young.db" Young 4 11
expect 1 "$footfall" predict --db "$dir/young.db" --out "$dir/none"
one_line "a forecast needs at least 3 weeks of observed days; has 1.5"
[ -e "$dir/none" ] && fail "a failed forecast left a folder"

predict 2 --days 29
one_line "--days 29: expected 1 to 28"
predict 2 --days 1.5
one_line "--days 1.5: expected a whole number"
predict 2 --interval most
one_line "--interval most: expected 50 to 99"
predict 2 --per-associate 0
one_line "--per-associate 0: expected 0.1 to 1e+06"
predict 2 --what capture
one_line "--what capture: a ratio"
predict 2 --what vists:fruit
one_line "'vists:fruit' is no measure; expected one of entries"
predict 1 --what visits:tills
one_line "no zone is called 'tills'; there are 'hall/bread', 'hall/fruit'"
expect 2 "$footfall" predict
one_line "predict needs --db FILE"
finish
