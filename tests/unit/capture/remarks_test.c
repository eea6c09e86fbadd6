/* remarks_test.c: comments and names beside the frames, from every place where they may stand. */

#include "capture/remarks.h"

#include <criterion/criterion.h>
#include <string.h>

#include "capture/source.h"
#include "folder.h"
#include "savefile.h"

enum { CODE_COMMENT = 1, CODE_OTHER = 2988 };

static uint32_t padded(size_t size)
{
	return ((uint32_t)size + 3) & ~3u;
}

/* As many bytes as `size` says, whatever stands behind the text. */
static void put_option(struct savefile *file, uint16_t code, const char *text, uint16_t size)
{
	put16(file, code);
	put16(file, size);
	for (uint32_t i = 0; i < padded(size); i++)
		put8(file, i < size ? (uint8_t)text[i] : 0);
}

/* An enhanced packet of `captured` bytes with a comment; NULL: with none. */
static void put_commented(struct savefile *file, uint64_t ticks, uint32_t captured,
                          const char *comment)
{
	uint16_t size = comment ? (uint16_t)strlen(comment) : 0;
	uint32_t total = 32 + padded(captured) + (comment ? 4 + padded(size) + 4 : 0);

	put32(file, 6);
	put32(file, total);
	put32(file, 0);
	put32(file, (uint32_t)(ticks >> 32));
	put32(file, (uint32_t)ticks);
	put32(file, captured);
	put32(file, captured);
	put_pattern(file, padded(captured), (uint8_t)ticks);
	if (comment) {
		put_option(file, CODE_COMMENT, comment, size);
		put32(file, 0);
	}
	put32(file, total);
}

/* A section and an interface, each with a comment among other options. */
static void put_head(struct savefile *file)
{
	put32(file, 0x0a0d0d0a);
	put32(file, 28 + 16 + 8 + 4);
	put32(file, 0x1a2b3c4d);
	put16(file, 1);
	put16(file, 0);
	put64(file, UINT64_MAX);
	put_option(file, CODE_OTHER, "abcdefghij", 10);
	put_option(file, CODE_COMMENT, "lab", 3);
	put32(file, 0);
	put32(file, 28 + 16 + 8 + 4);
	put32(file, 1);
	put32(file, 20 + 12 + 8);
	put16(file, 1);
	put16(file, 0);
	put32(file, 65535);
	put_option(file, 9, "\x09", 1);
	put_option(file, CODE_COMMENT, "in port", 7);
	put32(file, 20 + 12 + 8);
}

static struct source *source_of(const struct savefile *file, struct harvest *harvest)
{
	struct source *source =
		source_open_memory("x.pcapng", file->bytes, file->count, &harvest->err);

	cr_assert_not_null(source, "%s", harvest->err.what);
	cr_assert_eq(drain(source, harvest), SOURCE_END, "%s", harvest->err.what);
	return source;
}

static void expect_comment(const struct source *source, size_t index, enum comment_about about,
                           uint64_t number, const char *text)
{
	struct source_comment comment;

	cr_assert(source_comment(source, index, &comment), "comment %zu", index);
	cr_expect_eq(comment.about, about, "comment %zu", index);
	cr_expect_eq(comment.number, number, "comment %zu: %d", index, (int)comment.number);
	cr_expect_str_eq(comment.text, text);
}

Test(remarks, are_found_on_sections_interfaces_and_frames_in_either_byte_order)
{
	for (int big = 0; big < 2; big++) {
		struct savefile file = { .big = big };
		struct harvest harvest = { 0 };
		struct source_comment none;
		struct source *source;

		put_head(&file);
		put_commented(&file, 1, 5, "first");
		put_commented(&file, 2, 8, NULL);
		put_commented(&file, 3, 7, "third");
		source = source_of(&file, &harvest);
		cr_assert_eq(harvest.count, 3);
		expect_comment(source, 0, COMMENT_CAPTURE, 0, "lab");
		expect_comment(source, 1, COMMENT_INTERFACE, 0, "in port");
		expect_comment(source, 2, COMMENT_FRAME, 1, "first");
		expect_comment(source, 3, COMMENT_FRAME, 3, "third");
		cr_expect_not(source_comment(source, 4, &none));
		cr_expect_eq(source_comments(source), 4);
		source_close(source);
	}
}

Test(remarks, never_stop_a_reading)
{
	struct savefile file = { 0 };
	struct harvest harvest = { 0 };
	struct source *source;

	put_head(&file);
	/* A comment of 200 bytes in a block that ends after 4 of them. */
	put32(&file, 6);
	put32(&file, 32 + 4 + 8);
	put32(&file, 0);
	put32(&file, 0);
	put32(&file, 7);
	put32(&file, 4);
	put32(&file, 4);
	put32(&file, 0x01020304);
	put16(&file, CODE_COMMENT);
	put16(&file, 200);
	put32(&file, 0x41414141);
	put32(&file, 32 + 4 + 8);
	put_block(&file, 4, 8);
	put_commented(&file, 3, 7, "good");
	source = source_of(&file, &harvest);
	cr_assert_eq(harvest.count, 2);
	cr_expect_eq(source_comments(source), 3);
	expect_comment(source, 2, COMMENT_FRAME, 2, "good");
	source_close(source);
}

Test(remarks, are_bounded_in_number_and_size)
{
	static struct savefile file;
	struct harvest harvest = { 0 };
	struct source_comment comment;
	struct source *source;
	static char text[1600];

	/* "ä" from an odd byte on: the bound falls within a character. */
	text[0] = 'x';
	for (size_t i = 1; i + 1 < sizeof(text); i += 2)
		memcpy(text + i, "\xc3\xa4", 2);
	put_head(&file);
	put_commented(&file, 1, 1, text);
	for (uint32_t i = 0; i < 100; i++)
		put_commented(&file, 2, 1, "again");
	source = source_of(&file, &harvest);
	cr_assert_eq(harvest.count, 101);
	cr_expect_eq(source_comments(source), 103);
	cr_assert(source_comment(source, 2, &comment));
	cr_expect_eq(strlen(comment.text), COMMENT_BYTES - 1);
	cr_expect(source_comment(source, COMMENTS_MOST - 1, &comment));
	cr_expect_not(source_comment(source, COMMENTS_MOST, &comment));
	source_close(source);
}

Test(remarks, name_addresses_of_both_families)
{
	struct savefile file = { 0 };
	struct harvest harvest = { 0 };
	struct source_name name;
	struct source *source;

	put_head(&file);
	put32(&file, 4);
	put32(&file, 12 + 16 + 24 + 12 + 12 + 4);
	put_option(&file, 1, "\xc0\x00\x02\x01www\0web", 12);
	put_option(&file, 2, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01six", 20);
	put_option(&file, 1, "\xc0\x00\x02\x01zzz", 8);
	put_option(&file, 3, "\x02\0\0\0\0\x01m", 8);
	put32(&file, 0);
	put32(&file, 12 + 16 + 24 + 12 + 12 + 4);
	put_commented(&file, 3, 7, NULL);
	source = source_of(&file, &harvest);
	cr_assert_eq(harvest.count, 1);
	cr_assert(source_name(source, 0, &name));
	cr_expect_eq(name.family, FAMILY_IPV4);
	cr_expect_arr_eq(name.address.bytes, "\xc0\x00\x02\x01", 4);
	cr_expect_str_eq(name.name, "www");
	cr_assert(source_name(source, 1, &name));
	cr_expect_eq(name.family, FAMILY_IPV6);
	cr_expect_eq(name.address.bytes[15], 1);
	cr_expect_str_eq(name.name, "six");
	cr_expect_not(source_name(source, 2, &name), "the first name of an address stays");
	source_close(source);
}

Test(remarks, number_frames_as_they_are_given_out_of_several_files)
{
	struct folder folder = folder_new();
	struct savefile one = { 0 }, other = { 0 };
	struct harvest harvest = { 0 };
	const char *paths[2];
	struct source_plan plan = { paths, 2, false, false };
	struct source *source;

	put_head(&one);
	put_commented(&one, 10, 4, NULL);
	put_commented(&one, 45, 4, "of one, second");
	put_head(&other);
	put_commented(&other, 20, 4, "of other, first");
	put_commented(&other, 40, 4, NULL);
	put_commented(&other, 50, 4, "of other, third");
	paths[0] = folder_write(&folder, "other", other.bytes, other.count);
	paths[1] = folder_write(&folder, "one", one.bytes, one.count);
	source = source_open_plan(&plan, &harvest.err);
	cr_assert_not_null(source, "%s", harvest.err.what);
	cr_assert_gt(source_visit(source, 2, harvest_add, &harvest, &harvest.err), 0);
	cr_expect_eq(source_comments(source), 4 + 1, "what was read ahead has no number yet");
	cr_assert_eq(drain(source, &harvest), SOURCE_END);
	cr_assert_eq(source_comments(source), 7);
	expect_comment(source, 4, COMMENT_FRAME, 2, "of other, first");
	expect_comment(source, 5, COMMENT_FRAME, 4, "of one, second");
	expect_comment(source, 6, COMMENT_FRAME, 5, "of other, third");
	source_close(source);
	folder_free(&folder);
}
