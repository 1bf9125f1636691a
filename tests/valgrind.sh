#!/usr/bin/env bash
# Every command once under valgrind, on the good and the bad: no error, no leak at exit. Used by make soak.
# VALGRIND_ONLY=NAME runs one of them.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
B=$(realpath "${B:-build}")
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
export OMS_NOW=2026-11-20T10:00:00Z TZ=UTC0 PATH=$B/bin:$PATH OMS_DB=$dir/oms.db
cd "$dir"
bad=0 runs=0

# STATUS COMMAND...: under valgrind; the status must be one of those given, "1|3"
check() {
	local want=$1 got=0
	shift
	[ -z "${VALGRIND_ONLY:-}" ] || [ "$1" = "$VALGRIND_ONLY" ] || { "$@" >/dev/null 2>&1 || true; return 0; }
	runs=$((runs + 1))
	valgrind -q --error-exitcode=99 --leak-check=full --show-leak-kinds=definite,indirect,possible --errors-for-leak-kinds=definite,indirect,possible --log-file=log "$B/bin/$1" "${@:2}" >out 2>err </dev/null || got=$?
	case "|$want|" in *"|$got|"*) [ -s log ] || return 0 ;; esac
	echo "valgrind: $*: exit $got, not $want"
	sed -n 1,40p log
	tail -n 3 err
	bad=1
}

python3 "$here/durable/orders.py" 60 7 >orders.jsonl
(cd "$here/hostile" && python3 -c 'import sys; sys.argv = ["json_cases.py", "make", sys.argv[1]]; exec(open("json_cases.py").read())' "$dir")
awk 'length < 60000' hostile.jsonl >some.jsonl
printf 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n1,A,B,6,12/1/2010 8:26,2.55,1,France\n2,A,"B,6\n1,A,B,6,12/1/2010 8:26,2.55,1,France\n' >till.csv

check 0 oms-init
check 0 oms-init
check 0 oms-source
check 0 oms-source shop --channel=oms --currency=EUR
check 1 oms-source nowhere
check 3 oms-ingest --source=shopify orders.jsonl
check 3 oms-ingest --source=shopify orders.jsonl
check '1|3' oms-ingest -n --source=shopify orders.jsonl
check 65 oms-ingest --atomic --source=shopify --restart orders.jsonl
check 3 oms-ingest --source=shop some.jsonl
check '1|3' oms-ingest --source=online-retail till.csv
check 66 oms-ingest --source=shop none
check 1 oms-ingest --source=none orders.jsonl
check 0 oms-find -L 0
for f in table text csv tsv json ids count; do check 0 oms-find -F "$f" -L 20; done
check 0 oms-find --explain --status=new,confirmed --since=2024-01-01 -L 3
check 0 oms-find --sku=SKU-00001 -L 3
check 1 oms-find nobody@example.org
check 64 oms-find --status=none
check 0 oms-show shopify:5000000001
check 0 oms-show --every --all -F text
check 0 oms-show --every -F csv
check 3 oms-show shopify:5000000001 none --only=lines -F table
check 1 oms-show none --json-errors
check 0 oms-show shopify:5000000001 --at=2025-06-01
check 0 oms-dead
check 0 oms-dead -F table 1
check 0 oms-dead --raw 1
check '1|3' oms-redrive --all
check '0|1|3' oms-redrive -n 1
check 3 oms-map --source=shopify orders.jsonl
check '0|3' oms-map --source=shopify --coverage orders.jsonl
check '0|3' oms-map --source=shopify --trace orders.jsonl
check 3 oms-map --channel=oms some.jsonl
oms-map --source=shopify orders.jsonl >events 2>/dev/null || true
check 0 oms-validate events
check '1|3' oms-validate --rejects=rejects some.jsonl
check 0 oms-fsck
check 0 oms-fsck --deep
check 0 oms-fsck --digest
check 0 oms-fsck --rebuild
check 66 oms-fsck --db=none.db
check 0 oms help
check 0 oms version --json
check 64 oms fnd
check 0 oms __complete oms show shopify:50
for c in "$B"/bin/oms-*; do
	check 0 "${c##*/}" --help
	check 0 "${c##*/}" --describe
	check 64 "${c##*/}" --no-such-option
done
[ "$bad" = 0 ] && echo "valgrind: $runs runs, no error, no leak"
exit "$bad"
