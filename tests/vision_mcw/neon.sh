#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# neon.sh SOURCE_FOLDER -- the background model's NEON loops give the bytes of the plain C ones:
# built for aarch64, run by qemu. Ends with 77, which means skipped, where there is no compiler
# for it or no qemu.
cc=aarch64-linux-gnu-gcc
for tool in $cc qemu-aarch64; do
	command -v $tool >/dev/null || { echo "skipped: there is no $tool here"; exit 77; }
done
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
vision=$1/src/vision
tests=$1/tests/vision_mcw
for o in -O1 -O3; do
	$cc -std=c17 -D_POSIX_C_SOURCE=200809L $o -Wall -Wextra -Werror -ffp-contract=off -static -I"$1/src" -I"$tests" \
		-o "$dir/mcw_ops" "$tests/mcw_ops.c" "$tests/noise.c" "$vision/mcw_scalar.c" \
		"$vision/mcw_neon.c" "$vision/mcw_level.c" "$1/src/video/image.c" "$1/src/base/vec.c" || exit 1
	loops=$(qemu-aarch64 "$dir/mcw_ops") || { echo "$o: $loops"; exit 1; }
	[ "$loops" = neon ] || { echo "$o: it was '$loops' that ran, not neon"; exit 1; }
done
