/* filtered_test.c: what a filtered source lets through, counts and says. */

#include <criterion/criterion.h>
#include <string.h>

#include "capture/filter.h"
#include "capture/source.h"
#include "savefile.h"

static uint64_t numbers[16];

static void number_note(void *count, const struct frame *frame)
{
	size_t *next = count;

	numbers[(*next)++] = frame->number;
}

static struct source *source_of(const struct savefile *file, struct filter *filter)
{
	struct error err = { 0 };
	struct source *inner = source_open_memory("story", file->bytes, file->count, &err);

	cr_assert_not_null(inner, "%s", err.what);
	return source_filtered(inner, filter, &err);
}

Test(filtered, keeps_the_numbers_and_the_facts_of_the_inner_source)
{
	struct savefile file = { 0 };
	struct error err = { 0 };
	struct filter *filter = filter_new("greater 100", &err);
	struct source *source;
	size_t count = 0;

	put_pcap(&file, MAGIC_MICRO, 65535, 1);
	for (uint32_t i = 0; i < 9; i++)
		put_record(&file, 1, i, 20, i % 3 == 1 ? 200 : 20);
	source = source_of(&file, filter);
	cr_expect_eq(source_visit(source, 4, number_note, &count, &err), 4, "counts those refused");
	cr_expect_eq(count, 1);
	cr_expect_eq(source_visit(source, 64, number_note, &count, &err), 5);
	cr_expect_eq(source_visit(source, 64, number_note, &count, &err), SOURCE_END);
	cr_assert_eq(count, 3);
	cr_expect_eq(numbers[0], 2);
	cr_expect_eq(numbers[1], 5);
	cr_expect_eq(numbers[2], 8);
	cr_expect_eq(source_facts(source).frames, 9);
	cr_expect_str_eq(source_facts(source).name, "story");
	cr_expect_eq(source_descriptor(source), -1);
	source_close(source);
	filter_free(filter);
}

Test(filtered, never_looks_quiet_while_it_refuses)
{
	struct savefile file = { 0 };
	struct error err = { 0 };
	struct filter *filter = filter_new("greater 1000", &err);
	struct source *source;
	size_t count = 0;

	put_pcap(&file, MAGIC_MICRO, 65535, 1);
	for (uint32_t i = 0; i < 9; i++)
		put_record(&file, 1, i, 20, 20);
	source = source_of(&file, filter);
	for (int i = 0; i < 3; i++)
		cr_expect_eq(source_visit(source, 3, number_note, &count, &err), 3);
	cr_expect_eq(source_visit(source, 3, number_note, &count, &err), SOURCE_END);
	cr_expect_eq(count, 0);
	source_close(source);
	filter_free(filter);
}

Test(filtered, passes_the_damage_of_the_inner_source_on)
{
	struct savefile file = { 0 };
	struct error err = { 0 };
	struct filter *filter = filter_new("less 100", &err);
	struct source *source;
	size_t count = 0;

	put_pcap(&file, MAGIC_MICRO, 65535, 1);
	put_record(&file, 1, 1, 20, 20);
	put8(&file, 0);
	source = source_of(&file, filter);
	cr_expect_eq(source_visit(source, 9, number_note, &count, &err), 1);
	cr_expect_eq(source_visit(source, 9, number_note, &count, &err), SOURCE_FAILED);
	cr_expect_str_eq(err.what, "story: ends in the middle of a record after 1 frame (byte 60)");
	cr_expect_eq(source_visit(source, 9, number_note, &count, &err), SOURCE_END);
	source_close(source);
	filter_free(filter);
}

Test(filtered, stops_at_a_link_type_on_which_the_filter_makes_no_sense)
{
	struct savefile file = { 0 };
	struct error err = { 0 };
	struct filter *filter = filter_new("not ether src 01:02:03:04:05:06", &err);
	struct source *source;
	size_t count = 0;

	put_section(&file);
	put_interface(&file, 1, 65535, 6, 0);
	put_interface(&file, 101, 65535, 6, 0);
	put_enhanced(&file, 0, 1, 60, 60);
	put_enhanced(&file, 1, 2, 60, 60);
	put_enhanced(&file, 0, 3, 60, 60);
	source = source_of(&file, filter);
	cr_expect_eq(source_visit(source, 64, number_note, &count, &err), SOURCE_FAILED);
	cr_expect_eq(count, 1);
	cr_expect_not_null(strstr(err.what, "on link type RAW: "), "%s", err.what);
	cr_expect_eq(source_visit(source, 64, number_note, &count, &err), SOURCE_END);
	source_close(source);
	filter_free(filter);
}
