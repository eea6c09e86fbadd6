# tcptrace.awk: known differences, then our rows, then tcptrace's; prints a line per field.
#
# Rows of the last two: capture, client and port, server and port, packets each way, then each field
# as "client server". A connection is compared where both have just one between its ends, with as
# many packets: tcptrace delimits some otherwise, and leaves fragments out.

BEGIN {
	OFS = "\t"
	count = split("unique_bytes rexmt_packets data_packets pure_acks zero_windows max_window " \
		"initial_window max_segment mss dsacks", fields, " ")
}

FNR == 1 { file++ }
/^#/ && file == 1 { next }

# capture, client port, field, theirs, ours, reason
file == 1 {
	known[$1, $2, $3] = $4 OFS $5
	next
}

file == 2 {
	key = $1 OFS $2 OFS $3 OFS $4 OFS $5
	ours[key]++
	packets[key] = $6
	for (f = 1; f <= count; f++)
		value[key, f] = $(6 + f)
	next
}

function exchanged(pair,    part) {
	split(pair, part, " ")
	return part[2] " " part[1]
}

{
	key = $1 OFS $2 OFS $3 OFS $4 OFS $5
	is_other_way = !(key in ours)
	if (is_other_way)
		key = $1 OFS $4 OFS $5 OFS $2 OFS $3
	if (theirs[key]++ == 0)
		order[++rows] = key
	for (f = 0; f <= count; f++)
		answer[key, f] = is_other_way ? exchanged($(6 + f)) : $(6 + f)
}

function judge(key, f,    part, id, t, o) {
	t = answer[key, f]
	o = value[key, f]
	split(key, part, OFS)
	id = part[1] SUBSEP part[3] SUBSEP fields[f]
	if (t == o) {
		agreed[f]++
	} else if (id in known && known[id] == t OFS o) {
		expected[f]++
		met[id] = 1
	} else {
		disagreed[f]++
		print "disagreed: " part[1] " port " part[3] " " fields[f] ": theirs " t ", ours " o
	}
}

END {
	for (i = 1; i <= rows; i++) {
		key = order[i]
		if (ours[key] != 1 || theirs[key] != 1 || packets[key] != answer[key, 0]) {
			skipped++
			continue
		}
		for (f = 1; f <= count; f++)
			judge(key, f)
	}
	for (id in known)
		if (!(id in met)) {
			split(id, part, SUBSEP)
			print "gone: the known difference of " part[1] " port " part[2] " " part[3]
			stale++
		}
	printf "%-16s %6s %8s %10s\n", "tcptrace's field", "agreed", "known", "disagreed"
	for (f = 1; f <= count; f++) {
		printf "%-16s %6d %8d %10d\n", fields[f], agreed[f], expected[f], disagreed[f]
		failures += disagreed[f]
		passes += agreed[f] + expected[f]
	}
	print skipped + 0 " connections that tcptrace delimits otherwise were left out"
	print passes + 0 " passed, " failures + stale + 0 " failed"
	exit failures + stale > 0
}
