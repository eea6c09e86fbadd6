/* pieces_test.c: a capture in pieces tells what the whole tells. */

#include <criterion/criterion.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "packet/link.h"
#include "program/program.h"
#include "program/records.h"
#include "program/tape.h"
#include "program/traffic.h"
#include "unit/capture/folder.h"

enum { PIECES = 10, ORDERS = 6, OVERLAP = 5 };

/* clang-format off */
static const struct cut {
	const char *name;
	bool by_time;
	size_t overlap;
} cuts[] = {
	{ "by count",              false, 0 },
	{ "by time",               true,  0 },
	{ "by count, overlapping", false, OVERLAP },
	{ "by time, overlapping",  true,  OVERLAP },
};

/* Of frames, and what is counted as it was captured, copies included. */
static const char *const different[] = {
	"evidence", "first_frame", "last_frame", "duplicates",
	"client_packets", "server_packets", "client_payload", "server_payload",
};
/* clang-format on */

enum { CUTS = sizeof(cuts) / sizeof(cuts[0]) };

/* Where a piece begins; where the last one ends. */
static size_t border(const struct tape *tape, const struct cut *cut, size_t piece)
{
	int64_t first = tape->frames[0].time;
	int64_t span = tape->frames[tape->count - 1].time - first;
	size_t at = 0;

	if (!cut->by_time || piece == PIECES)
		return piece * tape->count / PIECES;
	while (at < tape->count && tape->frames[at].time < first + span / PIECES * (int64_t)piece)
		at++;
	return at;
}

/* Returns how many frames stand in two pieces. */
static size_t pieces_write(const struct tape *tape, const struct cut *cut,
                           const struct folder *folder, const char *paths[PIECES])
{
	size_t repeated = 0;

	for (size_t i = 0; i < PIECES; i++) {
		size_t end = border(tape, cut, i + 1);
		size_t last = end + cut->overlap < tape->count ? end + cut->overlap : tape->count;
		char name[32];

		snprintf(name, sizeof(name), "piece%zu.pcap", i);
		paths[i] = folder_path(folder, name);
		tape_write(tape, paths[i], border(tape, cut, i), last);
		repeated += last - end;
	}
	return repeated;
}

static void shuffle(const char *paths[PIECES], uint32_t *random)
{
	for (uint32_t i = PIECES - 1; i > 0; i--) {
		const char *path = paths[i];
		uint32_t other;

		*random = *random * 1664525 + 1013904223;
		other = (*random >> 16) % (i + 1);
		paths[i] = paths[other];
		paths[other] = path;
	}
}

static void differences_forget(char *records)
{
	for (size_t i = 0; i < sizeof(different) / sizeof(different[0]); i++)
		records_without(records, different[i]);
}

/* Of datagrams and ICMP errors no copies are counted. */
static void expect_copies(const char *records, size_t repeated, bool is_all_tcp)
{
	long copies = records_sum(records, "duplicates");

	cr_assert_leq(copies, (long)repeated);
	if (is_all_tcp)
		cr_assert_eq(copies, (long)repeated, "%ld, not %zu", copies, repeated);
}

static void expect_same_in_any_order(const char *path, const struct cut *cut, bool is_all_tcp)
{
	struct folder folder = folder_new();
	struct tape tape = tape_read(path);
	const char *paths[PIECES];
	size_t repeated = pieces_write(&tape, cut, &folder, paths);
	char *whole = records_of(&path, 1);
	uint32_t random = 7;

	cr_assert_eq(repeated > 0, cut->overlap > 0);
	if (repeated)
		differences_forget(whole);
	for (int order = 0; order < ORDERS; order++) {
		char *records;

		shuffle(paths, &random);
		records = records_of(paths, PIECES);
		if (repeated) {
			expect_copies(records, repeated, is_all_tcp);
			differences_forget(records);
		}
		records_expect_same(records, whole, cut->name);
		free(records);
	}
	free(whole);
	tape_free(&tape);
	folder_free(&folder);
}

static void expect_same_of_both(size_t row)
{
	struct folder folder = folder_new();
	struct traffic traffic = traffic_new(400, 10 * TIME_MILLISECOND);
	const char *path = folder_path(&folder, "whole.pcap");

	traffic_write(&traffic, path, 0, traffic.count, LINK_ETHERNET);
	expect_same_in_any_order(path, &cuts[row], true);
	expect_same_in_any_order("captures/mixed.pcap", &cuts[row], false);
	traffic_free(&traffic);
	folder_free(&folder);
}

Test(pieces, cut_by_count_tell_what_the_whole_tells)
{
	expect_same_of_both(0);
}

Test(pieces, cut_by_time_tell_what_the_whole_tells)
{
	expect_same_of_both(1);
}

/* The same file twice: each frame has a copy of the same bytes and time. Here none has an IP id. */
static bool exact_copies_are_known(void)
{
	const char *const paths[] = { "captures/ipv6.pcap", "captures/ipv6.pcap" };
	char *once = records_of(paths, 1), *twice = records_of(paths, 2);
	bool known = records_sum(twice, "duplicates") > 0;

	differences_forget(once);
	differences_forget(twice);
	known = known && strcmp(once, twice) == 0;
	free(once);
	free(twice);
	return known;
}

Test(pieces, that_overlap_tell_what_the_whole_tells)
{
	if (!exact_copies_are_known())
		cr_skip_test("copies without an IP id are taken for retransmissions");
	for (size_t row = 2; row < CUTS; row++)
		expect_same_of_both(row);
}

Test(pieces, of_several_link_types_tell_what_the_whole_tells)
{
	static const uint16_t links[] = { LINK_ETHERNET, LINK_RAW,  LINK_LINUX_SLL,
		                          LINK_NULL,     LINK_IPV4, LINK_LINUX_SLL2 };
	enum { LINKS = sizeof(links) / sizeof(links[0]) };
	struct folder folder = folder_new();
	struct traffic traffic = traffic_new(200, 10 * TIME_MILLISECOND);
	const char *path = folder_path(&folder, "whole.pcap");
	const char *paths[LINKS];
	char *whole, *records;

	traffic_write(&traffic, path, 0, traffic.count, LINK_ETHERNET);
	for (size_t i = 0; i < LINKS; i++) {
		char name[32];

		snprintf(name, sizeof(name), "link%zu.pcap", (i * 5) % LINKS);
		paths[i] = folder_path(&folder, name);
		traffic_write(&traffic, paths[i], i * traffic.count / LINKS,
		              (i + 1) * traffic.count / LINKS, links[i]);
	}
	whole = records_of(&path, 1);
	records = records_of(paths, LINKS);
	records_expect_same(records, whole, "several link types");
	free(whole);
	free(records);
	traffic_free(&traffic);
	folder_free(&folder);
}

Test(pieces, five_thousand_need_few_descriptors)
{
	enum { FILES = 5000 };
	struct folder folder = folder_new();
	struct traffic traffic = traffic_new(900, 10 * TIME_MILLISECOND);
	struct program program = { .descriptors = 256 };
	char *path = strdup(folder_path(&folder, "whole.pcap"));
	char *pieces = strdup(folder_path(&folder, "rotated"));
	const char *words[] = { "log", "--format=json", "-r", pieces, NULL };
	struct outcome outcome;
	char *whole;

	cr_assert_geq(traffic.count, FILES);
	folder_add(&folder, "rotated");
	traffic_write(&traffic, path, 0, traffic.count, LINK_ETHERNET);
	for (size_t i = 0; i < FILES; i++) {
		char name[48];

		snprintf(name, sizeof(name), "rotated/trace.%zu", i);
		traffic_write(&traffic, folder_path(&folder, name), i * traffic.count / FILES,
		              (i + 1) * traffic.count / FILES, LINK_ETHERNET);
	}
	whole = records_of((const char *const *)&path, 1);
	program_start(&program, words);
	outcome = program_end(&program);
	cr_assert_eq(outcome.status, 0, "%s", outcome.err);
	cr_assert_str_empty(outcome.err);
	records_expect_same(outcome.out, whole, "5,000 files");
	outcome_free(&outcome);
	free(whole);
	free(path);
	free(pieces);
	traffic_free(&traffic);
	folder_free(&folder);
}
