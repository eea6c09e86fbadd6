/* mpls.c: MPLS labels (RFC 3032), behind which nothing says what comes. */

#include "layer.h"
#include "protocol.h"

enum { LABEL_SIZE = 4, LABEL_BOTTOM = 0x100 };

/* A pseudowire may begin with a control word, whose first nibble is 0 (RFC 4385); 1 is not for users. */
enum { CONTROL_WORD = 4 };

static struct next bottom_next(struct packet *packet)
{
	struct cursor after_word = cursor_after(packet->cursor, CONTROL_WORD);

	if (packet->cursor.captured == 0)
		return end_with(VERDICT_LINK_CUT);
	if (ip_begins(&packet->cursor))
		return next_is(ip_layer);
	if (packet->cursor.head[0] >> 4 == 0 && layer_that_begins(&after_word)) {
		layer_function *layer = layer_that_begins(&after_word);

		packet->cursor = after_word;
		return next_is(layer);
	}
	if (layer_that_begins(&packet->cursor))
		return next_is(layer_that_begins(&packet->cursor));
	/* An IP header may be cut, or lie. */
	return ip_may_begin(&packet->cursor) ? next_is(ip_layer) : end_with(VERDICT_NOT_IP);
}

struct next mpls_layer(struct packet *packet)
{
	const uint8_t *label = cursor_pull(&packet->cursor, LABEL_SIZE);

	if (!label)
		return end_with(VERDICT_LINK_CUT);
	return read_u32(label) & LABEL_BOTTOM ? bottom_next(packet) : next_is(mpls_layer);
}
