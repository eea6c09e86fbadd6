/* crowd.c: writes a capture of more connections than any screen has rows, and of one long one. */

/*
 * One machine asks every port of another: most refuse, some answer, some are silent; then it
 * downloads something. Captures of that size are not worth their bytes in the repository.
 */

#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/time.h"
#include "capture/dump.h"
#include "packet/encode.h"

enum {
	PORTS = 600,
	OPEN_EVERY = 97,
	SILENT_EVERY = 31,
	DOWNLOAD_PORT = 8080,
	ROUNDS = 40, /* of the download: each two segments and an ACK */
	MSS = 1460,
	REQUEST = 120,
	LINK_TYPE = 1,
	SNAPLEN = 262144,
};

#define START (INT64_C(1700000000) * TIME_SECOND)
#define ISS_CLIENT UINT32_C(0xfffffff0)
#define ISS_SERVER UINT32_C(0xffffff00)

/* A capture need not hold the payload that its frames had. */
struct crowd {
	uint32_t next[2]; /* sequence numbers of the connection at hand */
	struct dump *dump;
	struct error *err;
	int64_t now;
	int status;
};

static void tell(struct crowd *crowd, uint16_t port, bool is_answer, uint16_t flags,
                 uint32_t payload)
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
		.seq = crowd->next[is_answer],
		.ack = flags & TCP_ACK ? crowd->next[!is_answer] : 0,
		.flags = flags,
		.payload = payload,
		.window = flags & TCP_RST ? 0 : 65535,
		.ttl = 64,
		.checksum = CHECKSUM_GOOD,
	};
	struct frame frame = { .time = crowd->now, .bytes = bytes, .link_type = LINK_TYPE };

	frame.captured = (uint32_t)encode(&segment, LINK_TYPE, NULL, bytes, sizeof bytes,
	                                  &frame.length);
	if (crowd->status == 0)
		crowd->status = dump_frame(crowd->dump, &frame, crowd->err);
	crowd->next[is_answer] += payload + !!(flags & (TCP_SYN | TCP_FIN));
	crowd->now += 250 * TIME_MICROSECOND;
}

static void begin(struct crowd *crowd, uint16_t port)
{
	crowd->next[0] = ISS_CLIENT;
	crowd->next[1] = ISS_SERVER;
	tell(crowd, port, false, TCP_SYN, 0);
}

static void ask(struct crowd *crowd, uint16_t port)
{
	begin(crowd, port);
	if (port % OPEN_EVERY == 0) {
		tell(crowd, port, true, TCP_SYN | TCP_ACK, 0);
		tell(crowd, port, false, TCP_RST, 0);
	} else if (port % SILENT_EVERY != 0) {
		tell(crowd, port, true, TCP_RST | TCP_ACK, 0);
	}
	crowd->now += 4 * TIME_MILLISECOND;
}

static void download(struct crowd *crowd, uint16_t port)
{
	begin(crowd, port);
	tell(crowd, port, true, TCP_SYN | TCP_ACK, 0);
	tell(crowd, port, false, TCP_ACK, 0);
	tell(crowd, port, false, TCP_ACK | TCP_PSH, REQUEST);
	tell(crowd, port, true, TCP_ACK, 0);
	for (int round = 0; round < ROUNDS; round++) {
		tell(crowd, port, true, TCP_ACK, MSS);
		tell(crowd, port, true, TCP_ACK, MSS);
		crowd->now += (1 + round % 7) * TIME_MILLISECOND;
		tell(crowd, port, false, TCP_ACK, 0);
	}
	tell(crowd, port, true, TCP_FIN | TCP_ACK, 0);
	tell(crowd, port, false, TCP_FIN | TCP_ACK, 0);
	tell(crowd, port, true, TCP_ACK, 0);
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
	download(&crowd, DOWNLOAD_PORT);
	if (dump_close(crowd.dump, &err) == 0 && crowd.status == 0)
		return EXIT_SUCCESS;
failed:
	fprintf(stderr, "crowd: %s\n", err.what);
	return EXIT_FAILURE;
}
