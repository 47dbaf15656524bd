#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# threads.sh -- all that is written is the same for any number of threads, and threads end when
# they are told to.
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
scene=$here/../../samples/scenes/plain.ini

clip=$dir/20260314_093000.y4m
"$bin/make_clip" --seconds 12 "$clip" >/dev/null || fail "make_clip"
for what in "$clip" "sim:$scene?seconds=6"; do
	for n in 1 2 5; do
		expect 0 "$footfall" replay "$what" --threads $n --out "$dir/out$n" \
			--mot "$dir/$n.txt" --db "$dir/$n.db"
	done
	for n in 2 5; do
		same "$dir/1.txt" "$dir/$n.txt" "tracks of $what with $n threads"
		for f in "$dir"/out1/*; do
			case $f in
			*.db) ;;
			*) same "$f" "$dir/out$n/$(basename "$f")" "with $n threads" ;;
			esac
		done
	done
	rm -rf "$dir"/out? "$dir"/?.db
done

"$footfall" replay "sim:$scene" --threads 5 --db "$dir/early.db" >"$dir/stdout" 2>"$dir/stderr" &
pid=$!
while ! [ -s "$dir/early.db" ] && kill -0 $pid 2>/dev/null; do :; done
kill -INT $pid
wait $pid
status=$?
[ $status = 1 ] || [ $status = 0 ] || fail "a stopped replay ended with $status: $(cat "$dir/stderr")"
finish
