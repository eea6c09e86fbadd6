/* decode.c: walks a frame's headers, each of which names the next (see packet/layer.h). */

#include "packet/decode.h"

#include <string.h>

#include "layer.h"
#include "usual.h"

/* More than any honest packet has; headers that go on and on must not cost time. */
enum { DEPTH_MAX = 48 };

static struct cursor cursor_over(const struct frame *frame)
{
	return (struct cursor){
		.head = frame->bytes,
		.captured = frame->captured,
		/* A record may claim to hold more than was on the wire. */
		.length = frame->length > frame->captured ? frame->length : frame->captured,
	};
}

static enum verdict walk(struct packet *packet)
{
	struct next next = next_is(link_layer);

	for (unsigned depth = 0; depth < DEPTH_MAX; depth++) {
		next = next.layer(packet);
		if (!next.layer)
			return next.verdict;
	}
	return VERDICT_TOO_DEEP;
}

static enum verdict read_frame(const struct frame *frame, struct packet *packet)
{
	struct segment *segment = packet->segment;
	enum verdict verdict;

	memset(segment, 0, sizeof(*segment));
	segment->time = frame->time;
	segment->frame = frame->number;
	packet->cursor = cursor_over(frame);
	packet->link_type = frame->link_type;
	verdict = walk(packet);
	/* The error itself was understood, whatever became of its quote. */
	if (packet->quoted && !verdict_has_segment(verdict))
		return VERDICT_ICMP_OTHER;
	return verdict;
}

static enum verdict decode_unusual(struct decoder *decoder, const struct frame *frame,
                                   struct segment *segment)
{
	struct packet packet = {
		.segment = segment,
		.decoder = decoder,
		.ignore_checksums = decoder->ignore_checksums,
	};
	enum verdict verdict = read_frame(frame, &packet);

	if (verdict == VERDICT_LINK_UNKNOWN && decoder->verdicts[VERDICT_LINK_UNKNOWN] == 0)
		decoder->unknown_link = packet.link_type;
	if (packet.tunnels > 0 && verdict_has_segment(verdict))
		tunnel_settle(decoder->tunnels, segment);
	decoder->frames++;
	decoder->verdicts[verdict]++;
	decoder->cut_frames += frame->captured < frame->length;
	decoder->payload = packet.payload;
	return verdict;
}

enum verdict decoder_decode(struct decoder *decoder, const struct frame *frame,
                            struct segment *segment)
{
	if (usual_read(decoder, frame, 1, segment) == 1)
		return VERDICT_TCP;
	return decode_unusual(decoder, frame, segment);
}

size_t decoder_decode_many(struct decoder *decoder, const struct frame *frames, size_t count,
                           struct segment *segments)
{
	size_t filled = 0, at = 0;

	while (at < count) {
		size_t usual = usual_read(decoder, frames + at, count - at, segments + filled);

		at += usual;
		filled += usual;
		if (at == count)
			break;
		filled += verdict_has_segment(
			decode_unusual(decoder, &frames[at++], &segments[filled]));
	}
	decoder->payload = NULL;
	return filled;
}

uint32_t decode_payload(const struct frame *frame, const uint8_t **payload)
{
	struct segment segment = { .kind = SEGMENT_NONE };
	struct packet packet = { .segment = &segment, .ignore_checksums = true };

	read_frame(frame, &packet);
	if (!packet.payload)
		return 0;
	*payload = packet.payload;
	return segment.captured;
}
