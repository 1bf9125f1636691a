#!/usr/bin/env bats
# make demo: it ends well, its counts are those of the sample files, and its screen is the same every time.

# shellcheck disable=SC2016,SC2154,SC2317
bats_require_minimum_version 1.5.0

setup_file() {
	cd "${SRC:-$BATS_TEST_DIRNAME/..}" || return 1
	BUILD=$(realpath "${BUILD:-build}")
	export SRC=$PWD PATH=$BUILD/bin:$PATH TMPDIR=$BATS_FILE_TMPDIR/tmp
	mkdir "$TMPDIR"
	local got=0
	bash share/demo.sh >"$BATS_FILE_TMPDIR/screen" 2>"$BATS_FILE_TMPDIR/err" </dev/null || got=$?
	echo "$got" >"$BATS_FILE_TMPDIR/status"
}
setup() { cd "$BATS_FILE_TMPDIR" || return 1; }

# Records of the sample files, counted without oms: lines, elements of lists, or CSV rows of one key.
counted() {
	python3 - "$SRC/share/samples" <<-'END'
		import csv, json, os, sys
		total = sources = 0
		for source in sorted(os.listdir(sys.argv[1])):
		    n = 0
		    for name in os.listdir(os.path.join(sys.argv[1], source)):
		        text = open(os.path.join(sys.argv[1], source, name), encoding="utf-8").read()
		        if name.endswith(".jsonl"):
		            n += len(text.splitlines())
		        elif name.endswith(".json"):
		            doc = json.loads(text)
		            lists = [v for v in doc.values() if isinstance(v, list)] if isinstance(doc, dict) and len(doc) in (1, 4) else []
		            n += len(doc) if isinstance(doc, list) else len(lists[0]) if lists else 1
		        else:
		            rows = list(csv.reader(text.splitlines(), delimiter="\t" if name.endswith(".tsv") else ","))
		            n += len({r[0] for r in rows[1:]})
		    total += n
		    sources += 1
		print(total, sources)
	END
}

@test "it ends with 0, says nothing on stderr, and takes its folder away" {
	cat err
	[ "$(cat status)" = 0 ] && [ ! -s err ]
	run ! grep -q '^\^ ended' screen
	run ls -A "$TMPDIR"
	[ -z "$output" ]
}

@test "a command that ends otherwise makes it fail" {
	mkdir "$BATS_TEST_TMPDIR/bin"
	printf '#!/bin/sh\n[ "$1" != show ] || exit 70\nexec "%s" "$@"\n' "$(command -v oms)" >"$BATS_TEST_TMPDIR/bin/oms"
	chmod +x "$BATS_TEST_TMPDIR/bin/oms"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH run -1 bash "$SRC/share/demo.sh"
	[[ $output == *"^ ended with 70 and not with 0"* ]]
}

@test "at least 60 records over 5 sources, 4 of them bad, and every one has its outcome" {
	script -qec true /dev/null </dev/null >/dev/null 2>&1 || skip "no terminal to lend"
	read -r records sources < <(counted)
	echo "$records records, $sources sources"
	[ "$records" -ge 60 ] && [ "$sources" -ge 5 ]
	# the last ingest is a file for the second time
	read -r in applied dup stale parked dead < <(sed -n 's/^oms-ingest: \([0-9]*\) records\? = \([0-9]*\) applied + \([0-9]*\) duplicate + \([0-9]*\) stale + \([0-9]*\) parked + \([0-9]*\) dead$/\1 \2 \3 \4 \5 \6/p' screen |
		awk '{ a += $1; b += $2; c += $3; d += $4; e += $5; f += $6 } END { print a, b, c, d, e, f }')
	released=$(sed -n 's/^oms-ingest: \([0-9]*\) parked before was released$/\1/p' screen)
	echo "$in = $applied + $dup + $stale + $parked + $dead, released $released"
	[ "$in" = $((applied + dup + stale + parked + dead)) ]
	[ "$in" = $((records + 1)) ] && [ "$dup" = 1 ] && [ "$dead" = 4 ]
	[ "$parked" = 1 ] && [ "$released" = 1 ]
	for code in json_truncated map_money totals_far_off unknown_kind; do grep -qE "^ +[1-4]  [a-z-]+ +$code " screen; done
}

@test "it tells the story: a late parcel, a refund, a dispute, holds; nothing wrong in the store" {
	script -qec true /dev/null </dev/null >/dev/null 2>&1 || skip "no terminal to lend"
	grep -q '^attention .*stalled' screen
	grep -q 'payment part_refunded' screen
	grep -q 'held, disputed' screen
	grep -qE '^oms-fsck: [0-9]+ orders, [0-9]+ events, each folded again: 0 wrong$' screen
	grep -qE '^digest  [0-9a-f]{64}$' screen
}

@test "every command stands above its output, on a screen of about 300 lines of 80 columns" {
	[ "$(grep -c '^\$ oms ' screen)" -ge 25 ]
	[ "$(wc -l <screen)" -le 330 ]
	grep -v '^\$ ' screen | while IFS= read -r line; do
		[ "${#line}" -le 80 ] || { echo "$line"; exit 1; }
	done
}

@test "the screen is the same every time" {
	bash "$SRC/share/demo.sh" >again </dev/null
	diff <(sed 's|/oms-demo\.[A-Za-z0-9]*||' screen) <(sed 's|/oms-demo\.[A-Za-z0-9]*||' again)
}
