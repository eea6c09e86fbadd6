# mutants.awk: lists the mutants of a source, or with -v only=NAME writes that one.
#
# The source is read twice (awk -f mutants.awk x.c x.c). A mutant is an arrow that is gone, an arrow
# that leads elsewhere, a predicate's return that says the opposite, and with -v all=1 also an `if`
# that goes the other way. Lines are never added or removed.

function hit(name) {
	name = base ":" name
	if (only == "")
		print name
	return name == only
}

function elsewhere(from, to,    i) {
	for (i = place[to] + 1; states[i % count] == from || states[i % count] == to; i++)
		;
	return states[i % count]
}

function is_arrow() {
	return $0 ~ /^[ \t]*\[ST_[A-Z0-9_]+\][ \t]*\[[A-Z0-9_]+\][ \t]*=[ \t]*ST_[A-Z0-9_]+,/
}

# arrow[2], [4] and [6] become from, on and to.
function read_arrow(    line) {
	line = $0
	sub(/,.*/, "", line)
	gsub(/[ \t=]/, "", line)
	split(line, arrow, /[][]/)
	from = arrow[2]; on = arrow[4]; to = arrow[5]
}

FNR == 1 { base = FILENAME; sub(/.*\//, "", base) }

NR == FNR {
	if (is_arrow()) {
		read_arrow()
		if (!(to in place)) {
			place[to] = count
			states[count++] = to
		}
	}
	next
}

is_arrow() {
	read_arrow()
	if (hit(from ":" on ":gone"))
		$0 = ""
	else if (count > 2 && hit(from ":" on ":elsewhere"))
		sub(/=[ \t]*ST_[A-Z0-9_]+/, "= " elsewhere(from, to))
}

/^(static )?(inline )?bool [a-z0-9_]+\(/ {
	predicate = $0
	sub(/\(.*/, "", predicate)
	sub(/.* /, "", predicate)
	returns = 0
}

/^[a-z].*\(/ {
	name = $0
	sub(/\(.*/, "", name)
	sub(/.*[ *]/, "", name)
	ifs = 0
}

predicate != "" && /^[ \t]+return / && hit(predicate ":return-" ++returns ":negated") {
	sub(/return /, "return !(")
	open = 1
}

open && /;[ \t]*(\/\*.*)?$/ {
	sub(/;[ \t]*(\/\*.*)?$/, ");")
	open = 0
}

all && /^[ \t]+(} else )?if \(.*\)( \{)?$/ && hit(name ":if-" ++ifs ":negated") {
	sub(/if \(/, "if (!(")
	sub(/\)( \{)?$/, ")&")
}

/^}/ { predicate = "" }

only != "" { print }
