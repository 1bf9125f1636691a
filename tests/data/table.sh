#!/usr/bin/env bash
# What becomes of every payload at hand, as a table: one fresh store a channel, then one store for all, sales channels first.
# A file that is refused whole must leave the count of orders as it was. The files lie outside the tree ($OMS_DATA).
set -euo pipefail
SRC=${SRC:-$(cd "$(dirname "$0")/../.." && pwd)}
data=${OMS_DATA:-$SRC/../shared/data}/channels
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
export OMS_NOW=2026-11-20T10:00:00Z TZ=UTC0 LC_ALL=C.UTF-8 OMS_SHARE=$SRC/share
[ -d "$data" ] || { echo "table.sh: no payloads in $data" >&2; exit 77; }
channels=(shopify woocommerce amazon amazon-flat stripe easypost aftership zendesk)

files_of() { # channel
	local folder=$data/${1%-flat}
	case $1 in
	amazon) find "$folder" -name '*.json' ;;
	amazon-flat) find "$folder" -name '*.[tc]sv' ;;
	*) find "$folder" -name '*.json' ;;
	esac | sort
}

# A line a record: channel, file, outcome, code; and one where a file changed the orders though all of it was refused.
take_in() { # channel
	local f before code topic
	while IFS= read -r f; do
		topic=
		case $f in */zendesk/ticket_comments.json) topic=tickets/4/comments ;; esac # only the address says of which ticket
		before=$(oms-find -F count) code=0
		oms-ingest -q --source="$1" ${topic:+--topic="$topic"} --format=jsonl "$f" >"$here/results" 2>>"$here/errors" || code=$?
		python3 -c '
import json, sys
channel, name, code = sys.argv[1:]
rows = [json.loads(line) for line in sys.stdin]
if code == "65" and not rows: print(channel, name, "dead", "not_a_table", sep="\t")
for r in rows: print(channel, name, r["outcome"], r.get("code", ""), sep="\t")' "$1" "${f##*/}" "$code" <"$here/results"
		if ! grep -qv '"outcome":"dead"' "$here/results" && [ "$(oms-find -F count)" != "$before" ]; then echo "$1	${f##*/}	HALF	stored"; fi
	done < <(files_of "$1")
}

table() {
	python3 -c '
import collections, sys
rows = [line.rstrip("\n").split("\t") for line in sys.stdin]
names = list(dict.fromkeys(r[0] for r in rows))
words = ("applied", "duplicate", "stale", "parked", "dead")
print("%-14s %5s %7s" % ("channel", "files", "records"), *("%9s" % w for w in words), " dead because")
for name in names + ["all"]:
    mine = [r for r in rows if name in (r[0], "all")]
    n = collections.Counter(r[2] for r in mine)
    why = collections.Counter(r[3] for r in mine if r[2] == "dead")
    print("%-14s %5d %7d" % (name, len({(r[0], r[1]) for r in mine}), len(mine)), *("%9d" % n[w] for w in words), "", ", ".join("%s %d" % x for x in sorted(why.items())))
half = [r for r in rows if r[2] == "HALF"]
for r in half: print("half stored:", *r)
sys.exit(bool(half))'
}

echo "one store a channel"
for c in "${channels[@]}"; do
	export OMS_DB=$here/$c.db
	oms-init -q
	take_in "$c"
done >"$here/rows"
table <"$here/rows"
if [ "${1:-}" = -v ]; then sed 's/^/  /' "$here/rows"; fi
echo
echo "one store for all"
export OMS_DB=$here/all.db
oms-init -q
for c in "${channels[@]}"; do take_in "$c"; done >"$here/rows"
table <"$here/rows"
oms-fsck -q --deep
echo "oms-fsck --deep: nothing wrong"
