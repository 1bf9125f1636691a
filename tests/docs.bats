#!/usr/bin/env bats
# The manual and README: each command has its page, what the pages show runs, what README prints is what is printed.

# shellcheck disable=SC2016,SC2154,SC2015,SC2317,SC2094 # quotes and && are meant, bats calls what looks uncalled
bats_require_minimum_version 1.5.0

setup_file() {
	cd "${SRC:-$BATS_TEST_DIRNAME/..}" || return 1
	BUILD=$(realpath "${BUILD:-build}")
	export SRC=$PWD BUILD PATH=$BUILD/bin:$PATH
	export OMS_NOW=2026-11-20T10:00:00Z TZ=UTC0 LC_ALL=C.UTF-8 SEED=$BATS_FILE_TMPDIR/seed
	unset OMS_DB OMS_JSON_ERRORS COLUMNS CLICOLOR_FORCE
	mkdir "$SEED" && cd "$SEED" && seed >"$BATS_FILE_TMPDIR/seed.log" 2>&1 || { cat "$BATS_FILE_TMPDIR/seed.log"; return 1; }
}

setup() { cd "$SRC" || return 1; }

# The files and the store that the examples speak of: order 1001 of anna@example.org, made of the samples' first.
seed() {
	local s=$SRC/share/samples/shopify f
	sed -n '1{s/#2001/#1001/g; s/anna.lindqvist@/anna@/g; s/6031000002001/450789469/g; s/003404341000000201/1Z12345E0205271688/g; s/2026-11-0/2026-10-0/g; p}' "$s/orders.jsonl" >first
	{ cat first; sed -n '5,6p; 8,11p; 13,14p' "$s/orders.jsonl"; } >orders.jsonl
	cp orders.jsonl day.jsonl
	sed 's/"closed_at":[^,]*/"cancelled_at":"2026-10-06T09:00:00+01:00"/; s/"cancelled_at":null,//' first >body.json
	cp "$s/order-created.json" order.json
	sed -n 13p "$s/orders.jsonl" | sed 's/"currency":"EUR"/"currency":"USD "/' >usd.json
	sed -n 13p "$s/orders.jsonl" >fixed.json
	cp "$SRC/share/samples/stripe/events.jsonl" stripe.jsonl
	sed 's/"channel": *"shopify"/"channel":"myshop"/' "$SRC/share/channels/shopify.json" >myshop.json
	ln -s "$SRC/share/rules" rules
	cp -r "$SRC/share/samples/." . # what the tutorial speaks of
	export OMS_DB=$SEED/oms.db
	oms-init && oms-source shop --channel=shopify --currency=EUR --source-tz=Europe/Berlin && oms-source shopify --currency=EUR || return 1
	oms-ingest --source=shopify usd.json
	[ $? = 1 ] || { echo "dead letter 1 was not refused"; return 1; }
	sed -n 12p "$s/orders.jsonl" >money.json
	oms-ingest --source=shopify money.json
	oms-ingest --source=stripe stripe.jsonl
	for f in orders.jsonl "$s/fulfillment-order-hold.json"; do oms-ingest --source=shop "$f" || return 1; done
	(cd reference && oms-load zone zones.jsonl && oms-load warehouse warehouses.jsonl && oms-load sku skus.csv && oms-load safety safety.csv && oms-load count counts.csv) >/dev/null || return 1
	{ oms-map --source=shop orders.jsonl; oms-map --source=shop fixed.json | sed 's/"currency":"EUR"/"currency":"USD "/'; } >events.jsonl
	for f in zone warehouse service sku safety count; do oms-load -q "$f" "$SRC"/share/samples/reference/"$f"* >/dev/null || return 1; done
	oms-find 1001 >/dev/null && oms-find 1Z12345E0205271688 >/dev/null && oms-find anna@example.org >/dev/null
}

# The lines ".Dl $ …" of a page, as a shell reads them; ".Dl" without a $ goes on with the line before. RS ends each.
examples() {
	sed -n 's/^\.Dl //p' "$1" | sed 's/\\(dq/"/g; s/\\(aq/'"'"'/g; s/\\-/-/g; s/\\ / /g; s/\\e/\\/g; s/\\&//g' |
		awk '/^\$ / { printf "%s%s", sep, substr($0, 3); sep = "\036"; next } { printf "\n%s", $0 } END { printf "%s", sep }'
}

# Runs a page's examples one after the other, in a copy of the seed. 3 says that some records were bad, as they are meant
# to be; diff, a second look at dead letters and a rule's failing examples answer 1.
page_runs() { # PAGE
	local line got bad=0 dir=$BATS_TEST_TMPDIR/run
	rm -rf "$dir" && cp -r "$SEED" "$dir" && cd "$dir" && mkdir srv || return 1
	export OMS_DB=oms.db
	while IFS= read -r -d $'\036' line <&9; do
		line=${line//\/srv\/oms/srv/}
		case $line in 'export '*) eval "$line"; continue ;; esac
		got=0
		bash -o pipefail -c "$line" >out 2>err </dev/null || got=$?
		case $got:$line in 0:* | 3:* | 1:diff* | 1:'oms-redrive --'* | 1:*.fail*oms-validate) continue ;; esac
		echo "${1##*/}: status $got: $line"
		head -n 3 err
		bad=1
	done 9< <(examples "$1")
	cd "$SRC" || return 1
	return "$bad"
}

@test "every command has a page and every page a command" {
	local bad=0 c p
	for c in "$BUILD"/bin/oms-*; do [ -s "$BUILD/man/${c##*/}.1" ] || { echo "${c##*/} has no page"; bad=1; }; done
	for p in man/*.1.in; do p=${p##*/}; [ -x "$BUILD/bin/${p%.1.in}" ] || { echo "$p has no command"; bad=1; }; done
	return "$bad"
}

@test "every command's page has examples, and of every page the examples run" {
	local bad=0 p
	for p in man/*.1.in; do [ -n "$(examples "$p")" ] || { echo "$p has no example"; bad=1; }; done
	for p in man/*.1.in man/*.[57]; do
		examples "$p" | awk -v RS='\036' -v p="$p" '{ n = split($0, l, "\n"); for (i = 1; i <= n; i++) if (length(l[i]) > 65) { print p ": over 65 columns, go on with .Dl \\ \\ : " l[i]; bad = 1 } } END { exit bad }' || bad=1
		page_runs "$SRC/$p" || bad=1
	done
	return "$bad"
}

@test "an example that fails is seen" {
	printf '.Dl $ oms-find no-such-order\n' >"$BATS_TEST_TMPDIR/x.1.in"
	run -1 page_runs "$BATS_TEST_TMPDIR/x.1.in"
	[[ $output == *"x.1.in: status 1: oms-find no-such-order"* ]]
	printf '.Dl $ oms-show 1001 --no-such-option\n' >"$BATS_TEST_TMPDIR/x.1.in"
	run -1 page_runs "$BATS_TEST_TMPDIR/x.1.in"
	[[ $output == *"status 64"* ]]
}

@test "pages refer to pages that are there" {
	local bad=0 name section
	while read -r name section; do
		case $name in oms*) [ -e "$BUILD/man/$name.$section" ] || { echo "$name($section) is named and not there"; bad=1; } ;; esac
	done < <(sed -n 's/^\.Xr \([^ ]*\) \([1-8]\).*/\1 \2/p' "$BUILD"/man/*.[157] | sort -u)
	return "$bad"
}

# All member names of a schema, at any depth.
members() { jq -r '.. | objects | select(has("properties")) | .properties | keys[]' "$1" | sort -u; }

@test "no sentence of a page ends twice" {
	run grep -nE '\.{4}|…\.|[,;:]\.$' "$BUILD"/man/*.[157]
	echo "$output"
	[ "$status" = 1 ]
}

@test "oms-records and oms-event name every kind of record and every member" {
	local bad=0 f kind page m
	for f in share/schemas/*.json; do
		kind=$(basename "$f" .json)
		page=man/oms-records.5
		grep -q "^\.Ss $kind/1$" "$page" || { echo "$page says nothing of $kind/1"; bad=1; continue; }
		[ "$kind" != oms.event ] || page=man/oms-event.5
		[[ $kind != oms.csv_* ]] || page=man/oms-csv.5
		for m in $(members "$f"); do
			grep -qE "(^|[ ])$m([ ,;:.)]|$)" "$page" || { echo "$page does not name $m of $kind/1"; bad=1; }
		done
	done
	return "$bad"
}

@test "oms-event names every type and every kind of reference" {
	local bad=0 w
	[ "$(jq '.properties.type.enum | length' share/schemas/oms.event.json)" -ge 15 ]
	for w in $(jq -r '.properties.type.enum[], ."$defs".ref.properties.kind.enum[]' share/schemas/oms.event.json); do
		grep -qwF "$w" man/oms-event.5 || { echo "oms-event does not name $w"; bad=1; }
	done
	return "$bad"
}

@test "README's session prints what README shows" {
	script -qec true /dev/null </dev/null >/dev/null 2>&1 || skip "no terminal to lend"
	bash tests/readme.sh >"$BATS_TEST_TMPDIR/README.md"
	diff README.md "$BATS_TEST_TMPDIR/README.md" || { echo "if that is meant: tests/readme.sh >README.new && mv README.new README.md"; return 1; }
}

@test "README's session has fifteen commands, 80 columns, and README names what there is" {
	[ "$(awk '/^```/ { in_session = /console/ } in_session && /^\$ /' README.md | wc -l)" = 15 ]
	awk '/^```/ { in_session = /console/ } in_session && !/^\$ /' README.md | while IFS= read -r line; do
		[ "${#line}" -le 80 ] || { echo "$line"; exit 1; }
	done
	local w
	# shellcheck disable=SC2013
	for w in $(sed -n 's/^\(build\|check\)=(\(.*\))$/\2/p' .ci/deps); do
		case $w in libclang*) continue ;; esac # comes with clang
		grep -qF "${w%-completion}" README.md || { echo "README does not name $w"; return 1; }
	done
}
