# compare.awk: known differences, then the oracle's rows, then ours; prints a line per field.
#
# Files in this order: known.tsv, theirs, ours. Rows of the last two begin with
# the capture's name and the stream number.

BEGIN {
	OFS = "\t"
	count = split("connections ends packets payload completeness irtt " \
		"retransmission fast_retransmission spurious_retransmission out_of_order " \
		"lost_segment ack_lost_segment duplicate_ack keep_alive keep_alive_ack " \
		"zero_window zero_window_probe zero_window_probe_ack window_full " \
		"window_update reused_ports tfo_syn tfo_ack tfo_ignored", fields, " ")
	first_flag = 7
}

FNR == 1 { file++ }
/^#/ && file == 1 { next }

# capture, stream, field, theirs, ours, reason
file == 1 {
	known[$1, $2, $3] = $4 OFS $5
	next
}

# capture, then the columns of oracle/*.tshark.tsv
file == 2 {
	key = $1 OFS $2
	order[++streams] = key
	theirs[key, "connections"] = 1
	theirs[key, "ends"] = $3 " " $4 " > " $5 " " $6
	theirs[key, "completeness"] = $12
	theirs[key, "irtt"] = seconds($14)
	theirs[key, "packets"] = $15 " " $22
	theirs[key, "payload"] = $17 " " $24
	take_flags(theirs, key, $30)
	next
}

# capture, stream, client, port, server, port, packets each way, payload each way, completeness, irtt, flags
{
	key = $1 OFS $2
	if (!((key, "connections") in theirs)) {
		order[++streams] = key
		theirs[key, "connections"] = 0
	}
	ours[key, "connections"]++
	ours[key, "ends"] = $3 " " $4 " > " $5 " " $6
	ours[key, "packets"] = $7 " " $8
	ours[key, "payload"] = $9 " " $10
	ours[key, "completeness"] = $11
	ours[key, "irtt"] = seconds($12)
	take_flags(ours, key, $13)
}

# "retransmission/c=4;duplicate_ack/s=1": becomes "4 0" and "0 1", by sender; what is not there is 0.
function take_flags(table, key, text,    i, n, words, part, sent) {
	n = split(text, words, ";")
	for (i = 1; i <= n; i++) {
		split(words[i], part, "=")
		sent[part[1]] = part[2]
	}
	for (i = first_flag; i <= count; i++)
		table[key, fields[i]] = sent[fields[i] "/c"] + 0 " " sent[fields[i] "/s"] + 0
}

# Times are compared as text; jq may have dropped zeros at the end.
function seconds(text) {
	return text == "" ? "none" : sprintf("%.6f", text)
}

function judge(key, field, t, o,    part, id) {
	if (t == o) {
		agreed[field]++
		return
	}
	split(key, part, OFS)
	id = part[1] SUBSEP part[2] SUBSEP field
	if (id in known && known[id] == t OFS o) {
		expected[field]++
		met[id] = 1
		return
	}
	disagreed[field]++
	print "disagreed: " part[1] " stream " part[2] " " field ": theirs " t ", ours " o
}

END {
	for (i = 1; i <= streams; i++) {
		key = order[i]
		judge(key, "connections", theirs[key, "connections"] + 0, ours[key, "connections"] + 0)
		if (theirs[key, "connections"] != 1 || ours[key, "connections"] != 1)
			continue
		for (f = 2; f <= count; f++)
			judge(key, fields[f], theirs[key, fields[f]], ours[key, fields[f]])
	}
	for (id in known)
		if (!(id in met)) {
			split(id, part, SUBSEP)
			print "gone: the known difference of " part[1] " stream " part[2] " " part[3]
			stale++
		}
	printf "%-24s %8s %8s %10s\n", "field", "agreed", "known", "disagreed"
	for (f = 1; f <= count; f++) {
		printf "%-24s %8d %8d %10d\n", fields[f], agreed[fields[f]], expected[fields[f]], disagreed[fields[f]]
		failures += disagreed[fields[f]]
		passes += agreed[fields[f]] + expected[fields[f]]
	}
	print passes + 0 " passed, " failures + stale + 0 " failed"
	exit failures + stale > 0
}
