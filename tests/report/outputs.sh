#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# outputs.sh -- two simulated stretches of days through 'footfall report', and each file read by
# somebody else's reader: strict CSV, JSON against its schema, the workbook's XML, PNG.
#
# usage: outputs.sh BUILD_FOLDER
set -e
bin=$1
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
command -v python3 >/dev/null || { echo "skipped: needs python3"; exit 77; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

for day in 13 14; do
	sed -e "s/^start = .*/start = 2026-03-${day}T10:00:00/" \
		-e "s#^plan = .*#plan = $root/samples/scenes/store.plan.json#" \
		"$root/samples/scenes/store.ini" >"$dir/day$day.ini"
	"$bin/footfall" sim "$dir/day$day.ini" --no-pictures --seconds 1200 --seed "$day" \
		--db "$dir/store.db" >/dev/null
done
cat >"$dir/store.ini" <<EOF
[store]
hours = mon-sat 10:10-20:00
[files]
holidays = $root/samples/holidays.csv
EOF
report() {
	"$bin/footfall" report --db "$dir/store.db" --config "$dir/store.ini" "$@" >"$dir/said"
}
report --day 2026-03-14 --out "$dir/day" --sales "$root/samples/sales.csv" \
	--roster "$root/samples/roster.csv" --layout hikvision --layout axis-counter \
	--layout axis-queue
report --from 2026-03-09 --to 2026-03-14 --bucket week --out "$dir/week"
report --from 2026-03-09 --to 2026-03-14 --bucket week --out "$dir/again"
# Every file is named, and the same again.
for f in "$dir"/week/*; do
	grep -qx "$dir/again/$(basename "$f")" "$dir/said" || { echo "$f is not named"; exit 1; }
	cmp "$f" "$dir/again/$(basename "$f")"
done
python3 "$here/check_outputs.py" "$dir/day" "$dir/week"
for f in "$dir"/day/*.json "$dir"/week/*.json; do
	python3 "$here/check_schema.py" "$root/src/report/report.schema.json" "$f" ||
		[ $? = 77 ] || { echo "$f is not as its schema says"; exit 1; }
done
