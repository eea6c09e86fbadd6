/* crowd.c: writes a capture of a scan, of more connections than any screen has rows. */

/*
 * One machine asks every port of another: most refuse, some answer, some are silent. Real
 * captures of that size are not worth their bytes in the repository.
 */

#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/time.h"
#include "capture/dump.h"
#include "packet/encode.h"
#include "packet/seq.h"

enum { PORTS = 600, SNAPLEN = 262144, LINK_TYPE = 1, OPEN_EVERY = 97, SILENT_EVERY = 31 };

#define START (INT64_C(1700000000) * TIME_SECOND)
#define ISS_CLIENT UINT32_C(0xfffffff0)
#define ISS_SERVER UINT32_C(0xffffff00)

struct crowd {
	struct dump *dump;
	struct error *err;
	int64_t now;
	int status;
};

static void send(struct crowd *crowd, uint16_t port, bool is_answer, uint16_t flags)
{
	static const struct address ends[] = { { { 192, 0, 2, 66 } }, { { 198, 51, 100, 80 } } };
	uint8_t bytes[ENCODE_HEADERS_MAX];
	struct segment segment = {
		.kind = SEGMENT_TCP,
		.family = FAMILY_IPV4,
		.source = ends[is_answer],
		.destination = ends[!is_answer],
		.source_port = is_answer ? port : (uint16_t)(40000 + port),
		.destination_port = is_answer ? (uint16_t)(40000 + port) : port,
		.seq = is_answer ? ISS_SERVER : ISS_CLIENT + !(flags & TCP_SYN),
		.ack = !(flags & TCP_ACK) ? 0 : is_answer ? ISS_CLIENT + 1 : ISS_SERVER + 1,
		.flags = flags,
		.window = flags & TCP_RST ? 0 : 1024,
		.ttl = 64,
		.checksum = CHECKSUM_GOOD,
	};
	struct frame frame = { .time = crowd->now, .bytes = bytes, .link_type = LINK_TYPE };

	frame.captured = (uint32_t)encode(&segment, LINK_TYPE, NULL, bytes, sizeof bytes,
	                                  &frame.length);
	if (crowd->status == 0)
		crowd->status = dump_frame(crowd->dump, &frame, crowd->err);
	crowd->now += 250 * TIME_MICROSECOND;
}

static void ask(struct crowd *crowd, uint16_t port)
{
	send(crowd, port, false, TCP_SYN);
	if (port % OPEN_EVERY == 0) {
		send(crowd, port, true, TCP_SYN | TCP_ACK);
		send(crowd, port, false, TCP_RST);
	} else if (port % SILENT_EVERY != 0) {
		send(crowd, port, true, TCP_RST | TCP_ACK);
	}
	crowd->now += 4 * TIME_MILLISECOND;
}

int main(int argc, char **argv)
{
	struct error err = { 0 };
	struct crowd crowd = { .err = &err, .now = START };

	if (argc != 2) {
		fprintf(stderr, "usage: crowd FILE\n");
		return 2;
	}
	crowd.dump = dump_open(argv[1], LINK_TYPE, SNAPLEN, &err);
	if (!crowd.dump)
		goto failed;
	for (uint16_t port = 1; port <= PORTS; port++)
		ask(&crowd, port);
	if (dump_close(crowd.dump, &err) == 0 && crowd.status == 0)
		return EXIT_SUCCESS;
failed:
	fprintf(stderr, "crowd: %s\n", err.what);
	return EXIT_FAILURE;
}
