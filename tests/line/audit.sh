#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# audit.sh -- an audit from the sample to the report, and what 'explain' says of a minute, over a
# simulated clip whose people are known.
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"

clip="sim:$here/../../samples/scenes/plain.ini?seconds=125"
db=$dir/store.db
expect 0 "$footfall" sim "$here/../../samples/scenes/plain.ini" --no-pictures --seconds 125 \
	--truth "$dir/truth"
expect 0 "$footfall" replay "$clip" --db "$db" --out "$dir/out"

# ---- audit ----

# The form tells nothing of what was counted.
expect 0 "$footfall" audit pick --db "$db" --minutes 1 --samples 2 --out "$dir/form.csv"
expect 0 "$footfall" audit pick --db "$db" --minutes 1 --samples 2
same "$dir/form.csv" "$dir/stdout" "the same sample twice"
says "$dir/form.csv" "camera,line,start,minutes,stratum,weight,in,out"
says "$dir/form.csv" ",door,2026-03-14T10:00:00+01:00,1,"
awk 'NR > 1 && !/,,$/ { exit 1 }' "$dir/form.csv" || fail "the form has counts in it"
expect 1 "$footfall" audit pick --db "$db" --minutes 1 --line window
says "$dir/stderr" "there is no line 'window'"

# A page for each sample of this camera, and no track in it.
expect 0 "$footfall" audit play "$clip" \
	--form "$dir/form.csv" --out "$dir/pages"
page=$dir/pages/door-2026-03-14-1000.html
[ -s "$page" ] || fail "there is no page of the first sample"
says "$page" '"sample":{"camera":"'
says "$page" '"file":"door-2026-03-14-1000.csv"'
grep -qE '^\[[0-9]+,\[.*\],\[\]\]' "$page" || fail "the page has no frames, or tracks in them"

# The truth as a person would count it, minute by minute.
awk -F, -v OFS=, 'NR == FNR { n[substr($1, 15, 2), $3, $4]++; next }
	FNR > 1 { $7 = n[substr($3, 15, 2), $2, "in"] + 0; $8 = n[substr($3, 15, 2), $2, "out"] + 0 }
	1' "$dir/truth/crossings.csv" "$dir/form.csv" >"$dir/counted.csv"
expect 0 "$footfall" audit result --db "$db" --counts "$dir/counted.csv" --dry-run
says "$dir/stdout" "more samples needed"
expect 0 "$footfall" report --db "$db" --out "$dir/before"
expect 0 "$footfall" audit result --db "$db" --counts "$dir/counted.csv" --json
says "$dir/stdout" '"format": "footfall-audit-1"'
expect 0 "$footfall" report --db "$db" --out "$dir/after"
says "$dir/stdout" "Audit of door, in: "
grep -qh "Audit" "$dir"/before/*.html && fail "a dry run was kept"
says "$(ls "$dir"/after/*.html)" "Audits: counted by hand, too"
says "$(ls "$dir"/after/*.json)" '"ranges": {"crossings_in": ['
expect 2 "$footfall" audit result --counts "$dir/counted.csv"
expect 2 "$footfall" audit result --db "$db"
expect 2 "$footfall" audit pick --db "$db" --counts x
expect 2 "$footfall" audit count
expect 1 "$footfall" audit result --db "$db" --counts "$dir/nothing.csv"
expect 1 "$footfall" audit play "$clip" --form "$dir/form.csv" \
	--set camera.name=other --out "$dir/none"
says "$dir/stderr" "no sample is of camera 'other'"

# ---- explain ----

explain() {
	"$footfall" explain "$clip" --line door "$@"
}

# Every crossing of the minute that was counted, with its time and direction, and by its rule.
expect 0 explain --at 10:00 --db "$db" --out "$dir/why.html"
cp "$dir/stdout" "$dir/why.txt"
says "$dir/why.txt" "line 'door', 2026-03-14T10:00:00+01:00, 1 min: "
says "$dir/why.txt" "the database has the same number of events"
awk -F, '$4 == "line" && $5 == "door" && $2 ~ /T10:00:/ {
	print substr($2, 12, 10), $7, $6 }' "$dir/out/events.csv" | sort >"$dir/events.txt"
awk '/ counted / && !/not counted/ { print $1, $3, $4 }' "$dir/why.txt" | sort >"$dir/told.txt"
[ -s "$dir/events.txt" ] || fail "nobody was counted in the first minute"
same "$dir/events.txt" "$dir/told.txt" "crossings counted and explained"
says "$dir/why.txt" "got clear of the line on the other side"
says "$dir/why.html" "<svg"
grep -q '<img\|://' "$dir/why.html" && fail "the page has a picture or a link in it"

# From the events alone: the same crossings, and the word that the others are not known.
expect 0 "$footfall" explain --db "$db" --line door --at 2026-03-14T10:00
awk '/ counted / && !/not counted/ { print $1, $3, $4 }' "$dir/stdout" | sort >"$dir/stored.txt"
same "$dir/events.txt" "$dir/stored.txt" "crossings counted and stored"
says "$dir/stdout" "paths are not, so who did not count is not known"
expect 0 "$footfall" explain --db "$db" --line door --at 2026-03-14T11:00
says "$dir/stdout" "not observed, so nothing was counted"

expect 1 explain --at 08:00
says "$dir/stderr" "the clip runs from 2026-03-14T10:00:00+01:00"
expect 2 explain --at soon
says "$dir/stderr" "--at is 'soon'"
expect 2 "$footfall" explain "$clip" --line gate --at 10:00
says "$dir/stderr" "the plan has no line 'gate'; its lines: 'door'"
expect 2 "$footfall" explain --line door --at 10:00
expect 2 "$footfall" explain --db "$db" --line door
finish
