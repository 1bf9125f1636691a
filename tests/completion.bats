#!/usr/bin/env bats
# What a shell offers at the cursor: every closed list of words out of the code that decides it, and what the store knows.

bats_require_minimum_version 1.5.0

setup_file() {
	export OMS_DB=$BATS_FILE_TMPDIR/oms.db OMS_NOW=2026-11-20T10:00:00Z
	cd "$BATS_FILE_TMPDIR" || return 1
	oms-init
	oms-source shop --channel=oms --currency=EUR >/dev/null
	awk 'BEGIN { for (i = 1; i <= 150; i++)
		printf "{\"schema\":\"oms.event/1\",\"id\":\"o%d\",\"type\":\"order.updated\",\"source\":\"shop\",\"order\":\"a%d\",\"occurred_at\":\"2026-11-02T09:00:00.000Z\",\"body\":{\"external_id\":\"a%d\",\"number\":\"#SO-%d\",\"placed_at\":\"2026-11-02T09:00:00.000Z\",\"currency\":\"EUR\",\"total\":\"1.00\",\"customer\":{\"segment\":\"vip\"},\"lines\":[{\"id\":\"1\",\"sku\":\"MUG\",\"quantity\":1,\"unit_price\":\"1.00\"}]}}\n", i, i, i, 2000 + i }' >in
	oms-ingest -q --source=shop in >/dev/null
	for i in {1..30}; do echo '{"broken":'"$i"; done >broken
	oms-ingest -q --source=shop broken >/dev/null || true
	printf '%s\n' '{"id":"FK-MUG","name":"Mug"}' '{"id":"FK-BOWL","name":"Bowl"}' '{"id":"Z"}' | oms-load -q sku >/dev/null
	printf '%s\n' '{"id":"LEJ","name":"Leipzig"}' '{"id":"TYO"}' | oms-load -q warehouse >/dev/null
}

setup() { cd "$BATS_TEST_TMPDIR" || return 1; }

# What is offered, without the descriptions, in one line. It gives up after 100 ms, which a busy machine may take.
offered() {
	local said
	for _ in {1..12}; do
		said=$(oms __complete "$@" | cut -f1)
		[ -z "$said" ] || break
		sleep 0.2
	done
	paste -sd' ' <<<"$said"
}
is() { [ "$1" = "$2" ] || { printf 'offered: %s\nwanted:  %s\n' "$1" "$2"; return 1; }; }

@test "the words of every closed list are those the command takes" {
	is "$(offered oms load '')" "$(oms-load --kinds -F ids | paste -sd' ')"
	is "$(offered oms load --kinds w)" warehouse
	is "$(offered oms load sku '')" :file
	is "$(offered oms find --status=)" "--status=new --status=confirmed --status=closed --status=cancelled"
	for option in payment fulfilment attention; do
		for word in $(offered oms find --$option=); do oms-find "$word" -F count >/dev/null || return 1; done
		is "$(offered oms export --$option u)" "$(offered oms find --$option=u | sed "s/--$option=//g")"
	done
	is "$(offered oms find --attention=held,disp)" --attention=held,disputed
	is "$(offered oms show --only=l)" "--only=lines --only=logistics"
	is "$(offered oms show --open lines,h)" "lines,holds lines,history"
	is "$(offered oms map --channel=s)" "--channel=shopify --channel=stripe"
	is "$(offered oms source shop --channel wo)" woocommerce
	is "$(offered oms dead --owner=c)" "--owner=channel-ops --owner=catalog --owner=customer-care --owner=compliance"
	is "$(offered oms export --window=last-)" "--window=last-week --window=last-month --window=last-quarter --window=last-year"
	for word in $(offered oms export --window=); do oms-export "$word" -F count >/dev/null || return 1; done
	is "$(offered oms deliver --to=)" --to=spool:
	is "$(offered oms deliver --to=spool:x)" :dir
}

@test "checks that may be passed over are those of the policy" {
	wanted=$(oms-check --checks -F jsonl | jq -r 'select(.override) | .id' | paste -sd' ')
	[ -n "$wanted" ]
	is "$(offered oms check --override '')" "$wanted"
	is "$(offered oms confirm --override '')" "$wanted"
	oms __complete oms confirm --override= | grep -qP '^--override=C14\tpayment: .'
}

@test "fields are those of the options that stand before them" {
	is "$(offered oms export --grain=line --fields=line_)" "--fields=line_no --fields=line_id"
	is "$(offered oms export --fields=ship_l)" "--fields=ship_line1 --fields=ship_line2"
	is "$(offered oms stock --moves --fields=bo)" --fields=booked_at
	is "$(offered oms stock --fields=bo)" ""
	is "$(offered oms export --grain=nonsense --fields=ship_l)" "--fields=ship_line1 --fields=ship_line2"
}

@test "what the store knows: SKUs, warehouses, sources, segments, dead letters" {
	is "$(offered oms stock FK-)" "FK-BOWL FK-MUG"
	is "$(offered oms stock FK-MUG)" FK-MUG
	is "$(offered oms find --sku=FK-M)" --sku=FK-MUG
	is "$(offered oms stock --warehouse=)" "--warehouse=LEJ --warehouse=TYO"
	is "$(offered oms find --segment=)" --segment=vip
	is "$(offered oms ingest --source=sho)" "--source=shop --source=shopify"
	is "$(offered oms dead 2)" "2 20 21 22 23 24 25 26 27 28 29"
	is "$(offered oms redrive 30)" 30
	is "$(offered oms dead x)" ""
}

@test "orders by the beginning of their number too, as it is typed" {
	is "$(offered oms show SO-214)" "SO-2140 SO-2141 SO-2142 SO-2143 SO-2144 SO-2145 SO-2146 SO-2147 SO-2148 SO-2149"
	is "$(offered oms show '#so-2150')" "#so-2150"
	is "$(offered oms confirm SO-2150)" SO-2150
	is "$(offered oms show shop:a150)" shop:a150
	[ "$(oms __complete oms show SO- | wc -l)" -le 100 ]
	[ "$(oms __complete oms show shop: | wc -l)" -le 100 ]
}

@test "help: commands, topics and the pages of the manual, and each of them opens" {
	[[ " $(offered oms help '') " == *" dead "*" time formats exit-codes "* ]]
	[ -e "$BUILD/man/oms-tutorial.7" ] || skip "the pages are not built"
	is "$(offered oms help tu)" tutorial
	is "$(offered oms help mapp)" mapping
	mkdir bin
	printf '#!/bin/sh\necho "man $1"\n' >bin/man && chmod +x bin/man
	for page in tutorial oms-tutorial mapping; do
		[[ "$(PATH=$PWD/bin:$PATH oms help $page)" == "man "*"/oms-${page#oms-}."[57] ]] || return 1
	done
	run -64 oms help ../man/oms-tutorial
	run -64 oms help tutorail
}

@test "a pipe, a start and a help cost nothing of it: no file of words is opened" {
	command -v strace >/dev/null || skip "no strace here"
	strace -f -e trace=openat -o trace oms-confirm --help >/dev/null || skip "no tracing here"
	run ! grep -q confirm.json trace
}

@test "bash: lists behind = and folders behind a colon" {
	mkdir spoolers
	bash -c 'source "$SRC/completions/oms.bash"
		try() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _oms; printf "%s\n" "${COMPREPLY[@]}"; }
		try oms find --status =; try oms find --status = new,clo; try oms deliver --to =; try oms deliver --to = spool : spo; try oms show shop : a150; try oms dead --owner fin' >got
	printf '%s\n' new confirmed closed cancelled new,closed spool: spoolers a150 finance | diff - got
}

@test "fish and zsh: the same" {
	mkdir spoolers
	local shells=0
	if command -v fish >/dev/null; then
		fish --no-config -c 'source $SRC/completions/oms.fish; for l in "oms find --status=c" "oms deliver --to=" "oms deliver --to=spool:spo" "oms show SO-2150" "oms load sa"; complete -C $l; end' | cut -f1 >got
		printf '%s\n' --status=confirmed --status=closed --status=cancelled --to=spool: --to=spool:spoolers/ SO-2150 safety | sort | diff - <(sort got)
		shells=$((shells + 1))
	fi
	if command -v zsh >/dev/null; then
		cat >ask.zsh <<-'END'
			zmodload zsh/zpty
			zpty z zsh -fi
			zpty -w z 'PS1=; fpath=($SRC/completions $fpath); autoload -Uz compinit; compinit -u -D; bindkey "^I" complete-word; stty -echo'
			sleep 1
			zpty -w -n z $'echo got: \C-a\C-koms deliver --to=spool:spo\t\C-aecho "got: \C-e"\n'
			sleep 1
			zpty -w -n z $'oms find --status=canc\t\C-aecho "got: \C-e"\n'
			sleep 1
			zpty -r -t z all '*' && print -r -- $all
			while zpty -r -t z all; do print -rn -- $all; done
		END
		zsh -f ask.zsh >got 2>&1
		grep -q 'got: oms deliver --to=spool:spoolers' got || { cat -v got; false; }
		grep -q 'got: oms find --status=cancelled' got || { cat -v got; false; }
		shells=$((shells + 1))
	fi
	echo "$shells shells"
}
