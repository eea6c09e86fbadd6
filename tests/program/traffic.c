/* traffic.c: many connections at once, as one capture or in pieces of it. */

#include "program/traffic.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "capture/dump.h"
#include "packet/encode.h"
#include "packet/link.h"

enum { CLIENT_SIDE, SERVER_SIDE, FRAME_MOST = 2048, SNAPLEN = 262144 };

#define START (INT64_C(1700000000) * TIME_SECOND)

/* Kinds of connections, by their number's remainder. */
enum kind { CLOSED, RESET, REFUSED, UNANSWERED, RETRANSMITTED, LEFT_OPEN, KINDS };

/* One being written. ISNs are just below 2^32. */
struct talk {
	struct traffic *traffic;
	uint32_t number;
	int64_t time;
	uint32_t next[2]; /* sequence numbers */
};

static void add(struct traffic *traffic, const struct segment *segment)
{
	if (traffic->count == traffic->room) {
		traffic->room = traffic->room ? 2 * traffic->room : 1024;
		traffic->segments =
			realloc(traffic->segments, traffic->room * sizeof(*traffic->segments));
		cr_assert_not_null(traffic->segments);
	}
	traffic->segments[traffic->count++] = *segment;
}

static struct segment bare(const struct talk *talk, int side)
{
	struct address client = { { 192, 0, 2, (uint8_t)(1 + talk->number % 200) } };
	struct address server = { { 198, 51, 100, (uint8_t)(1 + talk->number % 7) } };
	uint16_t port = (uint16_t)(20000 + talk->number);

	return (struct segment){
		.time = talk->time,
		.source = side == CLIENT_SIDE ? client : server,
		.destination = side == CLIENT_SIDE ? server : client,
		.source_port = side == CLIENT_SIDE ? port : 80,
		.destination_port = side == CLIENT_SIDE ? 80 : port,
		.kind = SEGMENT_TCP,
		.family = FAMILY_IPV4,
		.ttl = 64,
		.ip_id = (uint16_t)talk->traffic->count,
		.window = 65000,
		.checksum = CHECKSUM_GOOD,
	};
}

/* Whole milliseconds: so many frames have the same time. */
static void say(struct talk *talk, int side, uint16_t flags, uint32_t payload, int64_t later)
{
	struct segment segment = bare(talk, side);

	segment.flags = flags;
	segment.seq = talk->next[side];
	segment.ack = flags & TCP_ACK ? talk->next[!side] : 0;
	segment.payload = segment.captured = payload;
	talk->next[side] += segment_space(&segment);
	add(talk->traffic, &segment);
	talk->time += later * TIME_MILLISECOND;
}

static void exchange(struct talk *talk, bool loses)
{
	say(talk, CLIENT_SIDE, TCP_ACK | TCP_PSH, 100 + talk->number % 50, 20);
	say(talk, SERVER_SIDE, TCP_ACK, 1000, 0);
	say(talk, SERVER_SIDE, TCP_ACK, 1000, 1);
	if (loses) {
		talk->next[SERVER_SIDE] -= 1000;
		talk->time += 300 * TIME_MILLISECOND;
		say(talk, SERVER_SIDE, TCP_ACK, 1000, 1);
	}
	say(talk, CLIENT_SIDE, TCP_ACK, 0, 3);
}

static void part(struct talk *talk, int first)
{
	say(talk, first, TCP_FIN | TCP_ACK, 0, 20);
	say(talk, !first, TCP_FIN | TCP_ACK, 0, 20);
	say(talk, first, TCP_ACK, 0, 0);
}

static void talk_through(struct talk *talk)
{
	enum kind kind = talk->number % KINDS;

	say(talk, CLIENT_SIDE, TCP_SYN, 0, 20);
	if (kind == UNANSWERED) {
		talk->next[CLIENT_SIDE]--;
		talk->time += TIME_SECOND;
		say(talk, CLIENT_SIDE, TCP_SYN, 0, 0);
		return;
	}
	if (kind == REFUSED) {
		say(talk, SERVER_SIDE, TCP_RST | TCP_ACK, 0, 0);
		return;
	}
	say(talk, SERVER_SIDE, TCP_SYN | TCP_ACK, 0, 1);
	say(talk, CLIENT_SIDE, TCP_ACK, 0, 0);
	exchange(talk, kind == RETRANSMITTED);
	if (kind == RESET)
		say(talk, SERVER_SIDE, TCP_RST | TCP_ACK, 0, 0);
	else if (kind != LEFT_OPEN)
		part(talk, talk->number % 2 ? CLIENT_SIDE : SERVER_SIDE);
}

/* Frames of one time stay as they were written: the identification tells. */
static int compare(const void *one, const void *other)
{
	const struct segment *a = one, *b = other;

	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	return (a->frame > b->frame) - (a->frame < b->frame);
}

struct traffic traffic_new(uint32_t connections, int64_t apart)
{
	struct traffic traffic = { NULL, 0, 0 };

	for (uint32_t i = 0; i < connections; i++) {
		struct talk talk = {
			.traffic = &traffic,
			.number = i,
			.time = START + i * apart,
			.next = { UINT32_MAX - 50, UINT32_MAX - 1500 },
		};

		talk_through(&talk);
	}
	for (size_t i = 0; i < traffic.count; i++)
		traffic.segments[i].frame = i + 1;
	qsort(traffic.segments, traffic.count, sizeof(*traffic.segments), compare);
	return traffic;
}

void traffic_free(struct traffic *traffic)
{
	free(traffic->segments);
}

size_t traffic_encode(const struct traffic *traffic, size_t index, uint16_t link_type,
                      uint8_t *bytes, size_t size)
{
	uint32_t length;
	size_t count = encode(&traffic->segments[index], link_type, NULL, bytes, size, &length);

	cr_assert_gt(count, 0);
	cr_assert_eq(length, count);
	return count;
}

void traffic_write(const struct traffic *traffic, const char *path, size_t first, size_t last,
                   uint16_t link_type)
{
	struct error err;
	struct dump *dump = dump_open(path, link_type, SNAPLEN, &err);

	cr_assert_not_null(dump, "%s", err.what);
	for (size_t i = first; i < last; i++) {
		uint8_t bytes[FRAME_MOST];
		size_t count = traffic_encode(traffic, i, link_type, bytes, sizeof(bytes));
		struct frame frame = {
			.bytes = bytes,
			.number = i + 1,
			.time = traffic->segments[i].time,
			.captured = (uint32_t)count,
			.length = (uint32_t)count,
			.link_type = link_type,
		};

		cr_assert_eq(dump_frame(dump, &frame, &err), 0, "%s", err.what);
	}
	cr_assert_eq(dump_close(dump, &err), 0, "%s", err.what);
}
