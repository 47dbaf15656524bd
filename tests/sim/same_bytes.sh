#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# same_bytes.sh SOURCE_FOLDER -- same_bytes.c built for aarch64 and run by qemu: the simulated
# store is the same there, byte for byte. Ends with 77, which means skipped, where there is no
# compiler for it or no qemu.
cc=aarch64-linux-gnu-gcc
for tool in $cc qemu-aarch64; do
	command -v $tool >/dev/null || { echo "skipped: there is no $tool here"; exit 77; }
done
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
cd "$1/src" || exit 1
# Reading scenes and writing files want libraries, and are not what this is about.
sources=$(ls sim/*.c | grep -vE 'scene(_check|_table|_value)?\.c|truth|simsource|radio_(csv|log|pcap)|y4m|witness')
$cc -std=c17 -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -O2 -ffp-contract=off -static -I. \
	-o "$dir/same_bytes" ../tests/sim/same_bytes.c $sources floor/lens.c video/image.c \
	base/clock.c base/err.c base/real.c base/rng.c base/str.c base/vec.c -lm || exit 1
qemu-aarch64 "$dir/same_bytes"
