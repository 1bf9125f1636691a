#!/usr/bin/env bash
# README.md with the output of its session as it is now: the lines "$ …" of its console blocks are run, in a scratch store
# and on a terminal of 80 columns. tests/docs.bats holds the two against each other; tests/readme.sh >README.new makes anew.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../share/samples" || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
export OMS_DB=$work/first.db OMS_NOW=2026-11-20T10:00:00Z TZ=UTC0 LC_ALL=C.UTF-8 NO_COLOR=1 SHELL=/bin/sh
unset OMS_JSON_ERRORS COLUMNS CLICOLOR_FORCE
script -qec true /dev/null </dev/null >/dev/null 2>&1 || { echo "readme.sh: script(1) finds no terminal to lend" >&2; exit 77; }
session=0
while IFS= read -r line; do
	case $session$line in
	'0```console') printf '%s\n' "$line"; session=1 ;;
	0*) printf '%s\n' "${line}" ;;
	'1```') printf '%s\n' "$line"; session=0 ;;
	'1$ '*)
		printf '%s\n' "$line"
		script -qec "stty cols 80 rows 50; ${line#\$ }" /dev/null </dev/null | tr -d '\r' | sed "s|$work|/tmp|g" ;;
	1) printf '\n' ;;
	esac
done <../../README.md
