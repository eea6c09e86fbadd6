/* packed.c: a flow in few bytes. */

/*
 * Most of a flow is zero, and most of the rest follows from something else in it: a time from
 * another time, a number from the initial one. So each word is written as its distance from
 * what is to be expected, and runs of words that are as expected take a byte.
 */

#include "track/inside.h"

#include <assert.h>
#include <string.h>

#include "base/time.h"

/*
 * What a byte says: so many words as expected, the distance itself, or how many bytes of
 * distance follow.
 */
enum { RUN_MOST = 64, SMALL_FIRST = 64, SMALL_LAST = 247, WIDE = 247 };

enum kind {
	KIND_WORDS,  /* 32-bit words, each expected to be zero */
	KIND_START,  /* 64 bits, expected to be near what the packer is told */
	KIND_TIME,   /* 64 bits, expected to be what is at `from`; TIME_NONE and 0 are usual, too */
	KIND_NUMBER, /* 32 bits, expected to be what is at `from` */
	KIND_SPAN,   /* 64 bits, expected to be from - less */
};

/* Places in a struct flow; 0 stands for nothing, since the number there is not packed. */
struct part {
	uint8_t kind;
	uint16_t at;
	uint16_t from;
	uint16_t less; /* KIND_WORDS: how many */
};

#define AT(field) (uint16_t)offsetof(struct flow, field)
#define TIME(field, from)          { KIND_TIME, AT(field), AT(from), 0 }
#define NUMBER(field, from)        { KIND_NUMBER, AT(field), AT(from), 0 }
#define SPAN(field, from, less)    { KIND_SPAN, AT(field), AT(from), AT(less) }
/* From one field up to the next that is named, the first included. */
#define WORDS(first, end)          { KIND_WORDS, AT(first), 0, (uint16_t)((AT(end) - AT(first)) / 4) }

/* clang-format off */
#define SENDING(side)                                                                              \
	WORDS(sent[side].packets, sent[side].last_new),                                            \
	TIME(sent[side].last_new, fin[side].time),                                                 \
	WORDS(sent[side].iss, sent[side].next),                                                    \
	NUMBER(sent[side].next, sent[side].iss)

#define SENT_MORE(side, peer)                                                                      \
	NUMBER(sent[side].acked, sent[peer].next),                                                 \
	NUMBER(sent[side].fin, sent[side].next),                                                   \
	{ KIND_WORDS, AT(sent[side].back_off), 0,                                                    \
	  (sizeof(struct sending) - offsetof(struct sending, back_off)) / 4 }

#define SEQUENCE(side)                                                                             \
	TIME(sequence[side].next_time, sent[side].last_new),                                       \
	TIME(sequence[side].ack_time, last),                                                       \
	NUMBER(sequence[side].next, sent[side].next),                                              \
	NUMBER(sequence[side].contiguous, sequence[side].next),                                    \
	NUMBER(sequence[side].acked, sent[side].acked),                                            \
	WORDS(sequence[side].window, sequence[side].covered),                                      \
	NUMBER(sequence[side].covered, sequence[side].next),                                       \
	NUMBER(sequence[side].delivered, sequence[side].covered),                                  \
	NUMBER(sequence[side].base, sent[side].iss),                                               \
	WORDS(sequence[side].timed, sequence[side].stamp_time),                              \
	TIME(sequence[side].stamp_time, sequence[side].ack_time),                                  \
	{ KIND_WORDS, AT(sequence[side].data_packets), 0,                                            \
	  (sizeof(struct sequence) - offsetof(struct sequence, data_packets)) / 4 }

#define ZEEK_END(side)                                                                             \
	NUMBER(zeek.ends[side].start, sent[side].iss),                                             \
	SPAN(zeek.ends[side].packets, sent[side].packets, number),                                 \
	SPAN(zeek.ends[side].ip_bytes, sent[side].payload, number),                                \
	SPAN(zeek.ends[side].last, sent[side].payload, number),                                    \
	SPAN(zeek.ends[side].acked, zeek.ends[side].last, number),                                 \
	SPAN(zeek.ends[side].delivered, zeek.ends[side].last, number),                             \
	{ KIND_WORDS, AT(zeek.ends[side].held), 0,                                                   \
	  (sizeof(struct zeek_end) - offsetof(struct zeek_end, held)) / 4 }

static const struct part parts[] = {
	WORDS(key, id),
	WORDS(id, last),
	SPAN(stream, id, number),
	{ KIND_START, AT(start), 0, 0 },
	TIME(last, start),
	TIME(touched, last),
	TIME(last_frame, number),
	TIME(first_frame, last_frame),
	TIME(syn.time, start),
	TIME(syn.frame, first_frame),
	TIME(syn_last, syn.time),
	TIME(syn_ack.time, syn.time),
	TIME(syn_ack.frame, first_frame),
	TIME(syn_ack_last, syn_ack.time),
	TIME(opened.time, syn_ack.time),
	TIME(opened.frame, syn_ack.frame),
	SPAN(irtt, opened.time, syn_last),
	SPAN(syn_rtt, syn_ack.time, syn_last),
	SPAN(ack_rtt, opened.time, syn_ack_last),
	TIME(fin[0].time, last),
	TIME(fin[0].frame, last_frame),
	TIME(fin[1].time, last),
	TIME(fin[1].frame, last_frame),
	TIME(fin_acked[0].time, fin[1].time),
	TIME(fin_acked[0].frame, fin[1].frame),
	TIME(fin_acked[1].time, last),
	TIME(fin_acked[1].frame, last_frame),
	TIME(moved, last),
	TIME(time_wait[0], touched),
	TIME(time_wait[1], touched),
	WORDS(ends, irtt),
	WORDS(suspect, opened),
	SENDING(0), SENDING(1),
	SENT_MORE(0, 1), SENT_MORE(1, 0),
	SEQUENCE(0), SEQUENCE(1),
	WORDS(trail, reset),
	WORDS(reset, aside),
	TIME(zeek.last, last),
	ZEEK_END(0), ZEEK_END(1),
	{ KIND_WORDS, AT(zeek.missed), 0, (sizeof(struct flow) - AT(zeek.missed)) / 4 },
};
/* clang-format on */

struct writer {
	uint8_t *to;
	unsigned run;
};

static inline void run_end(struct writer *writer)
{
	for (; writer->run > RUN_MOST; writer->run -= RUN_MOST)
		*writer->to++ = RUN_MOST - 1;
	if (writer->run > 0)
		*writer->to++ = (uint8_t)(writer->run - 1);
	writer->run = 0;
}

static unsigned bytes_of(uint64_t value)
{
	return (unsigned)(71 - __builtin_clzll(value)) / 8;
}

static inline void put(struct writer *writer, uint64_t distance)
{
	if (distance == 0) {
		writer->run++;
		return;
	}
	run_end(writer);
	if (distance <= SMALL_LAST - SMALL_FIRST + 1) {
		*writer->to++ = (uint8_t)(distance - 1 + SMALL_FIRST);
		return;
	}
	*writer->to++ = (uint8_t)(WIDE + bytes_of(distance));
	memcpy(writer->to, &distance, sizeof(distance));
	writer->to += bytes_of(distance);
}

struct reader {
	const uint8_t *from;
	unsigned run;
};

static inline uint64_t take(struct reader *reader)
{
	uint64_t distance = 0;
	unsigned head;

	if (reader->run > 0) {
		reader->run--;
		return 0;
	}
	head = *reader->from++;
	if (head < SMALL_FIRST) {
		reader->run = head;
		return 0;
	}
	if (head <= SMALL_LAST)
		return head - SMALL_FIRST + 1;
	memcpy(&distance, reader->from, head - WIDE);
	reader->from += head - WIDE;
	return distance;
}

/* Small whichever way it goes. */
static uint64_t fold(uint64_t distance)
{
	return distance << 1 ^ (0 - (distance >> 63));
}

static uint64_t unfold(uint64_t folded)
{
	return folded >> 1 ^ (0 - (folded & 1));
}

static inline uint64_t long_at(const char *flow, unsigned at)
{
	uint64_t value;

	memcpy(&value, flow + at, sizeof(value));
	return value;
}

/* What is expected where a part names no other. */
static inline uint64_t expected_at(const char *flow, unsigned at)
{
	return at == 0 ? 0 : long_at(flow, at);
}

static inline uint32_t word_at(const char *flow, unsigned at)
{
	uint32_t value;

	memcpy(&value, flow + at, sizeof(value));
	return value;
}

/* Times: as expected, none, zero, far away, or their distance. */
enum { TIME_SAME, TIME_IS_NONE, TIME_ZERO, TIME_FAR };

static inline void put_time(struct writer *writer, uint64_t time, uint64_t expected)
{
	uint64_t distance = fold(time - expected);

	if (distance == 0) {
		put(writer, TIME_SAME);
	} else if (time == (uint64_t)TIME_NONE) {
		put(writer, TIME_IS_NONE);
	} else if (time == 0) {
		put(writer, TIME_ZERO);
	} else if (distance > UINT64_MAX - TIME_FAR) {
		put(writer, TIME_FAR);
		put(writer, time);
	} else {
		put(writer, distance + TIME_FAR);
	}
}

static inline uint64_t take_time(struct reader *reader, uint64_t expected)
{
	uint64_t code = take(reader);

	switch (code) {
	case TIME_SAME:
		return expected;
	case TIME_IS_NONE:
		return (uint64_t)TIME_NONE;
	case TIME_ZERO:
		return 0;
	case TIME_FAR:
		return take(reader);
	default:
		return expected + unfold(code - TIME_FAR);
	}
}

/* A writer of its own, which can stay in registers. */
static void put_words(struct writer *to, const char *words, unsigned count)
{
	struct writer writer = *to;
	unsigned i = 0;

	/* Most are zero: two at a time. */
	for (; i + 2 <= count; i += 2) {
		uint64_t both = long_at(words, 4 * i);

		if (both == 0) {
			writer.run += 2;
			continue;
		}
		put(&writer, word_at(words, 4 * i));
		put(&writer, word_at(words, 4 * i + 4));
	}
	if (i < count)
		put(&writer, word_at(words, 4 * i));
	*to = writer;
}

/* Into memory that is zero already. */
static void take_words(struct reader *reader, char *words, unsigned count)
{
	unsigned i = 0;

	while (i < count) {
		unsigned zeros = reader->run < count - i ? reader->run : count - i;
		uint32_t word;

		i += zeros;
		reader->run -= zeros;
		if (i == count)
			return;
		word = (uint32_t)take(reader);
		memcpy(words + 4 * (size_t)i++, &word, sizeof(word));
	}
}

/* 32 bits: the distance wraps as sequence numbers do. */
static uint64_t fold_number(uint32_t distance)
{
	return fold((uint64_t)(int64_t)(int32_t)distance);
}

static void put_part(struct writer *writer, const char *flow, const struct part *part, int64_t near)
{
	switch (part->kind) {
	case KIND_WORDS:
		put_words(writer, flow + part->at, part->less);
		break;
	case KIND_START:
		put_time(writer, long_at(flow, part->at), (uint64_t)near);
		break;
	case KIND_TIME:
		put_time(writer, long_at(flow, part->at), expected_at(flow, part->from));
		break;
	case KIND_NUMBER:
		put(writer, fold_number(word_at(flow, part->at) - word_at(flow, part->from)));
		break;
	default:
		put_time(writer, long_at(flow, part->at),
		         expected_at(flow, part->from) - expected_at(flow, part->less));
	}
}

static void take_part(struct reader *reader, char *flow, const struct part *part, int64_t near)
{
	uint64_t value;
	uint32_t number;

	switch (part->kind) {
	case KIND_WORDS:
		take_words(reader, flow + part->at, part->less);
		return;
	case KIND_START:
		value = take_time(reader, (uint64_t)near);
		break;
	case KIND_TIME:
		value = take_time(reader, expected_at(flow, part->from));
		break;
	case KIND_NUMBER:
		number = word_at(flow, part->from) + (uint32_t)unfold(take(reader));
		memcpy(flow + part->at, &number, sizeof(number));
		return;
	default:
		value = take_time(reader, expected_at(flow, part->from) - expected_at(flow, part->less));
	}
	memcpy(flow + part->at, &value, sizeof(value));
}

size_t flow_pack(const struct flow *flow, int64_t near, uint8_t *bytes)
{
	struct writer writer = { .to = bytes };

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		put_part(&writer, (const char *)flow, &parts[i], near);
	run_end(&writer);
	return (size_t)(writer.to - bytes);
}

size_t flow_unpack(struct flow *flow, int64_t near, const uint8_t *bytes)
{
	struct reader reader = { .from = bytes };

	memset(flow, 0, sizeof(*flow));
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		take_part(&reader, (char *)flow, &parts[i], near);
	return (size_t)(reader.from - bytes);
}

size_t words_pack(const void *words, size_t size, uint8_t *bytes)
{
	struct writer writer = { .to = bytes };

	put_words(&writer, words, (unsigned)(size / 4));
	run_end(&writer);
	return (size_t)(writer.to - bytes);
}

size_t words_unpack(void *words, size_t size, const uint8_t *bytes)
{
	struct reader reader = { .from = bytes };

	memset(words, 0, size);
	take_words(&reader, words, (unsigned)(size / 4));
	return (size_t)(reader.from - bytes);
}
