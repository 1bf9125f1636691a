# Makes man/NAME.1 out of what the command says of itself (NAME --describe) and its prose (man/NAME.1.in):
#   awk -f man/man.awk NAME.tsv NAME.1.in
# The prose is mdoc: what stands before its first .Sh is the DESCRIPTION; then any sections, of which OPTIONS,
# EXIT STATUS, ENVIRONMENT and FILES are added to what is made here, and EXAMPLES, SEE ALSO and others stand as they are.
# Examples are lines ".Dl $ oms-find 1001". A line .Dd gives the date. "#" alone in column 1 begins a comment.

function escaped(s) { gsub(/\\/, "\\e", s); return s }
function text(s) { s = escaped(s); gsub(/…/, "...", s); return s ~ /^[.']/ ? "\\&" s : s }
function sentence(s) { s = toupper(substr(s, 1, 1)) substr(s, 2); return s ~ /([.!?]|…)$/ ? s : s "." }
# One word of a macro line: never mistaken for punctuation or for a macro of its own.
function word(s) {
	s = escaped(s)
	gsub(/"/, "\\(dq", s)
	if (s ~ /^[.,:;()\[\]?!|]$/ || s ~ /^[A-Z%][a-z0-9]$/) s = "\\&" s
	return s ~ / / ? "\"" s "\"" : s
}

FNR == 1 { file++ }
file == 1 && FNR == 1 { FS = "\t"; $0 = $0 }
file == 1 && $1 == "command" { name = $2; summary = $3; args = $4; audience = $5; store = $6 }
file == 1 && $1 == "option" { n++; head[n] = $2; short[n] = $3; long[n] = $4; arg[n] = $5; flag[n] = $6; words[n] = $7 }
file == 1 && $1 == "operand" { operands++; kind[operands] = $2; least[operands] = $3; most[operands] = $4 }
file == 1 && $1 == "exit" { exits++; status[exits] = $2; meaning[exits] = $4 }
file == 1 && $1 == "example" { examples++; example[examples] = $2 }
file == 1 && $1 == "column" { columns++; column[columns] = $2; path[columns] = $3 }
file == 1 { next }

/^#/ { next }
/^\.Dd / { date = $0; next }
/^\.Sh / {
	section = substr($0, 5)
	if (!(section in prose)) order[++sections] = section
	prose[section] = prose[section] ""
	next
}
section == "" && /^[ \t]*$/ && !described { next }
section == "" { described = 1; description = description $0 "\n"; next }
{ prose[section] = prose[section] $0 "\n" }

function printed(s) { if (s in prose) { printf "%s", prose[s]; done[s] = 1; return 1 } return 0 }

function operand(i) {
	if (least[i]) printf ".Ar %s\n", word(kind[i]) (most[i] == "*" ? " ..." : "")
	else printf ".Op Ar %s\n", word(kind[i]) (most[i] == "*" ? " ..." : "")
}

function synopsis(  i) {
	print ".Sh SYNOPSIS"
	if (printed("SYNOPSIS")) return
	print ".Nm"
	print ".Op Ar OPTION ..."
	for (i = 1; i <= operands; i++) operand(i)
}

function item(i,  s, a) {
	a = arg[i] == "-" ? "" : word(arg[i])
	s = ".It"
	if (short[i] != "-") s = s " Fl " word(short[i]) " ,"
	s = s " Fl \\-" word(long[i])
	if (a != "" && flag[i] == "?") s = s " Ns Op = Ns Ar " a
	else if (a != "") s = s " Ns = Ns Ar " a
	print s
	print text(sentence(words[i]))
}

# Groups of one name are one group, wherever their tables stand.
function options(  i, k, open) {
	print ".Sh OPTIONS"
	for (i = 1; i <= n; i++) {
		if (flag[i] == "h" || long[i] == "-" || (head[i] in told)) continue
		told[head[i]] = 1
		k = head[i]
		sub(/:$/, "", k)
		print ".Ss " escaped(k)
		print ".Bl -tag -width Ds"
		for (k = i; k <= n; k++) if (head[k] == head[i] && flag[k] != "h" && long[k] != "-") item(k)
		print ".El"
	}
	printed("OPTIONS")
}

# Names as they stand above a column, and the member where it is called otherwise.
function fields(  i, k) {
	if (!columns) return
	print ".Ss Fields"
	print "Tables, csv and tsv show these; json and jsonl carry the whole record:"
	for (i = 1; i <= columns; i++) {
		k = column[i] == "" ? path[i] : tolower(column[i])
		printf ".Cm %s%s\n", word(k), k == path[i] ? (i < columns ? " ," : " .") : ""
		if (k != path[i]) printf ".Pq Va %s %s\n", word(path[i]), i < columns ? "," : "."
	}
}

function has(name,  i) { for (i = 1; i <= n; i++) if (long[i] == name) return 1; return 0 }
function variable(v, s) { print ".It Ev " v; print s }

function environment() {
	print ".Sh ENVIRONMENT"
	print ".Bl -tag -width Ds"
	if (store != "none") variable("OMS_DB", "The store, where\n.Fl \\-db\nis not given.")
	variable("OMS_JSON_ERRORS", "If 1, errors are JSON in every command, as with\n.Fl \\-json-errors .")
	if (has("tz")) variable("TZ", "The time zone of dates typed and shown.\nRecords are in UTC whatever it says.")
	if (has("color")) variable("NO_COLOR , CLICOLOR , CLICOLOR_FORCE , TERM", "Whether tables and text are coloured; see\n.Xr oms 7 .")
	if (has("width")) variable("COLUMNS", "The width of the terminal.")
	if (store != "none") variable("XDG_DATA_HOME , HOME", "Where the store is looked for in the end.")
	print ".El"
	printed("ENVIRONMENT")
}

function files() {
	if (store == "none" && !("FILES" in prose)) return
	print ".Sh FILES"
	if (store != "none") {
		print ".Bl -tag -width Ds"
		print ".It Pa $XDG_DATA_HOME/oms/oms.db"
		print "The store, where nothing else is said;"
		print ".Ev XDG_DATA_HOME"
		print "is"
		print ".Pa ~/.local/share"
		print "if not set."
		print ".El"
	}
	printed("FILES")
}

function exit_status(  i) {
	print ".Sh EXIT STATUS"
	printed("EXIT STATUS")
	print ".Bl -tag -width Ds -compact"
	for (i = 1; i <= exits; i++) { print ".It " status[i]; print text(sentence(meaning[i])) }
	print ".El"
}

function example_section(  i) {
	print ".Sh EXAMPLES"
	if (printed("EXAMPLES")) return
	for (i = 1; i <= examples; i++) print ".Dl $ " escaped(example[i])
}

function reference(s,  part) {
	split(s, part, " ")
	s = part[3] " " part[2]
	if (s in seen) return
	seen[s] = 1
	for (refs++; refs > 1 && ref[refs - 1] > s; refs--) ref[refs] = ref[refs - 1]
	ref[refs] = s
	refs = ++known
}

# Pages by section and name, the two that every command has among them; other words stand behind.
function see_also(  i, m, line, rest, part) {
	print ".Sh SEE ALSO"
	m = split(prose["SEE ALSO"], line, "\n")
	for (i = 1; i <= m; i++)
		if (line[i] ~ /^\.Xr /) reference(line[i])
		else if (line[i] != "") rest = rest line[i] "\n"
	reference(".Xr oms 7")
	reference(".Xr oms-exit-codes 7")
	for (i = 1; i <= refs; i++) { split(ref[i], part, " "); print ".Xr " part[2] " " part[1] (i < refs ? " ," : "") }
	printf "%s", rest
}

END {
	print (date == "" ? ".Dd November 25, 2026" : date)
	print ".Dt " toupper(name) " 1"
	print ".Os"
	print ".Sh NAME"
	print ".Nm " name
	print ".Nd " text(summary)
	synopsis()
	print ".Sh DESCRIPTION"
	if (description != "") printf "%s", description
	printed("DESCRIPTION")
	options()
	fields()
	for (i = 1; i <= sections; i++) {
		s = order[i]
		if (s !~ /^(NAME|SYNOPSIS|DESCRIPTION|OPTIONS|ENVIRONMENT|FILES|EXIT STATUS|EXAMPLES|DIAGNOSTICS|SEE ALSO|STANDARDS|HISTORY|AUTHORS|CAVEATS|BUGS)$/) {
			print ".Sh " s
			printed(s)
		}
	}
	environment()
	files()
	exit_status()
	example_section()
	if ("DIAGNOSTICS" in prose) { print ".Sh DIAGNOSTICS"; printed("DIAGNOSTICS") }
	see_also()
	split("STANDARDS HISTORY AUTHORS CAVEATS BUGS", last, " ")
	for (i = 1; i <= 5; i++) if (last[i] in prose) { print ".Sh " last[i]; printed(last[i]) }
}
