#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# completion.sh BUILD -- what bash offers for half-typed command lines.
set -u
build=$1
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp" || exit 1
touch "a clip.mp4" plan.json
mkdir plans
failed=0
# shellcheck source=/dev/null
source <("$build/footfall" help --completion)
complete -p footfall > /dev/null || failed=1

# offers EXPECTED WORD...: the last word is the one being typed. Offers are joined by '|'.
offers()
{
	local want=$1 got
	shift
	COMP_WORDS=("$@")
	COMP_CWORD=$(($# - 1))
	_footfall
	got=$(IFS='|'; echo "${COMPREPLY[*]-}")
	[ "$got" = "$want" ] && return
	echo "FAILED: '$*' offers '$got', expected '$want'"
	failed=1
}

offers "config" footfall conf
offers "--version" footfall --v
offers "config" footfall help conf
offers "check|print|doc" footfall config ""
offers "print" footfall config --ini pr
offers "--config" footfall config --co
offers "--plan" footfall config --pl
offers "plan.json" footfall config --plan plan.
offers "plan.json" footfall config --plan = plan.
offers "a clip.mp4" footfall config --config a
offers "track.gate=" footfall config --set track.g
offers "store.name=" footfall config --set = store.n
offers "" footfall nosuch x
offers "--man" footfall help --m

exit $failed
