#!/usr/bin/env bash
# The two real data sets taken in whole, each compared with a reading of its CSV files by other means: datasets.sh [slice]
# slice: 500 orders and 6,000 invoice lines, quick. The files lie outside the tree ($OMS_DATA, else ../shared/data beside it).
set -euo pipefail
SRC=${SRC:-$(cd "$(dirname "$0")/../.." && pwd)}
data=${OMS_DATA:-$SRC/../shared/data} mode=${1:-whole}
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
export OMS_NOW=2026-11-20T10:00:00Z TZ=UTC0 LC_ALL=C.UTF-8 OMS_SHARE=$SRC/share
read_csv() { python3 "$SRC/tests/data/datasets.py" "$@"; }

[ -d "$data/olist" ] && [ -d "$data/online-retail" ] || { echo "datasets.sh: no data sets in $data" >&2; exit 77; }

# Some orders of all tables as files of their own: every 150th, and the one that has no payment.
slice_olist() {
	local t
	xz -dc "$data/olist/olist_orders_dataset.csv.xz" | awk 'NR % 150 == 1 || /bfbd0f9bdef84302105ad712db648a6c/' >"$here/olist_orders_dataset.csv"
	awk -F, 'NR > 1 { gsub(/"/, ""); print $1; print $2 }' "$here/olist_orders_dataset.csv" >"$here/ids"
	for t in order_items order_payments customers; do
		xz -dc "$data/olist/olist_${t}_dataset.csv.xz" | { IFS= read -r header; printf '%s\n' "$header"; grep -F -f "$here/ids"; } >"$here/olist_${t}_dataset.csv"
	done
	ln -s "$data/olist/olist_products_dataset.csv.xz" "$here"
}

# Takes a file in, twice; the second time nothing is new and nothing changes.
take_in() { # source file
	oms-init -q
	oms-ingest -q --source="$1" --format=jsonl "$2" >"$here/results"
	echo "$1: $(read_csv outcomes <"$here/results")"
	oms-fsck --digest >"$here/digest"
	oms-ingest -q --source="$1" --restart --format=jsonl "$2" >"$here/results"
	echo "$1, again: $(read_csv outcomes <"$here/results")"
	if grep -v '"outcome":"duplicate"' "$here/results"; then return 1; fi
	oms-fsck --digest | cmp - "$here/digest"
	oms-fsck -q --deep
	echo "$1: every order folded again is what the store has"
}

orders() { oms-show --every --all -F jsonl; }

# The same records in three orders, two of them doubled: the same orders, byte for byte.
three_orders() { # source file
	local way
	for way in 1 2 3; do
		case $way in
		1) cat "$2" ;;
		2) cat "$2" "$2" | shuf --random-source=<(yes 2) ;;
		3) tac "$2" | awk '{ print; print }' ;;
		esac >"$here/way"
		export OMS_DB=$here/way$way.db
		oms-init -q
		oms-ingest -q --source="$1" -F count "$here/way" >"$here/count"
		orders >"$here/way$way"
	done
	cmp "$here/way1" "$here/way2"
	cmp "$here/way1" "$here/way3"
	echo "$1, $(wc -l <"$here/way1") orders: as they came, shuffled and doubled, backwards and doubled: the same"
}

# All of it as files for who keeps it, twice; the second time the bytes are the same.
exports() { # kind source
	local grain form again
	for grain in order line payment; do
		for form in csv csv-excel; do
			again=$here/$grain$([ "$form" = csv ] || echo .excel).csv
			oms-export -q --grain="$grain" -F "$form" -o "$again" --manifest
			oms-export -q --grain="$grain" -F "$form" | cmp - "$again"
			oms-export -q --verify "$again"
		done
	done
	oms-export -q -F pdf -o "$here/register.pdf" --manifest
	oms-export -q --verify "$here/register.pdf"
	python3 "$SRC/tests/data/exports.py" "$1" "$2" "$here"
	rm -f "$here"/*.pdf* "$here"/{order,line,payment}.*
}

folder=$data/olist retail=$data/online-retail/online_retail.csv.xz every=15
if [ "$mode" = slice ]; then
	export OMS_QUICK=1
	slice_olist
	folder=$here every=2
	xz -dc "$retail" | awk 'NR == 1 || (NR > 2 && NR < 6003)' >"$here/retail.csv"
	retail=$here/retail.csv
fi
python3 "$SRC/tests/data/olist.py" "$folder" >"$here/olist.jsonl"
export OMS_DB=$here/olist.db
take_in olist "$here/olist.jsonl"
orders | read_csv olist "$folder" "$OMS_DB"
exports olist "$folder"
awk -v every="$every" 'NR % every == 0' "$here/olist.jsonl" >"$here/some.jsonl"
three_orders olist "$here/some.jsonl"
case $retail in *.xz) xz -dc "$retail" >"$here/retail.csv" ;; esac
export OMS_DB=$here/retail.db
take_in online-retail "$here/retail.csv"
orders | read_csv retail "$here/retail.csv" "$OMS_DB"
exports retail "$here/retail.csv"
