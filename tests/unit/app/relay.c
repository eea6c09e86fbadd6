/* relay.c: packets on their way between two kernels, captured at three places. */

#include "unit/app/relay.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/time.h"
#include "packet/encode.h"
#include "packet/link.h"

/* Linux may delay an ACK by 40 ms. */
#define QUIET_MS 60
#define PATIENCE_MS 5000

static const struct {
	const char *name;
	uint16_t mask, value;
	bool has_payload, may_have_payload;
} kinds[KIND_COUNT] = {
	[SYN] = { "SYN", TCP_SYN | TCP_ACK | TCP_RST, TCP_SYN, false, true },
	[SYN_ACK] = { "SYN-ACK", TCP_SYN | TCP_ACK | TCP_RST, TCP_SYN | TCP_ACK, false, true },
	[ACK] = { "ACK", TCP_SYN | TCP_FIN | TCP_RST, 0, false, false },
	[DATA] = { "DATA", TCP_SYN | TCP_FIN | TCP_RST, 0, true, true },
	[FIN] = { "FIN", TCP_SYN | TCP_FIN | TCP_RST, TCP_FIN, false, true },
	[RST] = { "RST", TCP_RST, TCP_RST, false, true },
};

const char *kind_name(enum kind kind)
{
	return kinds[kind].name;
}

const char *place_name(enum place place)
{
	static const char *const names[PLACE_COUNT] = { "at the client", "in the middle",
		                                        "at the server" };

	return names[place];
}

static enum kind kind_of(const struct segment *segment)
{
	int kind = SYN;

	while (kind < RST &&
	       ((segment->flags & kinds[kind].mask) != kinds[kind].value ||
	        (segment->payload > 0 ? !kinds[kind].may_have_payload : kinds[kind].has_payload)))
		kind++;
	return (enum kind)kind;
}

static int64_t clock_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * TIME_SECOND + now.tv_nsec;
}

/* ---- The captures ------------------------------------------------------------------------------- */

static struct frame frame_of(const struct relay *relay, const struct packet *packet)
{
	return (struct frame){ .bytes = packet->bytes,
		               .number = 1,
		               .time = relay->clock,
		               .captured = packet->length,
		               .length = packet->length,
		               .link_type = LINK_RAW };
}

static void trace(struct observer *observer, const struct packet *packet)
{
	size_t used = strlen(observer->trace);

	snprintf(observer->trace + used, sizeof(observer->trace) - used, " %s%s",
	         packet->from == CLIENT ? ">" : "<", kind_name(packet->kind));
}

static void capture(struct relay *relay, enum place place, struct packet *packet)
{
	struct observer *observer = &relay->observers[place];
	struct frame frame;
	struct segment segment;

	relay->clock += TIME_MILLISECOND;
	frame = frame_of(relay, packet);
	frame.number = ++observer->frames;
	trace(observer, packet);
	packet->places |= 1u << place;
	if (decoder_decode(&observer->decoder, &frame, &segment) == VERDICT_TCP)
		tracker_feed(observer->tracker, &segment, 1);
}

static enum place place_of(enum side side)
{
	return side == CLIENT ? AT_CLIENT : AT_SERVER;
}

/* ---- What the kernels send ---------------------------------------------------------------------- */

static bool is_tcp(struct relay *relay, struct packet *packet)
{
	struct decoder decoder = { .frames = 0 };
	struct frame frame = frame_of(relay, packet);

	return decoder_decode(&decoder, &frame, &packet->segment) == VERDICT_TCP;
}

/* Counts only once it is known to be one. */
static struct packet *next_packet(struct relay *relay, enum side from)
{
	struct packet *packet = &relay->packets[relay->count];

	if (relay->count == PACKETS_MAX)
		return NULL;
	packet->from = from;
	packet->progress = HAS_LEFT;
	packet->places = 0;
	packet->is_known = false;
	packet->is_false = false;
	return packet;
}

static bool take_one(struct relay *relay, enum side side)
{
	struct host *host = &relay->hosts[side];
	struct packet *packet = next_packet(relay, side);
	ssize_t length;

	if (packet == NULL)
		return false;
	length = read(host->tun, packet->bytes, sizeof(packet->bytes));
	if (length <= 0)
		return false;
	packet->length = (uint32_t)length;
	if (!is_tcp(relay, packet))
		return true;
	packet->kind = kind_of(&packet->segment);
	if (packet->kind == SYN || packet->kind == SYN_ACK)
		host->iss = packet->segment.seq;
	relay->count++;
	relay->is_quiet = false;
	capture(relay, place_of(side), packet);
	return true;
}

void relay_collect(struct relay *relay)
{
	for (int side = CLIENT; side <= SERVER; side++)
		while (take_one(relay, (enum side)side))
			;
}

/* How long a kernel's timer took is time for the captures, too. */
static bool wait_for_packet(struct relay *relay, int milliseconds)
{
	struct pollfd sources[2] = { { .fd = relay->hosts[CLIENT].tun, .events = POLLIN },
		                     { .fd = relay->hosts[SERVER].tun, .events = POLLIN } };
	int64_t start = clock_now();
	int ready;

	do {
		ready = poll(sources, 2, milliseconds);
	} while (ready < 0 && errno == EINTR);
	relay->clock += time_between(start, clock_now());
	return ready > 0;
}

bool relay_hear(struct relay *relay)
{
	size_t before = relay->count;

	relay_collect(relay);
	while (!relay->is_quiet && relay->count == before) {
		relay->is_quiet = !wait_for_packet(relay, QUIET_MS);
		relay_collect(relay);
	}
	return relay->count > before;
}

struct packet *relay_find(struct relay *relay, enum side from, enum kind kind, enum progress least,
                          enum progress most)
{
	for (size_t i = 0; i < relay->count; i++) {
		struct packet *packet = &relay->packets[i];

		if (packet->from == from && packet->kind == kind && packet->progress >= least &&
		    packet->progress <= most)
			return packet;
	}
	return NULL;
}

struct packet *relay_await(struct relay *relay, enum side from, enum kind kind, enum progress most)
{
	int64_t deadline = clock_now() + PATIENCE_MS * TIME_MILLISECOND;
	struct packet *packet;

	relay_collect(relay);
	while ((packet = relay_find(relay, from, kind, HAS_LEFT, most)) == NULL) {
		int64_t left = time_between(clock_now(), deadline);

		if (left <= 0 || !wait_for_packet(relay, (int)(left / TIME_MILLISECOND) + 1))
			return NULL;
		relay_collect(relay);
	}
	return packet;
}

/* ---- What arrives ------------------------------------------------------------------------------- */

static void note_received(struct host *host, struct packet *packet)
{
	const struct segment *segment = &packet->segment;

	if (packet->is_known || packet->kind == RST)
		return;
	packet->is_known = true;
	if (segment_has(segment, TCP_SYN) || segment->seq == host->received)
		host->received = segment_end(segment);
}

bool relay_pass(struct relay *relay, struct packet *packet)
{
	packet->progress = HAS_PASSED;
	capture(relay, IN_MIDDLE, packet);
	return true;
}

bool relay_arrive(struct relay *relay, struct packet *packet)
{
	enum side to = packet->from == CLIENT ? SERVER : CLIENT;
	struct host *host = &relay->hosts[to];

	packet->progress = HAS_ARRIVED;
	relay->is_quiet = false;
	capture(relay, place_of(to), packet);
	note_received(host, packet);
	if (write(host->tun, packet->bytes, packet->length) != (ssize_t)packet->length) {
		error_set(&relay->err, "tun: %s", strerror(errno));
		return false;
	}
	relay_collect(relay);
	return true;
}

static bool packet_write(struct packet *packet)
{
	uint32_t length;
	size_t written = encode(&packet->segment, LINK_RAW, NULL, packet->bytes,
	                        sizeof(packet->bytes), &length);

	packet->length = (uint32_t)written;
	return written > 0 && written == length;
}

struct packet *relay_copy(struct relay *relay, const struct packet *packet)
{
	struct packet *copy = next_packet(relay, packet->from);

	if (copy == NULL)
		return NULL;
	*copy = *packet;
	copy->progress = HAS_LEFT;
	copy->places = 0;
	copy->is_false = true;
	relay->count++;
	return copy;
}

bool relay_rewrite(struct packet *packet, int by)
{
	packet->segment.ack += (uint32_t)by;
	packet->is_known = true;
	return packet_write(packet);
}

bool relay_forge(struct relay *relay, enum side from, uint16_t flags, uint32_t seq, uint32_t ack)
{
	const struct host *sender = &relay->hosts[from];
	const struct host *receiver = &relay->hosts[!from];
	struct packet *packet = next_packet(relay, from);

	if (packet == NULL)
		return false;
	packet->segment = (struct segment){ .kind = SEGMENT_TCP,
		                            .family = FAMILY_IPV4,
		                            .ttl = 64,
		                            .source = sender->address,
		                            .destination = receiver->address,
		                            .source_port = sender->port,
		                            .destination_port = receiver->port,
		                            .flags = flags,
		                            .seq = seq,
		                            .ack = ack,
		                            .window = 1000 };
	packet->kind = kind_of(&packet->segment);
	packet->is_known = true;
	packet->is_false = true;
	relay->count++;
	return packet_write(packet) && relay_pass(relay, packet) && relay_arrive(relay, packet);
}
