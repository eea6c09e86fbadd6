/* pcapng_test.c: sections, interfaces and packets of pcapng, and damaged ones. */

#include <criterion/criterion.h>
#include <string.h>

#include "savefile.h"

Test(pcapng, reads_every_kind_of_packet_in_either_byte_order)
{
	for (int big = 0; big < 2; big++) {
		struct savefile file = { .big = big };
		struct harvest harvest;

		put_section(&file);
		put_interface(&file, 1, 65535, 6, 0);
		put_enhanced(&file, 0, 1700000000000001, 5, 1500);
		put_obsolete(&file, 0, 1700000000000002, 6, 60);
		put_simple(&file, 7, 7);
		harvest = feed_savefile(&file);
		cr_assert_eq(harvest.count, 3, "%s", harvest.err.what);
		cr_expect_eq(harvest.last, PARSER_HUNGRY);
		cr_expect_eq(harvest.frames[0].time, 1700000000000001000);
		cr_expect_eq(harvest.frames[0].captured, 5);
		cr_expect_eq(harvest.frames[0].length, 1500);
		cr_expect_eq(harvest.frames[0].link_type, 1);
		cr_expect_eq(harvest.frames[1].time, 1700000000000002000);
		cr_expect_eq(harvest.frames[1].captured, 6);
		cr_expect_eq(harvest.frames[2].time, 0);
		cr_expect_eq(harvest.frames[2].captured, 7);
	}
}

Test(pcapng, keeps_interfaces_apart)
{
	struct savefile file = { 0 };
	struct harvest harvest;

	put_section(&file);
	put_interface(&file, 1, 65535, 9, 0);
	put_interface(&file, 12, 128, 0x80 | 10, 5);
	put_interface(&file, 0, 0, 3, 0);
	put_enhanced(&file, 2, 1500, 4, 4);
	put_enhanced(&file, 1, 1536, 4, 4);
	put_enhanced(&file, 0, 17, 4, 4);
	harvest = feed_savefile(&file);
	cr_assert_eq(harvest.count, 3, "%s", harvest.err.what);
	cr_expect_eq(harvest.frames[0].time, 1500000000);
	cr_expect_eq(harvest.frames[0].link_type, 0);
	cr_expect_eq(harvest.frames[0].interface, 2);
	cr_expect_eq(harvest.frames[1].time, 6500000000);
	cr_expect_eq(harvest.frames[1].link_type, 101);
	cr_expect_eq(harvest.frames[1].interface, 1);
	cr_expect_eq(harvest.frames[2].time, 17);
	cr_expect_eq(harvest.frames[2].interface, 0);
}

Test(pcapng, changes_byte_order_and_interfaces_with_the_section)
{
	struct savefile file = { 0 };
	struct harvest harvest;

	put_section(&file);
	put_interface(&file, 1, 65535, 6, 0);
	put_interface(&file, 1, 65535, 6, 0);
	put_enhanced(&file, 1, 1, 4, 4);
	file.big = true;
	put_section(&file);
	put_interface(&file, 113, 65535, 9, 0);
	put_enhanced(&file, 0, 2, 4, 4);
	put_enhanced(&file, 1, 3, 4, 4);
	harvest = feed_savefile(&file);
	cr_assert_eq(harvest.count, 2);
	cr_expect_eq(harvest.frames[0].interface, 1);
	cr_expect_eq(harvest.frames[1].interface, 2, "numbers go on across sections");
	cr_expect_eq(harvest.frames[1].link_type, 113);
	cr_expect_eq(harvest.frames[1].time, 2);
	cr_expect_eq(harvest.last, PARSER_DAMAGED);
	cr_expect_not_null(
		strstr(harvest.err.what, "a packet of interface 1, but only 1 has been described"));
}

Test(pcapng, cuts_simple_packets_at_snaplen)
{
	struct savefile file = { 0 };
	struct harvest harvest;

	put_section(&file);
	put_interface(&file, 1, 6, 6, 0);
	put_simple(&file, 6, 1500);
	harvest = feed_savefile(&file);
	cr_assert_eq(harvest.count, 1, "%s", harvest.err.what);
	cr_expect_eq(harvest.frames[0].captured, 6);
	cr_expect_eq(harvest.frames[0].length, 1500);
}

Test(pcapng, skips_blocks_that_nobody_needs_however_large)
{
	struct savefile file = { 0 };
	struct harvest whole, pieces;

	put_section(&file);
	put_block(&file, 0x80000001, 0);
	put_interface(&file, 1, 65535, 6, 0);
	put_block(&file, 5, 4096);
	put_enhanced(&file, 0, 1, 4, 4);
	put_block(&file, 4, 8);
	whole = feed_savefile(&file);
	pieces = feed(file.bytes, file.count, 1);
	cr_expect_eq(whole.count, 1, "%s", whole.err.what);
	cr_expect_eq(whole.last, PARSER_HUNGRY);
	cr_expect_eq(pieces.count, 1);
	cr_expect_eq(pieces.last, PARSER_HUNGRY);
}

/* A file of a section (28 bytes), an interface (24) and a packet (36), with four bytes changed. */
struct damage {
	size_t at;
	uint32_t value;
	size_t frames;
	const char *what;
};

/* clang-format off */
static const struct damage damages[] = {
	{ 4,   27,         0, "damaged at byte 0: a block claims 27 bytes, which is not a multiple of 4" },
	{ 4,   24,         0, "damaged at byte 0: a section's header claims only 24 bytes" },
	{ 8,   0,          0, "damaged at byte 0: a section whose byte order is not told" },
	{ 12,  2,          0, "damaged at byte 0: a pcapng section of version 2.0; 1.0 can be read" },
	{ 12,  0x00010001, 0, "damaged at byte 0: a pcapng section of version 1.1; 1.0 can be read" },
	{ 24,  32,         0, "damaged at byte 0: a block's length at its end is not that at its head" },
	{ 32,  0,          0, "damaged at byte 28: an interface claims only 0 bytes" },
	{ 32,  0xfffffff0, 0, "damaged at byte 28: an interface claims 4,294,967,280 bytes" },
	{ 44,  0x00080009, 0, "damaged at byte 28: an option of an interface runs past its block" },
	{ 56,  0,          0, "damaged at byte 52: a packet claims only 0 bytes" },
	{ 56,  0x1000004,  0, "damaged at byte 52: a packet claims 16,777,220 bytes" },
	{ 60,  1,          0, "damaged at byte 52: a packet of interface 1, but only 1 has been described" },
	{ 72,  5,          0, "damaged at byte 52: a packet claims 5 bytes in a block that has room for 4" },
	{ 72,  0xffffffff, 0, "damaged at byte 52: a packet claims 4,294,967,295 bytes in a block that has room for 4" },
	{ 84,  32,         0, "damaged at byte 52: a block's length at its end is not that at its head" },
	{ 92,  0,          1, "damaged at byte 88: a block claims only 0 bytes" },
	{ 92,  13,         1, "damaged at byte 88: a block claims 13 bytes, which is not a multiple of 4" },
	{ 92,  0xfffffffc, 1, "ends in the middle of a block after 1 frame (byte 88)" },
	{ 100, 8,          1, "damaged at byte 88: a block's length at its end is not that at its head" },
};
/* clang-format on */

static void put_small(struct savefile *file)
{
	put_section(file);
	put_interface(file, 1, 65535, 6, 0);
	put_enhanced(file, 0, 1, 4, 4);
	put_block(file, 5, 4);
}

Test(pcapng, says_where_and_what_the_damage_is)
{
	for (size_t i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
		struct savefile file = { 0 };
		struct harvest harvest;
		size_t count;

		put_small(&file);
		count = file.count;
		file.count = damages[i].at;
		put32(&file, damages[i].value);
		file.count = count;
		harvest = feed_savefile(&file);
		cr_expect_eq(harvest.count, damages[i].frames, "row %zu", i);
		cr_expect_eq(harvest.last, PARSER_DAMAGED, "row %zu", i);
		cr_expect_str_eq(harvest.err.what, damages[i].what);
	}
}

Test(pcapng, refuses_units_of_time_that_make_no_sense)
{
	struct savefile file = { 0 };
	struct harvest harvest;

	put_section(&file);
	put_interface(&file, 1, 65535, 0x80 | 64, 0);
	harvest = feed_savefile(&file);
	cr_expect_str_eq(harvest.err.what,
	                 "damaged at byte 28: an interface counts time in units of 2^-64 seconds");
}

Test(pcapng, wants_an_interface_before_a_simple_packet)
{
	struct savefile file = { 0 };
	struct harvest harvest;

	put_section(&file);
	put_simple(&file, 4, 4);
	harvest = feed_savefile(&file);
	cr_expect_eq(harvest.count, 0);
	cr_expect_str_eq(harvest.err.what, "damaged at byte 28: a packet of interface 0, but only "
	                                   "0 have been described");
}

Test(pcapng, bounds_the_interfaces_of_a_section)
{
	struct parser *parser;
	struct savefile file = { 0 };
	struct error err = { 0 };
	enum parser_outcome outcome;
	struct frame frame;
	uint32_t count = 0;

	put_section(&file);
	for (int i = 0; i < 128; i++)
		put_interface(&file, 1, 65535, 6, 0);
	parser = parser_new(&err);
	do {
		size_t from = count ? 28 : 0, size;

		memcpy(parser_space(parser, &size, &err), file.bytes + from, file.count - from);
		parser_filled(parser, file.count - from);
		outcome = parser_next(parser, &frame, &err);
		count += 128;
	} while (outcome == PARSER_HUNGRY && count < 1000000);
	cr_expect_eq(outcome, PARSER_DAMAGED);
	cr_expect_eq(count, 65536 + 128);
	parser_free(parser);
}
