#!/usr/bin/env bats
# What users of oms-source may rely on: sources are listed, registered, changed, and wrong values are refused by name.

bats_require_minimum_version 1.5.0

setup() {
	export OMS_DB=$BATS_TEST_TMPDIR/oms.db OMS_NOW=2026-11-20T10:00:00Z
	oms-init
}

@test "one source a shipped channel is there at once" {
	[ "$(oms-source -F ids | sort)" = "$(cd "$SRC/share/channels" && ls -- *.json | sed 's/\.json$//' | sort)" ]
}

@test "registering, changing, showing" {
	[ "$(oms-source shop-eu --channel=oms --account=eu --source-tz=Europe/Berlin --currency=EUR | jq -r '.change, .tz' | paste -sd' ')" = "created Europe/Berlin" ]
	[ "$(oms-source shop-eu --currency=PLN | jq -r '.change, .currency, .tz' | paste -sd' ')" = "changed PLN Europe/Berlin" ]
	[ "$(oms-source shop-eu | jq -r .account)" = eu ]
}

@test "wrong values are refused, and nothing is registered" {
	run -64 --separate-stderr oms-source shop --channel=oms --currency=EURO
	run -64 --separate-stderr oms-source shop --channel=oms --source-tz=Berlin/Europe
	run -64 --separate-stderr oms-source 'Shop:EU' --channel=oms
	run --separate-stderr oms-source shop --channel=shopfy
	[ "$status" -ne 0 ]
	[ -n "$stderr" ]
	run -1 oms-source shop
	run -1 --separate-stderr oms-source nosuch
	[[ $stderr == *"--channel"* ]]
}

@test "a dry run registers nothing" {
	oms-source shop --channel=oms -n | jq -e .dry_run
	run -1 oms-source shop
}

@test "the same again is unchanged" {
	oms-init -q
	oms-source shop --channel=oms --currency=EUR >/dev/null
	[ "$(oms-source shop --currency=EUR | jq -r .change)" = unchanged ]
	[ "$(oms-source shop --currency=USD | jq -r .change)" = changed ]
}
