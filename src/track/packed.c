/* packed.c: a flow in few bytes. */

/*
 * Most of a flow is zero, and most of the rest follows from something else in it: a time from
 * another time, a number from the initial one. So first each of those is replaced by its distance from
 * what is to be expected. Then of each 64-bit word only those bytes are written that it
 * needs, and of whole lines of zeros nothing. Neither asks what a word is before it goes on:
 * no two flows are alike, so nearly every such question would be answered wrongly ahead of time.
 */

#include "track/inside.h"

#include <assert.h>
#include <string.h>

#include "base/time.h"

/* ---- Words ---- */

/*
 * A bit for each line: something is in it. Then, for each line with something in it, how many bytes
 * each of its words takes, in half a byte, and those bytes.
 */
enum { WORD = 8, LINE = 8, LENGTHS = LINE / 2, LENGTH_BITS = 4, LENGTH_MASK = 15 };

/* Of what only few flows need. */
enum { LINES_MOST = 8 };

static unsigned line_count(size_t size)
{
	return (unsigned)((size + WORD * LINE - 1) / (WORD * LINE));
}

/* 0 takes none. */
static unsigned bytes_of(uint64_t word)
{
	return (unsigned)(63 - __builtin_clzll(word | 1)) / 8 + (word != 0);
}

static uint64_t word_of(const uint8_t *bytes, unsigned length)
{
	uint64_t word;

	memcpy(&word, bytes, sizeof(word));
	return length == 0 ? 0 : word << (64 - 8 * length) >> (64 - 8 * length);
}

static bool is_empty(const uint64_t *line)
{
	return (line[0] | line[1] | line[2] | line[3] | line[4] | line[5] | line[6] | line[7]) == 0;
}

/* Writes up to a word more than it needs. */
static uint8_t *line_write(const uint64_t *line, uint8_t *bytes)
{
	uint8_t *to = bytes + LENGTHS;

	for (unsigned i = 0; i < LENGTHS; i++) {
		unsigned first = bytes_of(line[2 * i]), second = bytes_of(line[2 * i + 1]);

		memcpy(to, &line[2 * i], WORD);
		memcpy(to + first, &line[2 * i + 1], WORD);
		to += first + second;
		bytes[i] = (uint8_t)(first | second << LENGTH_BITS);
	}
	return to;
}

/* Reads up to a word more than there is. */
static const uint8_t *line_read(uint64_t *line, const uint8_t *bytes)
{
	const uint8_t *from = bytes + LENGTHS;

	for (unsigned i = 0; i < LENGTHS; i++) {
		unsigned first = bytes[i] & LENGTH_MASK, second = bytes[i] >> LENGTH_BITS;

		line[2 * i] = word_of(from, first);
		line[2 * i + 1] = word_of(from + first, second);
		from += first + second;
	}
	return from;
}

static size_t lines_write(const uint64_t *words, unsigned lines, uint8_t *bytes)
{
	unsigned filled = 0;
	uint8_t *to = bytes + sizeof(filled);

	for (unsigned i = 0; i < lines; i++, words += LINE) {
		if (is_empty(words))
			continue;
		filled |= 1u << i;
		to = line_write(words, to);
	}
	memcpy(bytes, &filled, sizeof(filled));
	return (size_t)(to - bytes);
}

static size_t lines_read(uint64_t *words, unsigned lines, const uint8_t *bytes)
{
	unsigned filled;
	const uint8_t *from = bytes + sizeof(filled);

	memcpy(&filled, bytes, sizeof(filled));
	for (unsigned i = 0; i < lines; i++, words += LINE) {
		if (filled >> i & 1)
			from = line_read(words, from);
		else
			memset(words, 0, (size_t)WORD * LINE);
	}
	return (size_t)(from - bytes);
}

/* ---- What is to be expected ---- */

/*
 * Places in a struct flow of 64 bits that are to be expected to be `from` less `less`. Two places say
 * nothing of the flow, and are something else here: what is nothing, and what the packer is told.
 */
struct part {
	uint16_t at, from, less;
};

#define AT(field)               (uint16_t)offsetof(struct flow, field)
#define ZERO                    aside
#define GIVEN                   round_trips
#define PART(field, from)       { AT(field), AT(from), AT(ZERO) }
#define SPAN(field, from, less) { AT(field), AT(from), AT(less) }

/* What names another part of the same table, or of one above, comes after it. */
/* clang-format off */

/* 0 where they are not known. */
static const struct part moments[] = {
	PART(stream, id),
	PART(start, GIVEN),
	PART(last, start),
	PART(touched, last),
	PART(last_frame, ZERO),
	PART(first_frame, last_frame),
	PART(syn.time, start),
	PART(syn.frame, first_frame),
	PART(syn_ack.time, syn.time),
	PART(syn_ack.frame, syn.frame),
	PART(opened.time, syn_ack.time),
	PART(opened.frame, syn_ack.frame),
	PART(fin[0].time, last),
	PART(fin[0].frame, last_frame),
	PART(fin[1].time, last),
	PART(fin[1].frame, last_frame),
	PART(fin_acked[0].time, fin[1].time),
	PART(fin_acked[0].frame, fin[1].frame),
	PART(fin_acked[1].time, last),
	PART(fin_acked[1].frame, last_frame),
	PART(zeek.last, last),
#define SAID(side)                                                                                 \
	PART(sent[side].last_new, fin[side].time),                                                 \
	PART(sequence[side].next_time, sent[side].last_new),                                       \
	PART(sequence[side].ack_time, last),                                                       \
	PART(zeek.ends[side].packets, sent[side].packets),                                         \
	PART(zeek.ends[side].ip_bytes, sent[side].payload),                                        \
	PART(zeek.ends[side].last, sent[side].payload),                                            \
	PART(zeek.ends[side].acked, zeek.ends[side].last),                                         \
	PART(zeek.ends[side].delivered, zeek.ends[side].last)
	SAID(0), SAID(1),
};

/* TIME_NONE where they are not known. */
static const struct part spans[] = {
	PART(syn_last, syn.time),
	PART(syn_ack_last, syn_ack.time),
	SPAN(irtt, opened.time, syn_last),
	SPAN(syn_rtt, syn_ack.time, syn_last),
	SPAN(ack_rtt, opened.time, syn_ack_last),
	PART(moved, last),
	PART(time_wait[0], touched),
	PART(time_wait[1], touched),
	PART(sequence[0].stamp_time, sequence[0].ack_time),
	PART(sequence[1].stamp_time, sequence[1].ack_time),
};

/* Of 32 bits: the distance wraps as sequence numbers do. */
static const struct part numbers[] = {
	PART(sent[0].next, sent[0].iss),
	PART(sent[1].next, sent[1].iss),
	PART(sent[0].acked, sent[1].next),
	PART(sent[1].acked, sent[0].next),
#define NUMBERS(side)                                                                              \
	PART(sent[side].fin, sent[side].next),                                                     \
	PART(sequence[side].next, sent[side].next),                                                \
	PART(sequence[side].contiguous, sequence[side].next),                                      \
	PART(sequence[side].acked, sent[side].acked),                                              \
	PART(sequence[side].covered, sequence[side].next),                                         \
	PART(sequence[side].delivered, sequence[side].covered),                                    \
	PART(sequence[side].base, sent[side].iss),                                                 \
	PART(zeek.ends[side].start, sent[side].iss)
	NUMBERS(0), NUMBERS(1),
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
/* clang-format on */

/* Small whichever way it goes. */
static uint64_t fold(uint64_t distance)
{
	return distance << 1 ^ (0 - (distance >> 63));
}

static uint64_t unfold(uint64_t folded)
{
	return folded >> 1 ^ (0 - (folded & 1));
}

/*
 * What is unknown is far from what is expected: 1, which hardly any other distance is, trades places
 * with that one. Doing it again undoes it.
 */
static inline uint64_t trade(uint64_t folded, uint64_t unknown)
{
	uint64_t other = unknown == 0 ? 0 : 1;
	uint64_t traded = folded == other ? unknown : folded;

	return folded == unknown ? other : traded;
}

static inline uint64_t long_at(const char *flow, unsigned at)
{
	uint64_t value;

	memcpy(&value, flow + at, sizeof(value));
	return value;
}

static inline uint32_t number_at(const char *flow, unsigned at)
{
	uint32_t value;

	memcpy(&value, flow + at, sizeof(value));
	return value;
}

static inline uint64_t expected(const char *flow, const struct part *part)
{
	return long_at(flow, part->from) - long_at(flow, part->less);
}

/* Whatever a part is expected to be near is still what it was: the last ones come first. */
static void shrink(char *flow, const struct part *parts, size_t count, int64_t unknown)
{
	for (const struct part *part = parts + count; part-- > parts;) {
		uint64_t near = expected(flow, part);
		uint64_t folded = trade(fold(long_at(flow, part->at) - near),
		                        fold((uint64_t)unknown - near));

		memcpy(flow + part->at, &folded, sizeof(folded));
	}
}

static void grow(char *flow, const struct part *parts, size_t count, int64_t unknown)
{
	for (const struct part *part = parts; part < parts + count; part++) {
		uint64_t near = expected(flow, part);
		uint64_t value = near + unfold(trade(long_at(flow, part->at),
		                                     fold((uint64_t)unknown - near)));

		memcpy(flow + part->at, &value, sizeof(value));
	}
}

static void shrink_numbers(char *flow)
{
	for (const struct part *part = numbers + COUNT(numbers); part-- > numbers;) {
		uint32_t distance = number_at(flow, part->at) - number_at(flow, part->from);
		uint32_t folded = distance << 1 ^ (0 - (distance >> 31));

		memcpy(flow + part->at, &folded, sizeof(folded));
	}
}

static void grow_numbers(char *flow)
{
	for (const struct part *part = numbers; part < numbers + COUNT(numbers); part++) {
		uint32_t folded = number_at(flow, part->at);
		uint32_t value = number_at(flow, part->from) + (folded >> 1 ^ (0 - (folded & 1)));

		memcpy(flow + part->at, &value, sizeof(value));
	}
}

/* ---- The whole ---- */

union copy {
	struct flow flow;
	uint64_t words[sizeof(struct flow) / WORD];
	char bytes[sizeof(struct flow)];
};

size_t flow_pack(const struct flow *flow, int64_t near, uint8_t *bytes)
{
	union copy copy = { .flow = *flow };

	copy.flow.number = NONE;
	copy.flow.ZERO = 0;
	copy.flow.GIVEN = near;
	shrink_numbers(copy.bytes);
	shrink(copy.bytes, spans, COUNT(spans), TIME_NONE);
	shrink(copy.bytes, moments, COUNT(moments), 0);
	copy.flow.GIVEN = 0;
	return lines_write(copy.words, line_count(sizeof(copy)), bytes);
}

size_t flow_unpack(struct flow *flow, int64_t near, const uint8_t *bytes)
{
	union copy copy;
	size_t size = lines_read(copy.words, line_count(sizeof(copy)), bytes);

	copy.flow.GIVEN = near;
	grow(copy.bytes, moments, COUNT(moments), 0);
	grow(copy.bytes, spans, COUNT(spans), TIME_NONE);
	grow_numbers(copy.bytes);
	copy.flow.GIVEN = 0;
	*flow = copy.flow;
	return size;
}

size_t words_pack(const void *words, size_t size, uint8_t *bytes)
{
	uint64_t lines[LINES_MOST * LINE] = { 0 };

	assert(line_count(size) <= LINES_MOST);
	memcpy(lines, words, size);
	return lines_write(lines, line_count(size), bytes);
}

size_t words_unpack(void *words, size_t size, const uint8_t *bytes)
{
	uint64_t lines[LINES_MOST * LINE];
	size_t packed = lines_read(lines, line_count(size), bytes);

	memcpy(words, lines, size);
	return packed;
}
