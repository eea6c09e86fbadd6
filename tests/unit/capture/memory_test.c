/* memory_test.c: a source's manners, shown on a savefile in memory. */

#include <criterion/criterion.h>
#include <string.h>

#include "capture/source.h"
#include "savefile.h"

static void put_three(struct savefile *file)
{
	put_pcap(file, MAGIC_NANO, 2048, 101);
	for (uint32_t i = 0; i < 3; i++)
		put_record(file, 1700000000, i, 20, 20);
}

Test(memory, visits_at_most_as_many_frames_as_asked_for)
{
	struct savefile file = { 0 };
	struct harvest harvest = { 0 };
	struct source *source;

	put_three(&file);
	source = source_open_memory("story", file.bytes, file.count, &harvest.err);
	cr_assert_not_null(source);
	cr_expect_eq(source_visit(source, 1, harvest_add, &harvest, &harvest.err), 1);
	cr_expect_eq(harvest.count, 1);
	cr_expect_eq(source_visit(source, 64, harvest_add, &harvest, &harvest.err), 2);
	cr_expect_eq(harvest.count, 3);
	cr_expect_eq(source_visit(source, 64, harvest_add, &harvest, &harvest.err), SOURCE_END);
	cr_expect_eq(source_visit(source, 64, harvest_add, &harvest, &harvest.err), SOURCE_END);
	cr_expect_eq(source_descriptor(source), -1);
	source_close(source);
}

Test(memory, knows_its_facts_before_the_first_visit)
{
	struct savefile file = { 0 };
	struct harvest harvest = { 0 };
	struct source *source;
	struct source_facts facts;

	put_three(&file);
	source = source_open_memory("story", file.bytes, file.count, &harvest.err);
	facts = source_facts(source);
	cr_expect_str_eq(facts.name, "story");
	cr_expect_str_eq(facts.container, "pcap");
	cr_expect_eq(facts.link_type, 101);
	cr_expect_eq(facts.snaplen, 2048);
	cr_expect_eq(facts.frames, 0);
	cr_expect_eq(facts.bytes_total, file.count);
	drain(source, &harvest);
	facts = source_facts(source);
	cr_expect_eq(facts.frames, 3);
	cr_expect_eq(facts.bytes_read, file.count);
	source_close(source);
}

Test(memory, tells_of_damage_once_and_after_the_good_frames)
{
	struct savefile file = { 0 };
	struct harvest harvest = { 0 };
	struct source *source;

	put_three(&file);
	source = source_open_memory("story", file.bytes, file.count - 1, &harvest.err);
	cr_assert_not_null(source);
	cr_expect_eq(source_visit(source, 64, harvest_add, &harvest, &harvest.err), 2);
	cr_expect_eq(source_visit(source, 64, harvest_add, &harvest, &harvest.err), SOURCE_FAILED);
	cr_expect_str_eq(harvest.err.what,
	                 "story: ends in the middle of a record after 2 frames (byte 96)");
	cr_expect_eq(source_visit(source, 64, harvest_add, &harvest, &harvest.err), SOURCE_END);
	cr_expect_eq(source_facts(source).frames, 2);
	source_close(source);
}

Test(memory, opens_what_is_damaged_at_its_first_record)
{
	struct savefile file = { 0 };
	struct harvest harvest = { 0 };
	struct source *source;

	put_pcap(&file, MAGIC_NANO, 2048, 101);
	put_pattern(&file, 3, 0);
	source = source_open_memory("story", file.bytes, file.count, &harvest.err);
	cr_assert_not_null(source);
	cr_expect_eq(source_facts(source).link_type, 101);
	cr_expect_eq(drain(source, &harvest), SOURCE_FAILED);
	source_close(source);
}

Test(memory, refuses_what_is_no_capture)
{
	struct error err = { 0 };

	cr_expect_null(source_open_memory("story", "hello, world", 12, &err));
	cr_expect_str_eq(err.what, "story: is not a capture file: it begins with \"hello, w\"");
	cr_expect_null(source_open_memory("story", NULL, 0, &err));
	cr_expect_str_eq(err.what, "story: is empty");
	cr_expect_str_eq(err.remedy, "");
}

Test(memory, is_a_source_even_without_frames)
{
	struct savefile file = { 0 };
	struct harvest harvest = { 0 };
	struct source *source;

	put_pcap(&file, MAGIC_NANO, 2048, 101);
	source = source_open_memory("story", file.bytes, file.count, &harvest.err);
	cr_assert_not_null(source);
	cr_expect_eq(drain(source, &harvest), SOURCE_END);
	cr_expect_eq(harvest.count, 0);
	source_close(source);
	source_close(NULL);
}
