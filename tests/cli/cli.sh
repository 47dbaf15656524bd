#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# cli.sh BUILD -- help, config, messages and exit status of the built program.
set -u
footfall=$1/footfall
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp" || exit 1
unset INVOCATION_ID JOURNAL_STREAM
failed=0

fail()
{
	echo "FAILED: $*"
	failed=1
}

# expect STATUS ARG...: runs the program; its output is in out, its messages in err.
expect()
{
	local want=$1 got
	shift
	"$footfall" "$@" > out 2> err
	got=$?
	[ $got -eq "$want" ] || fail "footfall $*: status $got, expected $want: $(cat err)"
}

# says FILE TEXT: one line of the file is TEXT; has FILE TEXT: TEXT is somewhere in it.
says() { grep -qxF -- "$2" "$1" || fail "no line '$2' in $1: $(cat "$1")"; }
has() { grep -qF -- "$2" "$1" || fail "no '$2' in $1: $(cat "$1")"; }
silent() { [ ! -s "$1" ] || fail "unexpected $1: $(cat "$1")"; }
lines() { [ "$(wc -l < "$1")" -eq "$2" ] || fail "$1 is not $2 lines: $(cat "$1")"; }

# Without a command, or with an unknown one: two lines and status 2.
expect 2
silent out
has err "usage: footfall COMMAND"
expect 2 cnofig check
silent out
says err "footfall: unknown command 'cnofig'; did you mean 'config'?"

# Help goes to standard output, with status 0, however it is asked for.
expect 0 help
silent err
has out "commands:"
cp out first
expect 0 --help && cmp -s out first || fail "--help is not help"
expect 0 -h && cmp -s out first || fail "-h is not help"
expect 0 help help && cp out first
expect 0 help --help && cmp -s out first || fail "help --help is not help help"
expect 0 help config
has out "--config FILE"
cp out first
expect 0 config --help && cmp -s out first || fail "config --help is not help config"
expect 0 config print -h && cmp -s out first || fail "config -h is not help config"
expect 2 help cofnig
says err "footfall: unknown command 'cofnig'; did you mean 'config'?"
awk 'length > 80 { exit 1 }' first || fail "help is wider than 80 columns"

# Version, two ways.
expect 0 --version
cp out first
expect 0 version && cmp -s out first || fail "version is not --version"
grep -qE '^footfall [0-9]+\.[0-9]+\.[0-9]+$' first || fail "no version: $(cat first)"

# Options: anywhere, with = or a word; -- ends them; mistakes get one line.
expect 0 config --set track.gate=0.75 print
says out "gate = 0.75  ; body heights"
expect 0 config print --set=track.gate=0.5 --set track.gate=0.875
says out "gate = 0.875  ; body heights"
expect 2 config --stt x print
says err "footfall: unknown option '--stt' (did you mean '--set'?); see 'footfall help config'"
lines err 1
expect 2 config -x print
says err "footfall: unknown option '-x'; see 'footfall help config'"
expect 2 config print --set
says err "footfall: option '--set' needs a value, K=V; see 'footfall help config'"
expect 2 config print --ini=3
says err "footfall: option '--ini' takes no value; see 'footfall help config'"
expect 2 config -- --ini
says err "footfall: config: expected check, print or doc, found '--ini'"
expect 2 config
expect 2 config prnit
has err "did you mean 'print'?"
expect 2 config print more
POSIXLY_CORRECT=1 expect 0 config print --set track.gate=0.75
has out "gate = 0.75"

# Settings: what is printed reads back, wherever it is read.
expect 0 config print
mkdir -p sub
cp out sub/all.conf
expect 0 config print --config sub/all.conf
cmp -s out sub/all.conf || fail "print does not read back"
expect 0 config doc --ini
cp out sub/docs.conf
expect 0 config print --config sub/docs.conf
cmp -s out sub/all.conf || fail "doc --ini are not the defaults"
expect 0 config doc
has out "## [track]"
printf '[files]\nplan = p.json\n' > sub/plan.conf
expect 0 config print --config sub/plan.conf
says out "plan = $(pwd -P)/sub/p.json"

# Every problem of the settings is a line; status 2, under systemd 78.
printf '[track]\ngaet = 1\ngate = 9\n[trak]\nx = 1\n' > bad.conf
expect 2 config check --config bad.conf --set mask.median=4 --set store.time_zone=Europe
silent out
lines err 5
says err "footfall: bad.conf:2: unknown key 'gaet' in [track]; did you mean 'gate'?"
says err "footfall: bad.conf:3: [track] gate: expected a number from 0.05 to 5 body heights, found '9'"
says err "footfall: bad.conf:5: unknown section [trak]; did you mean [track]?"
has err "footfall: --set: mask.median: expected 0 or an odd number from 0 to 31 px, found '4'"
INVOCATION_ID=x expect 78 config check --config bad.conf
INVOCATION_ID=x expect 2 config chekc
expect 2 config check --config missing.conf
says err "footfall: cannot open 'missing.conf': No such file or directory"
expect 0 config check
says out "settings: ok"
expect 2 config check --plan missing.json
has err "missing.json"
expect 2 config check --calib missing.json
has err "missing.json"
expect 0 config check --set files.plan=
# The environment and the folder name no settings file.
HOME=$tmp XDG_CONFIG_HOME=$tmp expect 0 config print
cmp -s out sub/all.conf || fail "the settings depend on the environment"

# A reader that went away is no news; a full disk is.
for how in default ignored; do
	(
		[ $how = ignored ] && trap '' PIPE
		"$footfall" config doc 2> err | true
	)
	silent err
done
if [ -w /dev/full ]; then
	"$footfall" help > /dev/full 2> err
	[ $? -eq 1 ] || fail "a full disk is not an error"
	has err "footfall: cannot write to standard output"
fi
"$footfall" config print >&- 2>&- || fail "closed standard files"

# The man page has no warnings and all commands.
expect 0 help --man
cp out footfall.1
if command -v groff > /dev/null; then
	groff -ww -man -Tutf8 footfall.1 > page 2> err
	silent err
fi
has footfall.1 ".SH EXIT STATUS"
cmp -s footfall.1 "$1/footfall.1" || fail "the built man page is another"

exit $failed
