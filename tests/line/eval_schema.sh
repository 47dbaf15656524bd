#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# eval_schema.sh -- what 'footfall eval --json' prints has the form of eval.schema.json.
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
check=$here/../report/check_schema.py
schema=$here/../../src/eval/eval.schema.json
scene=$here/../../samples/scenes/plain.ini

expect 0 "$footfall" sim "$scene" --seconds 1200 --no-pictures --truth "$dir/truth" \
	--out "$dir/out" --db "$dir/store.db"
printf '1,1,0,0,10,20,1,1,0.9,2,3\n2,1,0,0,10,20,1,1,0.9,2,3\n' >"$dir/gt.txt"
printf '2,1,0,0,10,20,1,2.5,3,0\n' >"$dir/tracks.txt"
: >"$dir/nobody.txt"

# conforms ARG...: of 'footfall eval'.
conforms() {
	expect 0 "$footfall" eval "$@" --json
	python3 "$check" "$schema" "$dir/stdout" >"$dir/said"
	status=$?
	[ $status = 77 ] && { cat "$dir/said"; exit 77; }
	[ $status = 0 ] || fail "eval $1: $(head -n 3 "$dir/said")"
}
conforms mot --truth "$dir/gt.txt" --tracks "$dir/tracks.txt" --visible 0.3
conforms mot --truth "$dir/gt.txt" --tracks "$dir/nobody.txt"
conforms count --truth "$dir/truth/crossings.csv" --events "$dir/out/events.csv"
# Exact tracks are counted exactly.
says "$dir/stdout" '"WAPE_range": [0.000000000, 0.000000000]'
conforms occupancy --truth "$dir/truth/occupancy.csv" --events "$dir/out/events.csv" --entry door
says "$dir/stdout" '"place": "(store)"'
conforms dwell --truth "$dir/truth/visits.csv" --events "$dir/out/events.csv"
says "$dir/stdout" '"place": "entrance"'
conforms measures --truth "$dir/truth/measures.csv" --db "$dir/store.db"
says "$dir/stdout" '"measure": "exposed", "by": "rule"'
# A form that is not the schema's is told.
printf '{"format": "footfall-eval-1", "what": "dwell"}' >"$dir/bad.json"
python3 "$check" "$schema" "$dir/bad.json" >"$dir/said" && fail "a document without figures passes"
finish
