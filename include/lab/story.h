/* story.h: a written conversation, turned into frames. */
#ifndef LAB_STORY_H
#define LAB_STORY_H

#include <stdint.h>

#include "base/error.h"
#include "base/time.h"
#include "capture/source.h"

/*
 * A story is text, a segment per line, as the capture saw it:
 *
 *	client SYN                        # a comment
 *	server SYN-ACK
 *	client ACK
 *	client 'GET / HTTP/1.0'
 *	+2.5 server 1460 bytes            # 2.5 s after the line before
 *	server FIN
 *
 * Sequence numbers, acknowledgments, options, windows and times follow by
 * themselves; what a line says goes first. Both ISNs sit just below 2^32.
 *
 * WHO       client, server; router (only for ICMP errors)
 * WHAT      SYN SYN-ACK ACK FIN RST RST-ACK PSH; N bytes; 'text' or "text"
 *           unreachable net|host|protocol|port|prohibited|fragmentation: an ICMP error that
 *           quotes the other side's last segment (router: the last one of all)
 * NUMBERS   seq N, ack N    relative: the SYN is 0, the first byte 1
 *           win N, ttl N    as in the header
 *           mtu N           with unreachable fragmentation
 * OPTIONS   mss N, ws N, sack, ts, fast-open request|HEX; a SYN that names none has the usual
 *           three (mss, ws, sack); ts on an end's SYN lasts for its whole connection
 * HOW       lost       the capture saw it, the peer did not get it
 *           unseen     the peer got it, the capture did not see it
 *           crossing   its sender had not yet got the peer's last segment
 *           again      as the sender's last one of this kind: same numbers, same bytes
 *           stray      forged, or of another time: moves neither end's numbers
 *
 * An end acknowledges all that it got in order, every time. Without a "+" the
 * client's line comes 20 us after the line before, the server's answer a round
 * trip after the client's last segment: the capture was made at the client.
 * "+60" alone lets time pass.
 *
 * "2:" before a line, or alone, turns to connection 2; it has the settings of
 * connection 1 and the next client port. Settings come before a connection's
 * first segment:
 *
 *	addresses A B    ports A B    isn client|server N    rtt SECONDS    vlan N
 *	ipv6    loopback    udp    link ethernet|sll|sll2|null|loop|raw|ipv4|ipv6
 *
 * Where both ends have the same address and port they are one socket: let
 * `client` speak.
 */
enum {
	STORY_CONNECTIONS_MAX = 32,
	STORY_PAYLOAD_MAX = 32768, /* bytes in one segment */
};

/* The instant of a story's first moment. */
#define STORY_START (INT64_C(1700000000) * TIME_SECOND)

/* How to play it other than as written. */
struct story_options {
	uint32_t shift[2]; /* added to the ISNs of the client and of the server */
};

/*
 * Lends every frame to `visit`, in order, numbered from 1. `options` may be
 * NULL. Returns -1 and err, which names line and word, at the first line that
 * makes no sense; the frames before it have been visited.
 */
int story_play(const char *text, const struct story_options *options, frame_visitor *visit,
               void *context, struct error *err);

#endif
