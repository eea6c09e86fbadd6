/* savefile.c: writes small savefiles into memory, and reads them back. */

#include "savefile.h"

#include <criterion/criterion.h>
#include <string.h>

#include "capture/parser_state.h"

void put8(struct savefile *file, uint8_t value)
{
	cr_assert_lt(file->count, sizeof(file->bytes));
	file->bytes[file->count++] = value;
}

static void put(struct savefile *file, uint64_t value, unsigned int size)
{
	for (unsigned int i = 0; i < size; i++)
		put8(file, (uint8_t)(value >> 8 * (file->big ? size - 1 - i : i)));
}

void put16(struct savefile *file, uint16_t value)
{
	put(file, value, 2);
}

void put32(struct savefile *file, uint32_t value)
{
	put(file, value, 4);
}

void put64(struct savefile *file, uint64_t value)
{
	put(file, value, 8);
}

void put_pattern(struct savefile *file, uint32_t count, uint8_t seed)
{
	for (uint32_t i = 0; i < count; i++)
		put8(file, (uint8_t)(seed + i));
}

void put_pcap(struct savefile *file, uint32_t magic, uint32_t snaplen, uint32_t link_type)
{
	put32(file, magic);
	put16(file, 2);
	put16(file, 4);
	put64(file, 0);
	put32(file, snaplen);
	put32(file, link_type);
}

void put_record(struct savefile *file, uint32_t seconds, uint32_t fraction, uint32_t captured,
                uint32_t length)
{
	put32(file, seconds);
	put32(file, fraction);
	put32(file, captured);
	put32(file, length);
	put_pattern(file, captured, (uint8_t)fraction);
}

static void put_padding(struct savefile *file, uint32_t count)
{
	while (count++ % 4)
		put8(file, 0);
}

void put_section(struct savefile *file)
{
	put32(file, 0x0a0d0d0a);
	put32(file, 28);
	put32(file, 0x1a2b3c4d);
	put16(file, 1);
	put16(file, 0);
	put64(file, UINT64_MAX);
	put32(file, 28);
}

void put_interface(struct savefile *file, uint16_t link_type, uint32_t snaplen, uint8_t resolution,
                   int64_t offset)
{
	uint32_t total = 20 + (resolution != 6 ? 8u : 0) + (offset ? 12u : 0) + 4;

	put32(file, 1);
	put32(file, total);
	put16(file, link_type);
	put16(file, 0);
	put32(file, snaplen);
	if (resolution != 6) {
		put16(file, 9);
		put16(file, 1);
		put8(file, resolution);
		put_pattern(file, 3, 0);
	}
	if (offset) {
		put16(file, 14);
		put16(file, 8);
		put64(file, (uint64_t)offset);
	}
	put32(file, 0);
	put32(file, total);
}

void put_enhanced(struct savefile *file, uint32_t interface, uint64_t ticks, uint32_t captured,
                  uint32_t length)
{
	uint32_t total = 32 + ((captured + 3) & ~3u);

	put32(file, 6);
	put32(file, total);
	put32(file, interface);
	put32(file, (uint32_t)(ticks >> 32));
	put32(file, (uint32_t)ticks);
	put32(file, captured);
	put32(file, length);
	put_pattern(file, captured, (uint8_t)ticks);
	put_padding(file, captured);
	put32(file, total);
}

void put_simple(struct savefile *file, uint32_t captured, uint32_t length)
{
	uint32_t total = 16 + ((captured + 3) & ~3u);

	put32(file, 3);
	put32(file, total);
	put32(file, length);
	put_pattern(file, captured, 7);
	put_padding(file, captured);
	put32(file, total);
}

void put_obsolete(struct savefile *file, uint16_t interface, uint64_t ticks, uint32_t captured,
                  uint32_t length)
{
	uint32_t total = 32 + ((captured + 3) & ~3u);

	put32(file, 2);
	put32(file, total);
	put16(file, interface);
	put16(file, 0xffff);
	put32(file, (uint32_t)(ticks >> 32));
	put32(file, (uint32_t)ticks);
	put32(file, captured);
	put32(file, length);
	put_pattern(file, captured, (uint8_t)ticks);
	put_padding(file, captured);
	put32(file, total);
}

void put_block(struct savefile *file, uint32_t type, uint32_t size)
{
	put32(file, type);
	put32(file, size + 12);
	put_pattern(file, size, 0);
	put32(file, size + 12);
}

/* FNV-1a. */
static uint64_t digest_add(uint64_t digest, const void *bytes, size_t count)
{
	const uint8_t *byte = bytes;

	while (count--)
		digest = (digest ^ *byte++) * UINT64_C(1099511628211);
	return digest;
}

void harvest_add(void *context, const struct frame *frame)
{
	struct harvest *harvest = context;
	struct frame bare = *frame;

	bare.bytes = NULL;
	if (harvest->count < 64)
		harvest->frames[harvest->count] = bare;
	harvest->count++;
	cr_assert_eq(frame->number, harvest->count);
	harvest->digest = digest_add(harvest->digest, frame->bytes, frame->captured);
	harvest->digest = digest_add(harvest->digest, &frame->number, sizeof(frame->number));
	harvest->digest = digest_add(harvest->digest, &frame->time, sizeof(frame->time));
	harvest->digest = digest_add(harvest->digest, &frame->length, sizeof(frame->length));
	harvest->digest = digest_add(harvest->digest, &frame->interface, sizeof(frame->interface));
	harvest->digest = digest_add(harvest->digest, &frame->link_type, sizeof(frame->link_type));
}

static void frames_take(struct parser *parser, struct harvest *harvest)
{
	struct frame frame;
	struct error err = { 0 };
	enum parser_outcome outcome;

	while ((outcome = parser_next(parser, &frame, &err)) == PARSER_FRAME) {
		cr_assert_geq(frame.bytes, parser->buffer);
		cr_assert_leq(frame.captured, parser->buffer + parser->end - frame.bytes);
		harvest_add(harvest, &frame);
	}
	cr_assert_leq(parser->start, parser->end);
	if (outcome == PARSER_DAMAGED) {
		cr_assert_eq(harvest->last, PARSER_HUNGRY, "damage is reported once");
		cr_assert_neq(err.what[0], '\0');
		harvest->last = outcome;
		harvest->err = err;
	}
}

struct harvest feed(const void *bytes, size_t count, size_t piece)
{
	struct harvest harvest = { 0 };
	struct parser *parser = parser_new(&harvest.err);
	uint32_t random = 12345;
	size_t done = 0;

	cr_assert_not_null(parser);
	while (done < count) {
		size_t room;
		void *space = parser_space(parser, &room, &harvest.err);
		size_t now = piece;

		random = random * 1664525 + 1013904223;
		if (!piece)
			now = 1 + random % (random >> 31 ? 97 : 4001);
		cr_assert_not_null(space);
		cr_assert_gt(room, 0);
		now = now < room ? now : room;
		now = now < count - done ? now : count - done;
		memcpy(space, (const uint8_t *)bytes + done, now);
		parser_filled(parser, now);
		done += now;
		frames_take(parser, &harvest);
	}
	parser_end(parser);
	frames_take(parser, &harvest);
	parser_free(parser);
	return harvest;
}

struct harvest feed_savefile(const struct savefile *file)
{
	return feed(file->bytes, file->count, SIZE_MAX);
}

int drain(struct source *source, struct harvest *harvest)
{
	int outcome;

	while ((outcome = source_visit(source, 3, harvest_add, harvest, &harvest->err)) >= 0)
		cr_assert_leq(outcome, 3);
	return outcome;
}
