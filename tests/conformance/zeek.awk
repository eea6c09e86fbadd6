# zeek.awk: known differences, then rows of Zeek's conn.log, then of ours; prints a line per field.
#
# Files in this order: known-zeek.tsv, theirs, ours. Lines of the last two begin with the capture's
# name, and name their columns first. Rows are matched by addresses and ports, the first of theirs
# with the first of ours and so on; where Zeek's test left those out, by their order. Columns that
# it left out are not compared.

BEGIN {
	OFS = "\t"
	count = split("rows ends conn_state history orig_bytes resp_bytes orig_pkts resp_pkts " \
	              "duration missed_bytes orig_ip_bytes resp_ip_bytes", fields, " ")
}

FNR == 1 { file++; capture = "" }

# capture, connection, field, theirs, ours, reason
file == 1 {
	if (!/^#/) {
		known[$1, $2, $3] = $4 OFS $5
		reasons[$6]++
	}
	next
}

$2 == "#fields" { learn(3, 1); next }
$2 ~ /^#/ { next }
file == 2 && $1 != capture { capture = $1; learn(2, 0); next }
cell("proto") == "udp" { next }
{ keep(file == 2 ? "theirs" : "ours") }

function learn(first, shift,    i) {
	split("", column)
	for (i = first; i <= NF; i++)
		column[$i] = i - shift
}

function cell(name) {
	return name in column ? $column[name] : ""
}

function keep(whose,    left, right, tuple, row, f, n) {
	left = cell("id.orig_h") " " cell("id.orig_p")
	right = cell("id.resp_h") " " cell("id.resp_p")
	tuple = left < right ? left " " right : right " " left
	if (whose == "theirs" && left == " ")
		nameless[$1] = 1
	if ($1 in nameless)
		tuple = "any"
	row = $1 OFS tuple
	if (!(row in seen))
		order[++tuples] = row
	seen[row] = 1
	n = ++rows[whose, row]
	value[whose, row, n, "ends"] = $1 in nameless ? "" : left " > " right
	for (f = 3; f <= count; f++)
		value[whose, row, n, fields[f]] = cell(fields[f])
}

# Zeek rounds times, we cut them.
function is_near(field, t, o) {
	return field == "duration" && t != "-" && o != "-" && (t - o) ^ 2 < 1e-11
}

function judge(row, n, field, t, o,    part, id) {
	if (t == o || is_near(field, t, o)) {
		agreed[field]++
		return
	}
	split(row, part, OFS)
	id = part[1] SUBSEP part[2] " #" n SUBSEP field
	if (id in known && known[id] == t OFS o) {
		expected[field]++
		met[id] = 1
		return
	}
	disagreed[field]++
	print "disagreed: " part[1] ": " part[2] " #" n " " field ": theirs " t ", ours " o
}

# Of a connection that Zeek wrote in pieces we count all, or only the first: the rest came late.
function whole(row, field, pieces, ours,    n, sum) {
	for (n = 1; n <= pieces; n++)
		sum += value["theirs", row, n, field]
	return sum == ours ? sum : value["theirs", row, 1, field]
}

function compare(row,    theirs, ours, n, f, t, o) {
	theirs = rows["theirs", row] + 0
	ours = rows["ours", row] + 0
	if (theirs == 0)
		return
	judge(row, 1, "rows", theirs, ours)
	for (n = 1; n <= theirs && n <= ours; n++)
		for (f = 2; f <= count; f++) {
			t = value["theirs", row, n, fields[f]]
			o = value["ours", row, n, fields[f]]
			if (t == "" || (theirs > ours && fields[f] == "duration"))
				continue
			if (theirs > ours && fields[f] ~ /_(bytes|pkts)$/ && t != "-")
				t = whole(row, fields[f], theirs, o)
			judge(row, n, fields[f], t, o)
		}
}

END {
	for (i = 1; i <= tuples; i++)
		compare(order[i])
	for (id in known)
		if (!(id in met)) {
			split(id, part, SUBSEP)
			print "gone: the known difference of " part[1] ": " part[2] " " part[3]
			stale++
		}
	printf "%-14s %8s %8s %10s\n", "Zeek's field", "agreed", "known", "disagreed"
	for (f = 1; f <= count; f++) {
		printf "%-14s %8d %8d %10d\n", fields[f], agreed[fields[f]], expected[fields[f]], disagreed[fields[f]]
		failures += disagreed[fields[f]]
		passes += agreed[fields[f]] + expected[fields[f]]
	}
	print passes + 0 " passed, " failures + stale + 0 " failed"
	exit failures + stale > 0
}
