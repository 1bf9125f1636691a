# Writes the named statements and the migrations as C: awk -v part=h|c -f sql.awk lib/sql/*.sql share/schema/*.sql
# A statement starts at its `-- name: order_key` line and becomes SQL_ORDER_KEY; a migration is a whole file NNNN-what.sql.
# Other lines that are comments alone are left out: they are for whoever reads the .sql.

function refuse(why)
{
	printf "%s:%d: %s\n", FILENAME, FNR, why > "/dev/stderr"
	refused = 1
	exit 1
}
# One line as a C string literal. The question mark is for trigraphs.
function literal(s)
{
	gsub(/\\/, "\\\\", s)
	gsub(/"/, "\\\"", s)
	gsub(/\?/, "\\?", s)
	gsub(/\t/, "\\t", s)
	return "\t\"" s "\\n\"\n"
}
FNR == 1 {
	base = FILENAME
	sub(/.*\//, "", base)
	migration = base ~ /^[0-9][0-9][0-9][0-9]-.*\.sql$/
	open = 0
	if (migration) {
		version[++migrations] = substr(base, 1, 4) + 0
		if (version[migrations] != migrations) refuse("migrations must be numbered 1, 2, 3 … without a gap")
		title[migrations] = substr(base, 6, length(base) - 9)
	}
}
{ sub(/\r$/, "") }
!migration && /^-- name: / {
	if ($3 !~ /^[a-z][a-z0-9_]*$/ || NF != 3) refuse("a statement's name is one lower_case word")
	if ($3 in seen) refuse("a second statement is called " $3 " (the first is in " seen[$3] ")")
	seen[$3] = FILENAME
	name[++statements] = $3
	open = 1
	next
}
/^[ \t]*(--.*)?$/ { next }
migration { body[migrations] = body[migrations] literal($0); next }
!open { refuse("this line stands before any `-- name: ` line") }
{ text[statements] = text[statements] literal($0) }
END {
	if (refused) exit 1
	for (i = 1; i <= statements; i++) if (text[i] == "") { print "statement " name[i] " is empty" > "/dev/stderr"; exit 1 }
	if (part == "h") {
		print "// Named statements and migrations: written by lib/sql/sql.awk, do not edit."
		print "#ifndef SQL_H\n#define SQL_H\n#include <stddef.h>\n\nenum sql {"
		for (i = 1; i <= statements; i++) print "\tSQL_" toupper(name[i]) ","
		print "\tSQL_COUNT\n};"
		print "extern const char *const sql_text[]; // by enum sql"
		print "extern const char *const sql_name[];"
		print "extern const struct migration { int version; const char *name, *text; } migrations[];"
		print "extern const size_t n_migrations;\n#endif"
		exit
	}
	print "// Named statements and migrations: written by lib/sql/sql.awk, do not edit.\n#include \"sql.h\"\n"
	print "#pragma GCC diagnostic ignored \"-Woverlength-strings\"\n"
	print "const char *const sql_text[SQL_COUNT + 1] = {"
	for (i = 1; i <= statements; i++) printf "\t[SQL_%s] =\n%s,\n", toupper(name[i]), text[i]
	print "};\nconst char *const sql_name[SQL_COUNT + 1] = {"
	for (i = 1; i <= statements; i++) printf "\t[SQL_%s] = \"%s\",\n", toupper(name[i]), name[i]
	print "};\nconst struct migration migrations[] = {"
	for (i = 1; i <= migrations; i++) printf "\t{%d, \"%s\",\n%s},\n", version[i], title[i], body[i]
	if (migrations == 0) print "\t{0, 0, 0}"
	print "};\nconst size_t n_migrations = " migrations + 0 ";"
}
