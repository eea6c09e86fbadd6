/* option_table.c: the one table of options, from which parsing, help and completions follow. */
#include "app/options.h"

#include <assert.h>
#include <stddef.h>

#define MEMBER(name) offsetof(struct settings, name)

/* clang-format off */
static const struct option_row rows[] = {
	/* name, letter, argument, commands, takes, member, help */
	{ "read",        'r', "FILE", FOR_READERS, TAKES_FILE, MEMBER(files),
	  "a capture or a folder of them; - is standard input" },
	{ "interface",   'i', "IF", FOR_LIVE, TAKES_TEXT, MEMBER(interface),
	  "an interface, as it happens: lo, eth0, any" },
	{ "list-interfaces", 'D', NULL, FOR_LIVE, TAKES_NOTHING, MEMBER(list_interfaces),
	  "the interfaces that -i may name" },
	{ "for",          0,  "SECONDS", FOR_LIVE, TAKES_SECONDS, MEMBER(duration),
	  "with -i: end after that long" },
	{ "count",        0,  "N", FOR_READERS, TAKES_COUNT, MEMBER(count),
	  "end after N frames" },
	{ "snaplen",      0,  "BYTES", FOR_LIVE, TAKES_COUNT, MEMBER(snaplen),
	  "with -i: bytes of each frame (256; all with -w)" },
	{ "buffer-size", 'B', "KIB", FOR_LIVE, TAKES_COUNT, MEMBER(buffer),
	  "with -i: the kernel's buffer (65536)" },
	{ "netns",        0,  "NAME", FOR_LIVE, TAKES_TEXT, MEMBER(netns),
	  "with -i: in that network namespace" },
	{ "write",       'w', "FILE", FOR_READERS, TAKES_TEXT, MEMBER(write),
	  "write the frames that were seen to a pcap file" },
	{ "file-size",   'C', "SIZE", FOR_READERS, TAKES_SIZE, MEMBER(file_size),
	  "with -w: another file after SIZE million bytes" },
	{ "rotate",      'G', "SECONDS", FOR_READERS, TAKES_SECONDS, MEMBER(file_seconds),
	  "with -w: another file every SECONDS (strftime)" },
	{ "files",       'W', "N", FOR_READERS, TAKES_COUNT, MEMBER(files_most),
	  "with -C or -G: at most N files" },
	{ "recursive",    0,  NULL, FOR_READERS, TAKES_NOTHING, MEMBER(recursive),
	  "folders within folders, too" },
	{ "follow",       0,  NULL, FOR_READERS, TAKES_NOTHING, MEMBER(follow),
	  "wait for more at its end, as tail -F does" },
	{ "where",        0,  "EXPR", FOR_READERS, TAKES_TEXT, MEMBER(where),
	  "only some connections: 'state:close_wait port:443'" },
	{ "since",        0,  "TIME", FOR_READERS, TAKES_TIME, MEMBER(since),
	  "only packets from then on: a date, or +SECONDS" },
	{ "until",        0,  "TIME", FOR_READERS, TAKES_TIME, MEMBER(until),
	  "only packets until then" },

	{ "link-type",    0,  "N", FOR_READERS, TAKES_COUNT, MEMBER(link_type),
	  "read USER link types, and unknown ones, as type N" },
	{ "tunnel-port",  0,  "KIND=PORT", FOR_READERS, TAKES_TUNNEL_PORT, MEMBER(tunnel_ports),
	  "another UDP port of a tunnel: vxlan=8472" },
	{ "by-vlan",      0,  NULL, FOR_READERS, TAKES_NOTHING, MEMBER(by_vlan),
	  "the same addresses in two VLANs are kept apart" },

	{ "tcp",         't', NULL, FOR_STAT, TAKES_NOTHING, MEMBER(tcp),
	  "only TCP" },
	{ "udp",         'u', NULL, FOR_STAT, TAKES_NOTHING, MEMBER(udp),
	  "only UDP (with -t: both)" },
	{ "all",         'a', NULL, FOR_STAT, TAKES_NOTHING, MEMBER(all),
	  "also ports that were seen accepting" },
	{ "listening",   'l', NULL, FOR_STAT, TAKES_NOTHING, MEMBER(listening),
	  "only ports that were seen accepting" },
	{ "statistics",  's', NULL, FOR_STAT, TAKES_NOTHING, MEMBER(statistics),
	  "what netstat -s says, where the wire proves it" },
	{ "timers",      'o', NULL, FOR_STAT, TAKES_NOTHING, MEMBER(timers),
	  "time left in TIME_WAIT, retransmission back-off" },
	{ "ipv4",        '4', NULL, FOR_STAT, TAKES_NOTHING, MEMBER(ipv4),
	  "only IPv4" },
	{ "ipv6",        '6', NULL, FOR_STAT, TAKES_NOTHING, MEMBER(ipv6),
	  "only IPv6 (with -4: both)" },
	{ "programs",    'p', NULL, FOR_STAT, TAKES_NOTHING, MEMBER(programs),
	  "the program that holds each socket of this host" },
	{ "kernel",       0,  NULL, FOR_STAT, TAKES_NOTHING, MEMBER(kernel),
	  "with -i: the kernel's own states beside ours" },
	{ "every",        0,  "SECONDS", FOR_STAT, TAKES_SECONDS, MEMBER(every),
	  "with -i: print again and again" },
	{ "by",           0,  "endpoint|connection", FOR_STAT, TAKES_CHOICE, MEMBER(by),
	  "what a row is" },

	{ "format",       0,  "text|json|csv", FOR_LOG, TAKES_FORMAT, MEMBER(format),
	  "how records are written (text)" },

	{ "sandbox",      0,  NULL, FOR_DEMO | FOR_LAB, TAKES_NOTHING, MEMBER(sandbox),
	  "in a network namespace of its own: needs no root" },
	{ "copies",       0,  "N", FOR_LAB, TAKES_COUNT, MEMBER(copies),
	  "run: that many at once" },
	{ "record",       0,  "FILE", FOR_LAB, TAKES_TEXT, MEMBER(record),
	  "run: write what passed on lo to a pcap file" },
	{ "count",        0,  "N", FOR_LAB, TAKES_COUNT, MEMBER(count),
	  "run: SYNs of a flood" },
	{ "listen",       0,  "ADDR:PORT", FOR_LAB, TAKES_TEXT, MEMBER(listen),
	  "serve: there, not on 127.0.0.1" },
	{ "folder",       0,  "DIR", FOR_LAB, TAKES_TEXT, MEMBER(folder),
	  "serve files: what is in it, and nothing else" },

	{ "flow",         0,  "N", FOR_LADDER, TAKES_IDS, MEMBER(ids),
	  "only connection N, or several: 1,4,7-9" },
	{ "format",       0,  "text", FOR_LADDER, TAKES_FORMAT, MEMBER(format),
	  "how ladders are drawn (text)" },
	{ "absolute-tcp-sequence-numbers", 'S', NULL, FOR_LADDER, TAKES_NOTHING,
	  MEMBER(absolute_numbers),
	  "sequence numbers as they are on the wire" },
	{ "payload",     'A', NULL, FOR_LADDER, TAKES_NOTHING, MEMBER(samples),
	  "the first printable bytes of data segments" },

	{ "top",          0,  "N", FOR_OVERVIEW | FOR_LADDER, TAKES_COUNT, MEMBER(top),
	  "show at most N connections (20, or 10 ladders)" },
	{ "linger",       0,  "SECONDS", FOR_READERS, TAKES_SECONDS, MEMBER(linger),
	  "silence between the end and the record (5)" },
	{ "time-wait",    0,  "SECONDS", FOR_READERS, TAKES_SECONDS, MEMBER(time_wait),
	  "how long TIME_WAIT lasts, 2 MSL (60)" },
	{ "max-flows",    0,  "N", FOR_READERS, TAKES_COUNT, MEMBER(max_flows),
	  "most connections at once (1000000)" },
	{ "keep",         0,  "N", FOR_READERS, TAKES_COUNT, MEMBER(keep),
	  "ended connections kept for tables (100000)" },
	{ "numeric",     'n', NULL, FOR_READERS, TAKES_NOTHING, MEMBER(numeric),
	  "numbers, not names: so it is anyway" },
	{ "color",        0,  "auto|always|never", FOR_READERS | FOR_DEMO, TAKES_CHOICE, MEMBER(colour),
	  "colours; auto: only on a terminal" },
	{ "ascii",        0,  NULL, FOR_READERS | FOR_DEMO, TAKES_NOTHING, MEMBER(ascii),
	  "draw with ASCII characters only" },
	{ "width",        0,  "COLUMNS", FOR_READERS | FOR_DEMO, TAKES_COUNT, MEMBER(width),
	  "columns to fit into; 0: do not cut lines" },
	{ "quiet",       'q', NULL, FOR_READERS, TAKES_NOTHING, MEMBER(quiet),
	  "no progress bar" },

	{ "help",        'h', NULL, FOR_ALL, TAKES_NOTHING, MEMBER(help),
	  "this help" },
	{ "version",     'V', NULL, FOR_ALL, TAKES_NOTHING, MEMBER(version),
	  "the version" },
	{ "list-options", 0,  NULL, FOR_HELP, TAKES_NOTHING, MEMBER(list_options),
	  NULL },
	{ "list-commands", 0, NULL, FOR_HELP, TAKES_NOTHING, MEMBER(list_commands),
	  NULL },
};
/* clang-format on */

static_assert(sizeof rows / sizeof rows[0] <= OPTION_ROWS_MAX, "parsing has room for all rows");

const struct option_row *option_rows(size_t *count)
{
	*count = sizeof rows / sizeof rows[0];
	return rows;
}
