# Holds the includes of lib/ and cmd/ against lib/FLOORS: awk -f tests/floors.awk lib/FLOORS FILE...
# A file includes lower floors and its own header; parts of one module (NAME, NAME_part on lines next to each other) include
# each other; what a line names after @ is included by its module only. cmd/ stands above all. A part that has no line of
# its own is named in its module's sentence, or belongs to the module whose name its own begins with.

function stem(s) { sub(/_.*/, "", s); return s }
function say(s) { print FILENAME ":" FNR ": " s; bad = 1 }
function floor_of(name,  n) {
	if (name in floor) return floor[name]
	for (n = name; n ~ /_/;) { sub(/_[^_]*$/, "", n); if (n in floor) return floor[n] }
	return 0
}

FILENAME ~ /FLOORS$/ {
	if ($1 ~ /^#/ || NF == 0) { if ($1 ~ /^#/) last = ""; next }
	family++
	if (stem($1) == last) family--
	last = stem($1)
	floor[$1] = FNR
	kin[FNR] = family
	for (i = 2; i <= NF; i++) {
		w = $i
		if (w ~ /^@/) { owner[substr(w, 2)] = owner[substr(w, 2)] " " family; continue }
		gsub(/[^a-z0-9_]/, "", w)
		if (w ~ /^[a-z0-9]+_[a-z0-9_]+$/ && !(w in floor)) named[w] = FNR
	}
	next
}
!settled { for (w in named) if (!(w in floor)) floor[w] = named[w]; settled = 1 }

FNR == 1 {
	self = FILENAME
	above = self ~ /(^|\/)cmd\//
	sub(/.*\//, "", self)
	sub(/\.[ch]$/, "", self)
	mine = above ? 1000000 : floor_of(self)
	if (!mine) say(self " stands on no floor")
}
/^#include "/ {
	h = $2
	gsub(/"/, "", h)
	sub(/\.h$/, "", h)
	theirs = floor_of(h)
	if (h == self) next
	if (!theirs) say("includes " h ", which stands on no floor")
	else if (theirs >= mine && kin[theirs] != kin[mine]) say(self " reaches up to " h)
}
/^#include </ {
	h = $2
	gsub(/[<>]/, "", h)
	if (h in owner && index(owner[h] " ", " " kin[mine] " ") == 0) say("only its owner may include <" h ">")
}
END { exit bad }
