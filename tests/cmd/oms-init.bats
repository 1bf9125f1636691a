#!/usr/bin/env bats
# What users of oms-init may rely on: a private file, a source a channel, and that it may be run again and again.

bats_require_minimum_version 1.5.0

setup() {
	export OMS_DB=$BATS_TEST_TMPDIR/new/deep/oms.db OMS_NOW=2026-11-20T10:00:00Z TZ=UTC0
	cd "$BATS_TEST_TMPDIR" || return 1
}

channels() { find "$SRC/share/channels" -name '*.json' | sed 's,.*/,,; s,\.json$,,' | LC_ALL=C sort; }
sources() { oms-source -F jsonl | python3 -c 'import json, sys; [print(json.loads(l)["id"]) for l in sys.stdin]'; }

@test "makes a private file in folders it makes, silently" {
	run --separate-stderr oms-init
	[ "$status" -eq 0 ]
	[ -z "$output$stderr" ]
	[ "$(stat -c %a new/deep/oms.db)" = 600 ]
	[ "$(stat -c %a new/deep)" = 700 ]
}

@test "registers a source a channel, with its zone and currency" {
	oms-init
	diff <(channels) <(sources)
	for c in $(channels); do
		python3 - "$SRC/share/channels/$c.json" "$(oms-source "$c" -F jsonl)" <<-'END'
			import json, sys
			want = json.load(open(sys.argv[1])).get("defaults", {})
			got = json.loads(sys.argv[2])
			assert got["channel"] == got["id"], got
			assert got["tz"] == want.get("tz", "UTC") and got.get("currency") == want.get("currency"), (want, got)
		END
	done
}

@test "a second run changes nothing" {
	oms-init
	oms-source "$(channels | head -1)" --account=mine >/dev/null
	sources=$(oms-source -F jsonl)
	OMS_NOW=2026-12-01T00:00:00Z oms-init
	[ "$(oms-source -F jsonl)" = "$sources" ]
	OMS_NOW=2026-12-01T00:00:00Z oms-init --upgrade
	[ "$(oms-source -F jsonl)" = "$sources" ]
}

@test "a channel that came later gets its source" {
	mkdir -p share/channels
	cp -r "$SRC"/share/rules share/
	first=$(channels | head -1)
	cp "$SRC/share/channels/$first.json" share/channels/
	export OMS_SHARE=$PWD/share
	oms-init
	[ "$(sources)" = "$first" ]
	sed "s/\"channel\": *\"$first\"/\"channel\": \"later\"/" "$SRC/share/channels/$first.json" >share/channels/later.json
	oms-init --upgrade
	[ "$(sources)" = "$first" ]
	oms-init
	[ "$(sources | LC_ALL=C sort)" = "$(printf '%s\n' "$first" later | LC_ALL=C sort)" ]
}

@test "two at once both succeed, and make one store" {
	oms-init & a=$!
	oms-init & b=$!
	wait $a
	wait $b
	diff <(channels) <(sources)
}

@test "a file that is no store is refused and left alone" {
	printf 'precious notes, long enough to look like something: %0200d\n' 0 >notes
	cp notes before
	run oms-init --db=notes
	[ "$status" -eq 65 ]
	[[ $output == *"not an oms store"* ]]
	cmp notes before
	run oms-init --db="$BATS_TEST_TMPDIR"
	[ "$status" -eq 66 ]
}

@test "where the folder cannot be made: 73, with the reason" {
	: >file
	run oms-init --db=file/oms.db
	[ "$status" -eq 73 ]
	[[ $output == *"file"* ]]
}

@test "commands say what to do where there is no store, and make none" {
	run -66 oms-source
	[[ $output == *"oms-init"* ]]
	[ ! -e new ]
}

@test "takes no operand" {
	run -64 oms-init oms.db
	[ ! -e oms.db ]
}
