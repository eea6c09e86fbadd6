/* statistics.c: `netstat -s` in its own words, as far as the wire can prove it (RFC 4022, 4113). */

#include "report/stat.h"

#include "report/subject.h"

/* What the totals do not hold, counted over the flows that are remembered. */
struct counts {
	const struct tracker_totals *totals;
	const struct decoder *decoder;
	uint64_t established;
	uint64_t sent[2]; /* TCP segments, by side */
	bool complete;    /* no flow was forgotten */
};

enum section { SECTION_IP, SECTION_ICMP, SECTION_TCP, SECTION_UDP, SECTION_COUNT };

struct statistic {
	enum section section;
	const char *words; /* netstat's */
	uint64_t (*value)(const struct counts *counts);
};

static uint64_t verdict_sum(const struct counts *counts, const enum verdict *verdicts, int count)
{
	uint64_t sum = 0;

	for (int i = 0; i < count; i++)
		sum += counts->decoder->verdicts[verdicts[i]];
	return sum;
}

static uint64_t packets(const struct counts *counts)
{
	static const enum verdict not_ip[] = { VERDICT_NOT_IP, VERDICT_LINK_CUT, VERDICT_LINK_BAD,
		                               VERDICT_LINK_UNKNOWN };

	return counts->decoder->frames - verdict_sum(counts, not_ip, 4);
}

static uint64_t bad_headers(const struct counts *counts)
{
	return counts->decoder->verdicts[VERDICT_IP_BAD];
}

static uint64_t fragments(const struct counts *counts)
{
	static const enum verdict parts[] = { VERDICT_FRAGMENT, VERDICT_FRAGMENT_LOST };

	return verdict_sum(counts, parts, 2);
}

static uint64_t icmp_messages(const struct counts *counts)
{
	static const enum verdict icmp[] = { VERDICT_ICMP_ERROR, VERDICT_ICMP_OTHER };

	return verdict_sum(counts, icmp, 2);
}

static uint64_t sent_by_clients(const struct counts *counts)
{
	return counts->sent[CLIENT];
}

static uint64_t sent_by_servers(const struct counts *counts)
{
	return counts->sent[SERVER];
}

static uint64_t established(const struct counts *counts)
{
	return counts->established;
}

#define TOTAL(name)                                                                                \
	static uint64_t total_##name(const struct counts *counts)                                  \
	{                                                                                          \
		return counts->totals->name;                                                       \
	}
TOTAL(icmp_errors)
TOTAL(active_opens)
TOTAL(passive_opens)
TOTAL(failed_attempts)
TOTAL(established_resets)
TOTAL(segments)
TOTAL(retransmitted)
TOTAL(bad_segments)
TOTAL(resets_sent)
TOTAL(datagrams)
TOTAL(udp_refused)
#undef TOTAL

/* clang-format off */
static const char *const sections[SECTION_COUNT] = {
	[SECTION_IP] = "Ip", [SECTION_ICMP] = "Icmp", [SECTION_TCP] = "Tcp", [SECTION_UDP] = "Udp",
};

static const struct statistic statistics[] = {
	{ SECTION_IP,   "total packets received",               packets },
	{ SECTION_IP,   "with invalid headers",                 bad_headers },
	{ SECTION_IP,   "reassemblies required",                fragments },
	{ SECTION_ICMP, "ICMP messages received",               icmp_messages },
	{ SECTION_ICMP, "errors about a known connection",      total_icmp_errors },
	{ SECTION_TCP,  "active connection openings",           total_active_opens },
	{ SECTION_TCP,  "passive connection openings",          total_passive_opens },
	{ SECTION_TCP,  "failed connection attempts",           total_failed_attempts },
	{ SECTION_TCP,  "connection resets received",           total_established_resets },
	{ SECTION_TCP,  "connections established",              established },
	{ SECTION_TCP,  "segments sent out",                    total_segments },
	{ SECTION_TCP,  "segments sent out by clients",         sent_by_clients },
	{ SECTION_TCP,  "segments sent out by servers",         sent_by_servers },
	{ SECTION_TCP,  "segments retransmitted",               total_retransmitted },
	{ SECTION_TCP,  "bad segments received",                total_bad_segments },
	{ SECTION_TCP,  "resets sent",                          total_resets_sent },
	{ SECTION_UDP,  "packets sent",                         total_datagrams },
	{ SECTION_UDP,  "packets to unknown port received",     total_udp_refused },
};
/* clang-format on */

static struct counts count_flows(const struct page *page)
{
	const struct tracker_totals *totals = tracker_totals(page->tracker);

	return (struct counts){
		.totals = totals,
		.decoder = page->decoder,
		.established = tracker_established(page->tracker),
		.sent = { totals->sent[CLIENT], totals->sent[SERVER] },
		.complete = totals->retired == 0 && totals->evicted == 0,
	};
}

static bool wants_section(const struct stat_options *options, enum section section)
{
	switch (section) {
	case SECTION_TCP:
		return stat_wants_protocol(options, PROTOCOL_TCP);
	case SECTION_UDP:
		return stat_wants_protocol(options, PROTOCOL_UDP);
	default:
		return !options->tcp && !options->udp;
	}
}

/* By side is only known while every flow is remembered. */
static bool is_known(const struct statistic *statistic, const struct counts *counts)
{
	return counts->complete ||
	       (statistic->value != sent_by_clients && statistic->value != sent_by_servers);
}

void stat_statistics(const struct page *page, const struct stat_options *options)
{
	struct counts counts = count_flows(page);
	enum section section = SECTION_COUNT;

	stat_head(page, "Statistics of ");
	for (size_t i = 0; i < sizeof(statistics) / sizeof(statistics[0]); i++) {
		const struct statistic *row = &statistics[i];

		if (!wants_section(options, row->section) || !is_known(row, &counts))
			continue;
		if (row->section != section) {
			section = row->section;
			output_add(page->output, sections[section]);
			output_add(page->output, ":\n");
		}
		output_spaces(page->output, 4);
		output_add_unsigned(page->output, row->value(&counts));
		output_add_char(page->output, ' ');
		output_add(page->output, row->words);
		output_add_char(page->output, '\n');
	}
}
