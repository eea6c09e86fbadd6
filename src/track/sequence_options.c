/* sequence_options.c: what the options of a TCP header mean for the analysis of the sequence. */

#include "track/look.h"

#include "packet/option.h"
#include "packet/seq.h"

static void note_stamps(struct look *look, uint32_t stamp, uint32_t echo)
{
	look->has_stamps = true;
	look->stamp = stamp;
	look->echo = echo;
}

/* Wireshark's rules: without the option on a SYN neither end scales (RFC 7323 section 2.2). */
static void settle_scale(struct look *look)
{
	struct sequence *fwd = look->fwd, *rev = look->rev;

	if (fwd->window_scale == WINDOW_SCALE_UNKNOWN)
		fwd->window_scale = rev->window_scale = WINDOW_SCALE_UNUSED;
	else if (look->has_ack && rev->window_scale == WINDOW_SCALE_UNUSED)
		fwd->window_scale = WINDOW_SCALE_UNUSED;
}

static void note_scale(struct look *look, const struct tcp_options *options)
{
	if (options->has_window_scale)
		look->fwd->window_scale = (int8_t)(options->window_scale > WINDOW_SCALE_MAX
		                                           ? WINDOW_SCALE_MAX
		                                           : options->window_scale);
}

/* RFC 2883 section 4: the first block lies below the acknowledgment, or inside the second. */
static bool reports_duplicate(const struct look *look, const struct tcp_options *options)
{
	const struct sack_block *blocks = options->sack;

	if (options->sack_count == 0)
		return false;
	if (!seq_after(blocks[0].right, look->segment->ack))
		return true;
	return options->sack_count > 1 && !seq_before(blocks[0].left, blocks[1].left) &&
	       !seq_after(blocks[0].right, blocks[1].right);
}

static void note_fast_open(struct look *look, const struct tcp_options *options)
{
	bool has_cookie = options->has_fast_open && options->fast_open_cookie > 0;

	if (!has_cookie || !segment_has(look->segment, TCP_SYN) || look->has_ack)
		return;
	look->turn->marks |= mark_bit(MARK_TFO_SYN);
	look->flow->fast_open_payload |= look->length > 0;
}

static void note_answer_to_fast_open(struct look *look)
{
	uint32_t acked = look->ack - look->rev->base;

	if (acked > 1)
		look->turn->marks |= mark_bit(MARK_TFO_ACK);
	else if (acked == 1 && look->flow->fast_open_payload)
		look->turn->marks |= mark_bit(MARK_TFO_IGNORED);
}

static void note_subtypes(struct sequence *sequence, unsigned subtypes)
{
	sequence->has_new_mptcp |= (subtypes & ~(unsigned)sequence->mptcp) != 0;
	sequence->mptcp |= (uint16_t)subtypes;
}

/* Only the kinds that the connection has seen so far matter, whoever sent them. */
static void note_multipath(struct look *look)
{
	const struct segment *segment = look->segment;
	uint16_t subtypes = 0;
	int at = 0;

	while (at + 2 < segment->options_length && segment->options[at] != OPTION_END) {
		uint8_t kind = segment->options[at];
		uint8_t length = segment->options[at + 1];

		if (kind == OPTION_NOP) {
			at++;
			continue;
		}
		if (kind == OPTION_MPTCP)
			subtypes |= (uint16_t)(1u << (segment->options[at + 2] >> 4));
		if (length < 2)
			break;
		at += length;
	}
	note_subtypes(look->fwd, subtypes);
	note_subtypes(look->rev, subtypes);
}

static void read_options(struct look *look)
{
	struct tcp_options options;

	options_parse(look->segment, &options);
	if (options.has_timestamps)
		note_stamps(look, options.timestamp, options.timestamp_echo);
	if (options.has_mptcp)
		note_multipath(look);
	if (reports_duplicate(look, &options))
		look->turn->marks |= mark_bit(MARK_DSACK);
	note_scale(look, &options);
	note_fast_open(look, &options);
}

void look_at_options(struct look *look)
{
	const struct segment *segment = look->segment;

	if (has_usual_options(segment))
		note_stamps(look, usual_stamp(segment), usual_echo(segment));
	else if (segment->options_length > 0)
		read_options(look);
	if (segment_has(segment, TCP_SYN)) {
		look->fwd->is_first_ack = true;
		settle_scale(look);
		if (look->has_ack)
			note_answer_to_fast_open(look);
	} else if (look->has_ack) {
		look->fwd->is_first_ack = false;
	}
}
