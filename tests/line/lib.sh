# SPDX-License-Identifier: Apache-2.0
# lib.sh -- for the scripts that run the program as a person would; sourced with the folder of
# the built programs as $1.

bin=$1
footfall=$bin/footfall
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
failed=0

fail() {
	echo "FAILED: $*"
	failed=1
}

# same A B WHAT: two files are equal, byte by byte.
same() {
	cmp -s "$1" "$2" || { fail "$3: '$1' and '$2' differ"; diff "$1" "$2" | head -n 10; }
}

# expect STATUS COMMAND...: ends with that status; output in $dir/stdout and $dir/stderr.
expect() {
	want=$1
	shift
	status=0
	"$@" >"$dir/stdout" 2>"$dir/stderr" || status=$?
	[ "$status" = "$want" ] || {
		fail "'$*' ended with $status, expected $want"
		head -n 5 "$dir/stdout" "$dir/stderr"
	}
}

# says FILE TEXT: the text is somewhere in the file.
says() {
	grep -qF -- "$2" "$1" || { fail "'$2' is not in what was printed:"; head -n 10 "$1"; }
}

finish() {
	[ $failed = 0 ] && echo "all as expected"
	exit $failed
}
