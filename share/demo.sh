#!/usr/bin/env bash
# What oms does, shown on a shop's sample files: every command stands above its output, as it looks on a terminal of 80
# columns. Runs in a scratch folder with a clock that stands still; ends with 0 if every command ended as it should.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
command -v oms >/dev/null || { echo "demo.sh: oms is not on PATH; make demo puts it there" >&2; exit 69; }

work=$(mktemp -d "${TMPDIR:-/tmp}/oms-demo.XXXXXX") || exit 73
trap 'rm -rf "$work"' EXIT
cd "$work" && cp -r "$here/samples/." . || exit 73
export OMS_DB=oms.db OMS_NOW=2026-11-20T10:00:00Z TZ=UTC0 LC_ALL=C.UTF-8 SHELL=/bin/sh
unset OMS_JSON_ERRORS COLUMNS CLICOLOR_FORCE
[ -t 1 ] || export NO_COLOR=1

# Commands print tables on a terminal and JSON Lines elsewhere. script(1) lends each a terminal, so that a pipe sees the
# same screen; where the system has none to lend, the JSON Lines are shown.
terminal=1
script -qec true /dev/null </dev/null >/dev/null 2>&1 || terminal=0
on_terminal() {
	if [ "$terminal" = 1 ]; then script -qec "stty cols 80 rows 50; $1" /dev/null </dev/null | tr -d '\r'; else sh -c "$1" </dev/null 2>&1; fi
}

wrong=0
say() { printf '\n'; printf '# %s\n' "$@"; }
run() { # [STATUS] COMMAND
	local want=0 got
	case $1 in [0-9]*) want=$1; shift ;; esac
	printf '$ %s\n' "$1"
	on_terminal "$1"
	got=$?
	[ "$got" = "$want" ] && return
	printf '^ ended with %s and not with %s\n' "$got" "$want"
	wrong=$((wrong + 1))
}

echo "# Fern & Kiln sell tableware: shops in Leipzig and Tokyo, trade, a marketplace,"
echo "# a stall. Their files lie in share/samples; all of this happens in"
echo "# $work"

say "A store is one file. A source is an account of a channel."
run 'oms init'
run 'oms source shopify --currency=EUR --tz=Europe/Berlin'
run 'oms source shopify-jp --channel=shopify --currency=JPY --tz=Asia/Tokyo'

say "Payloads go in as the channels send them. Each record ends in one outcome." "Status 3 says that some were refused: these are kept as dead letters."
run 3 'oms ingest --source=shopify shopify/orders.jsonl'
run 3 'oms ingest --source=shopify-jp shopify-jp/orders.json'
run 'oms ingest --source=woocommerce woocommerce/*.json'
run 'oms ingest --source=shopify shopify/[ft]*.json'
run 'oms ingest --source=shopify --topic=orders/updated shopify/order-updated.json'

say "Three documents make one Amazon order, whichever comes first." "JSON, CSV and TSV are told apart by looking."
run 'oms ingest --source=amazon amazon/documents.jsonl'
run 'oms ingest --source=amazon-flat amazon-flat/report.tsv'
run 'oms ingest --source=online-retail online-retail/till.csv'

say "Payments, parcels and tickets find their order. One payment came before its" "order: it waits, parked. Stale is what a newer record has overtaken already."
run 3 'oms ingest --source=stripe stripe/*'
run 'oms ingest --source=easypost easypost/events.jsonl'
run 'oms ingest --source=aftership aftership/trackings.jsonl'
run 'oms ingest --source=zendesk zendesk/events.jsonl'

say "The webhook with that order releases it; the same file again changes nothing."
run 'oms ingest --source=shopify --topic=orders/create shopify/order-created.json'
run 'oms ingest --source=shopify --topic=orders/create shopify/order-created.json'

say "What was refused, why, and who mends it. One of them whole; and corrected."
run 'oms dead'
run 'oms dead 2 -F text | cut -c1-79'
run "oms dead --raw 2 | sed 's/43\\.905/43.90/g' | oms redrive 2 --with=-"

say "Whatever a customer can read out finds an order: parcel, address, last digits."
run 'oms find 003404341000000204 --fields=id,number,total,matched_on'
run 'oms find chiara.moretti@example.org --fields=id,number,total,matched_on'
run 'oms find 008 --fields=id,number,total,matched_on'
run 1 'oms find no.such@example.org'

say "Filters narrow a list; each is answered from an index. Into a pipe go records," "or what -F asks for."
run 'oms find --held --fields=id,total,customer,attention'
run 'oms find --late --since=2026-11-16'
run 'oms find --segment=b2b --status=new -F csv --no-header --fields=id,currency,total | sort'

say "The order with the late parcel: on one screen, then its money and the parcel."
run 'oms show 2003'
run 'oms show 2003 --only=financials'
run 'oms show 2003 --only=logistics -F text | grep -A99 "2 of 2"'

say "The same order as it stood on the 9th, before a mug came broken."
run 'oms show 2003 --at=2026-11-09T12:00Z'

say "What is sold, where it lies, where it may go: records as JSON or CSV. A second" "load of the same changes nothing; a change is shown before it is made."
run 'for k in zone warehouse service sku safety; do oms load $k reference/$k* -q >/dev/null; done'
run 'oms load count reference/counts.csv'
run 'oms load count reference/counts.csv'
run 'printf "sku,warehouse,quantity\nFK-MUG-M,LEJ,30\n" | oms load safety -n -q'

say "May it be confirmed? All checks, always; and where its units would come from."
run 'oms check 2012'
run 1 'oms check 2010'

say "Confirmed, or refused with the reason, each for itself. Its stock is taken in" "the same transaction; again is no second time."
run 3 'oms confirm 2012 2010'
run 'oms confirm 2012'
run 'oms show 2012 --only=lines'
run 'oms stock FK-TRAY-O --moves -L 3'

say "Who packs and who bills hears of it: files that appear whole, once a key."
run 'mkdir spool; oms deliver --to=spool:spool; ls spool | cut -c1-60'

say "One is enough: the other goes back on the shelf."
run "oms cancel 2012 --line=FK-TRAY-O:1 --reason='one is enough' --fields=id,outcome,to"
run 'oms stock FK-TRAY-O'

say "The month for the accountant, as CSV and as PDF, each with its proof."
run 'oms export --window=2026-11 -F csv -o november.csv --manifest'
run 'oms export --window=2026-11 --source=shopify -F pdf -o november.pdf --manifest'
run 'oms export -q --verify november.csv && oms export -q --verify november.pdf && echo both hold'
run 'head -c 5 november.pdf; echo; head -n 2 november.csv | cut -c1-76'

say "Fold every order from its events again; one value for all that the store says."
run 'oms fsck --deep'
run 'oms fsck --digest -F text'

printf '\n# That was it; the folder is removed. Next: man oms-tutorial, or README.md\n'
[ "$wrong" = 0 ] || { echo "demo.sh: $wrong commands ended otherwise than they should" >&2; exit 1; }
