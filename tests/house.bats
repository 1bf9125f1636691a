#!/usr/bin/env bats
# The house: floors, sizes, what no file may say, and that nothing lacks its page or its tests.

setup() {
	bats_require_minimum_version 1.5.0
	cd "${SRC:-$BATS_TEST_DIRNAME/..}" || return 1
	house=$PWD
}

floors() { find lib cmd -name '*.[ch]' -exec awk -f "$house/tests/floors.awk" lib/FLOORS {} +; }

# All code as FILE:LINE:TEXT, without comments and without what stands in quotes.
setup_file() {
	cd "${SRC:-$BATS_TEST_DIRNAME/..}" || return 1
	awk '{ gsub(/"([^"\\]|\\.)*"/, "\"\""); sub(/\/\/.*/, ""); while (match($0, /\/\*[^*]*\*\//)) $0 = substr($0, 1, RSTART - 1) substr($0, RSTART + RLENGTH); print FILENAME ":" FNR ":" $0 }' \
		lib/*.[ch] cmd/*.c >"$BATS_FILE_TMPDIR/code"
}

# Fails, showing them, where lines of the files (a pattern) match.
no_code() { # FILES PATTERN
	run bash -c 'grep -E "^($1):" "$3" | grep -E ":[0-9]+:.*($2)"' - "$1" "$2" "$BATS_FILE_TMPDIR/code"
	echo "$output"
	[ -z "$output" ]
}

copy() { cp -r lib cmd "$BATS_TEST_TMPDIR" && cd "$BATS_TEST_TMPDIR" || return 1; }

@test "every file includes lower floors only" {
	run floors
	echo "$output"
	[ "$status" = 0 ]
}

@test "the check of the floors sees what it is for" {
	copy
	floors
	echo '#include "cmd.h"' >>lib/str.c
	run -1 floors
	[[ $output == *"lib/str.c:"*"str reaches up to cmd" ]]
	cp "$house/lib/str.c" lib/str.c
	echo '#include <sqlite3.h>' >>lib/out.c
	run -1 floors
	[[ $output == *"only its owner may include <sqlite3.h>" ]]
	cp "$house/lib/out.c" lib/out.c
	echo '#include <sqlite3.h>' >>cmd/oms.c
	run -1 floors
	cp "$house/cmd/oms.c" cmd/oms.c
	echo '// nobody knows me' >lib/zeppelin.c
	run -1 floors
	[[ $output == *"zeppelin stands on no floor" ]]
	rm lib/zeppelin.c
	floors
}

@test "no module stands in FLOORS that is not there" {
	run bash -c 'awk "!/^#/ && NF { print \$1 }" lib/FLOORS | while read -r m; do [ "$m" = sql ] || ls lib/"$m".[ch] >/dev/null 2>&1 || echo "$m"; done'
	echo "$output"
	[ -z "$output" ]
}

@test "no file is over 700 lines" {
	run bash -c 'wc -l $(find lib cmd tests/lib -name "*.[ch]") | awk "\$2 != \"total\" && \$1 > 700"'
	echo "$output"
	[ -z "$output" ]
}

@test "no function is over 80 lines" {
	ctags --version 2>/dev/null | grep -q Universal || skip "Universal Ctags is not here"
	run bash -c 'ctags -x --_xformat="%N %n %{end} %F" --kinds-C=f lib/*.c cmd/*.c | awk "\$3 - \$2 + 1 > 80 { print \$4 \":\" \$2 \": \" \$1 \" has \" \$3 - \$2 + 1 \" lines\" }"'
	echo "$output"
	[ -z "$output" ]
}

@test "half of all functions have 12 lines or fewer" {
	ctags --version 2>/dev/null | grep -q Universal || skip "Universal Ctags is not here"
	run bash -c 'ctags -x --_xformat="%n %{end}" --kinds-C=f lib/*.c cmd/*.c | awk "{ print \$2 - \$1 + 1 }" | sort -n | awk "{ a[NR] = \$1 } END { print a[int((NR + 1) / 2)] }"'
	echo "the median is $output"
	[ "$output" -le 12 ]
}

@test "every file begins with a comment that says what it is" {
	run bash -c 'for f in lib/*.[ch] cmd/*.c lib/sql/*.sql share/schema/*.sql man/*.awk tests/*.awk; do [ -e "$f" ] || continue; head -n1 "$f" | grep -qE "^(//|--|#|/\*) *[-A-Za-z]" || echo "$f"; done'
	echo "$output"
	[ -z "$output" ]
}

@test "tabs indent" {
	run bash -c 'grep -nE "^ +[^ *]" $(find lib cmd -name "*.[ch]") | head'
	echo "$output"
	[ -z "$output" ]
}

@test "the library neither prints nor exits" {
	local own='(cmd[a-z_]*|out|arena)\.c'
	grep -vE "^lib/$own:" "$BATS_FILE_TMPDIR/code" >"$BATS_TEST_TMPDIR/code"
	BATS_FILE_TMPDIR=$BATS_TEST_TMPDIR no_code 'lib/[^:]*' '[^a-z_](v?printf|v?fprintf|puts|fputs|putchar|putc|perror|exit|_exit|abort|err|errx|warn|warnx)\('
	# the one place that ends the program: memory
	[ "$(grep -cE '^lib/arena\.c:.*[^a-z](_?exit|abort)\(' "$BATS_FILE_TMPDIR/code")" = 1 ]
	no_code 'lib/arena\.c' '[^a-z_]f?printf\('
}

@test "nobody uses what tempts" {
	no_code '[^:]*' '[^a-z_](sprintf|vsprintf|strcpy|strcat|stpcpy|gets|atof|atoi|atol|strtod|strtof|strtold|strtok|alloca|system|popen|tmpnam|mktemp|rand|srand|scanf|sscanf|fscanf|gmtime|ctime|asctime|localtime|localeconv)\('
}

@test "the check of the code sees what it is for" {
	printf '%s\n' 'lib/x.c:1:	printf("");' 'lib/x.c:2:	snprintf("");' 'lib/x.c:3:	strcpy(a, b);' >"$BATS_TEST_TMPDIR/code"
	BATS_FILE_TMPDIR=$BATS_TEST_TMPDIR
	run ! no_code 'lib/[^:]*' '[^a-z_]printf\('
	run ! no_code '[^:]*' '[^a-z_]strcpy\('
	no_code '[^:]*' '[^a-z_]strcat\('
}

@test "money is never a floating number" {
	local float='[^a-z_](double|float)([^a-z_]|$)' sum='(money|minor|amount|price|total|tax|refund)'
	no_code '[^:]*' "$float.*$sum|$sum.*$float"
	no_code 'lib/(money|event|order|fold|rule|apply|ingest|map|json|date|expr|view|validate|db|payload)[a-z_]*\.[ch]' "$float"
}

@test "nothing is left for later" {
	run grep -nEw 'TODO|FIXME|HACK' -r lib cmd man completions share tests --include='*' --exclude=house.bats
	echo "$output"
	[ "$status" = 1 ]
}

@test "every command has a page and tests, every page and test a command" {
	run bash -c '
		for c in cmd/oms-*.c; do n=${c#cmd/}; n=${n%.c}; [ -e "man/$n.1.in" ] || echo "$n has no page"; [ -e "tests/cmd/$n.bats" ] || echo "$n has no tests"; done
		for p in man/*.1.in; do n=${p#man/}; n=${n%.1.in}; [ -e "cmd/$n.c" ] || echo "the page $n has no command"; done
		for t in tests/cmd/*.bats; do n=${t#tests/cmd/}; n=${n%.bats}; [ -e "cmd/$n.c" ] || [ -e "cmd/${n%-*}.c" ] || [ "$n" = oms ] || [[ $n = channels-* ]] || echo "the tests $n have no command"; done'
	echo "$output"
	[ -z "$output" ]
}

@test "each option letter means the same in every command" {
	local b=${BUILD:-build}
	ls "$b"/bin/oms-* >/dev/null 2>&1 || skip "nothing is built"
	run bash -c 'for p in "$1"/bin/oms-*; do [ -x "$p" ] && "$p" --describe 2>/dev/null | awk -F"\t" -v p="${p##*/}" "\$1 == \"option\" && \$3 != \"-\" && \$4 != \"-\" { if (\$3 in s) print p \": -\" \$3 \" twice\"; s[\$3] = 1 }"; done' - "$b"
	echo "$output"
	[ -z "$output" ]
}
