#!/usr/bin/env bash
# make lint: pages, shell, and what the compilers' analysers say. The floors and sizes are tests (tests/house.bats).
set -uo pipefail
# shellcheck disable=SC2317 # the functions are called through run
B=${B:-build} bad=0
run() { echo "lint: $1"; shift; "$@" || bad=1; }
pages() { mandoc -Tlint -Wwarning "$B"/man/*.[157]; }
shells() { shellcheck -S warning -x .ci/run .ci/deps .ci/install share/demo.sh tests/*.sh tests/*/*.sh; }
clang_clean() { # no warning of the second compiler either
	local f
	for f in lib/*.c cmd/*.c; do
		clang -std=gnu11 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Werror -fsyntax-only -D_GNU_SOURCE -DVERSION='""' -DPREFIX='""' -iquote lib -iquote "$B" "$f" || return 1
	done
}
tidy() { # what clang-tidy suspects, but for what is this house's manner
	local checks='-*,bugprone-*,-bugprone-easily-swappable-parameters,-bugprone-narrowing-conversions,-bugprone-reserved-identifier,-bugprone-assignment-in-if-condition,-bugprone-macro-parentheses,-bugprone-branch-clone,-bugprone-implicit-widening-of-multiplication-result,-bugprone-sizeof-expression,-bugprone-suspicious-string-compare,-bugprone-misplaced-widening-cast'
	# shellcheck disable=SC2016 # the inner shell expands it
	printf '%s\n' lib/*.c cmd/*.c | CHECKS=$checks B=$B xargs -P "$(nproc)" -n 6 sh -c 'clang-tidy --quiet --warnings-as-errors="*" --checks="$CHECKS" "$@" -- \
		-std=gnu11 -D_GNU_SOURCE -DVERSION=\"\" -DPREFIX=\"\" -iquote lib -iquote "$B" 2>/dev/null' clang-tidy
}
run 'pages (mandoc -Tlint)' pages
run 'shell (shellcheck)' shells
run 'clang without a warning' clang_clean
run 'clang-tidy (bugprone)' tidy
[ "$bad" = 0 ] && echo 'lint: clean'
exit "$bad"
