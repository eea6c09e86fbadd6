/* calm_surprises.c: what may come instead of what is expected, a function each. */

#include <string.h>

#include "packet/option.h"
#include "unit/track/calm_talk.h"

/* What is strange about the segment alone. */
#define of_itself(name)                                                                            \
	static void name(struct talk *talk __attribute__((unused)), struct segment *segment,       \
	                 enum side side __attribute__((unused)))

/* ---- Numbers ---- */

static void repeat(struct talk *talk, struct segment *segment, enum side side)
{
	if (talk->latest[side].kind != SEGMENT_NONE)
		*segment = talk->latest[side];
	segment->ip_id = (uint16_t)(segment->ip_id + 7);
}

static void repeat_other(struct talk *talk, struct segment *segment, enum side side)
{
	repeat(talk, segment, other_side(side));
}

of_itself(leave_a_gap)
{
	segment->seq += 100;
}

of_itself(step_back)
{
	segment->seq -= 1;
}

of_itself(ack_beyond)
{
	segment->ack += 1;
}

of_itself(ack_far_beyond)
{
	segment->ack += 1u << 31;
}

static void ack_less(struct talk *talk, struct segment *segment, enum side side)
{
	segment->ack = talk->acked[side] - 1;
}

of_itself(ack_zero)
{
	segment->ack = 0;
}

static void ack_the_same(struct talk *talk, struct segment *segment, enum side side)
{
	segment->ack = talk->acked[side];
	segment->payload = segment->captured = 0;
}

static void ack_one(struct talk *talk, struct segment *segment, enum side side)
{
	(void)segment;
	segment->ack = talk->acked[side] + 1;
}

static void keep_alive(struct talk *talk, struct segment *segment, enum side side)
{
	segment->seq = talk->next[side] - 1;
	segment->payload = segment->captured = 0;
}

static void keep_alive_with_a_byte(struct talk *talk, struct segment *segment, enum side side)
{
	segment->seq = talk->next[side] - 1;
	segment->payload = segment->captured = 1;
}

/* ---- Windows ---- */

static void update_window(struct talk *talk, struct segment *segment, enum side side)
{
	ack_the_same(talk, segment, side);
	segment->window = (uint16_t)(segment->window + 100);
}

of_itself(close_window)
{
	segment->window = 0;
}

static bool scales(const struct talk *talk)
{
	return talk->dress.scale[CLIENT] != NO_SCALE && talk->dress.scale[SERVER] != NO_SCALE;
}

static void fill_window(struct talk *talk, struct segment *segment, enum side side)
{
	enum side peer = other_side(side);
	uint32_t window = talk->latest[peer].window;
	int shift = talk->dress.scale[peer] > 14 ? 14 : talk->dress.scale[peer];

	if (scales(talk) && !segment_has(&talk->latest[peer], TCP_SYN))
		window <<= shift;
	segment->payload = talk->acked[peer] + window - segment->seq;
	segment->captured = segment->payload;
}

static void fill_window_unscaled(struct talk *talk, struct segment *segment, enum side side)
{
	enum side peer = other_side(side);

	segment->payload = talk->acked[peer] + talk->latest[peer].window - segment->seq;
	segment->captured = segment->payload;
}

of_itself(narrow_window)
{
	segment->window = 1;
}

/* ---- Payload ---- */

static void be_large(struct talk *talk, struct segment *segment, enum side side)
{
	uint32_t mss = talk->dress.mss[other_side(side)];

	segment->payload = segment->captured = (mss > 0 ? mss : 9000) + 1;
}

static void be_full(struct talk *talk, struct segment *segment, enum side side)
{
	be_large(talk, segment, side);
	segment->payload = --segment->captured;
}

of_itself(be_huge)
{
	segment->payload = segment->captured = 65536 + 10;
}

of_itself(be_empty)
{
	segment->payload = segment->captured = 0;
}

of_itself(have_data)
{
	segment->payload = segment->captured = 10;
}

of_itself(have_a_byte)
{
	segment->payload = segment->captured = 1;
}

of_itself(be_cut)
{
	segment->payload = 10;
	segment->captured = 9;
}

/* ---- Flags ---- */

static void add(struct segment *segment, unsigned flags)
{
	segment->flags = (uint16_t)(segment->flags | flags);
}

of_itself(be_urgent)
{
	add(segment, TCP_URG);
	segment->urgent = 3;
}

of_itself(be_congested)
{
	add(segment, TCP_ECE | TCP_CWR | TCP_AE);
}

of_itself(have_no_flags)
{
	segment->flags = 0;
}

of_itself(have_no_ack)
{
	segment->flags &= (uint16_t)~TCP_ACK;
	segment->ack = 0;
}

of_itself(finish)
{
	add(segment, TCP_FIN);
}

of_itself(finish_without_ack)
{
	add(segment, TCP_FIN);
	segment->ack = talk->acked[side];
}

of_itself(add_syn)
{
	add(segment, TCP_SYN);
}

static void open(struct talk *talk, struct segment *segment, enum side side, uint32_t seq)
{
	*segment = talk_say(talk, side, TCP_SYN, 0);
	segment->seq = seq;
	talk_dress(talk, segment, side);
}

static void repeat_syn(struct talk *talk, struct segment *segment, enum side side)
{
	open(talk, segment, side, talk->iss[side]);
}

static void open_again(struct talk *talk, struct segment *segment, enum side side)
{
	open(talk, segment, side, talk->next[side] + 100000);
}

static void answer_syn_again(struct talk *talk, struct segment *segment, enum side side)
{
	open(talk, segment, side, talk->iss[side]);
	add(segment, TCP_ACK);
	segment->ack = talk->iss[other_side(side)] + 1;
}

/* ---- Resets ---- */

static void reset_at(struct talk *talk, struct segment *segment, enum side side, uint32_t seq)
{
	*segment = talk_say(talk, side, TCP_RST, 0);
	segment->seq = seq;
	segment->window = 0;
}

static void reset(struct talk *talk, struct segment *segment, enum side side)
{
	reset_at(talk, segment, side, talk->next[side]);
}

static void reset_and_ack(struct talk *talk, struct segment *segment, enum side side)
{
	reset(talk, segment, side);
	add(segment, TCP_ACK);
	segment->ack = talk->acked[side];
}

static void reset_and_ack_all(struct talk *talk, struct segment *segment, enum side side)
{
	reset(talk, segment, side);
	add(segment, TCP_ACK);
	segment->ack = talk->next[other_side(side)];
}

static void reset_with_window(struct talk *talk, struct segment *segment, enum side side)
{
	reset_and_ack(talk, segment, side);
	segment->window = 77;
}

static void reset_in_window(struct talk *talk, struct segment *segment, enum side side)
{
	reset_at(talk, segment, side, talk->next[side] + 10);
}

static void reset_outside(struct talk *talk, struct segment *segment, enum side side)
{
	reset_at(talk, segment, side, talk->next[side] - 100000);
}

static void reset_with_an_odd_ack(struct talk *talk, struct segment *segment, enum side side)
{
	reset(talk, segment, side);
	segment->ack = 12345;
}

static void reset_with_reason(struct talk *talk, struct segment *segment, enum side side)
{
	reset(talk, segment, side);
	segment->payload = segment->captured = 20;
}

static void reset_with_options(struct talk *talk, struct segment *segment, enum side side)
{
	reset_and_ack(talk, segment, side);
	options_append(segment, OPTION_NOP, NULL, 0);
	options_pad(segment);
}

static void reset_and_finish(struct talk *talk, struct segment *segment, enum side side)
{
	reset(talk, segment, side);
	add(segment, TCP_FIN);
}

static void refuse(struct talk *talk, struct segment *segment, enum side side)
{
	reset_at(talk, segment, side, 0);
	add(segment, TCP_ACK);
	segment->ack = talk->next[other_side(side)];
}

/* ---- Headers ---- */

of_itself(be_bad)
{
	segment->checksum = CHECKSUM_BAD;
}

of_itself(be_offloaded)
{
	segment->checksum = CHECKSUM_OFFLOADED;
}

of_itself(be_unsummed)
{
	segment->checksum = CHECKSUM_UNKNOWN;
}

of_itself(cut_options)
{
	segment->options_cut = 4;
}

of_itself(be_tunnelled)
{
	segment->tunnel = 3;
}

of_itself(be_in_a_vlan)
{
	segment->vlan = 7;
}

of_itself(hop_less)
{
	segment->ttl = 3;
}

/* ---- Options ---- */

static void append(struct segment *segment, uint8_t kind, uint8_t length)
{
	static const uint8_t zeros[TCP_OPTIONS_MAX];

	options_append(segment, kind, zeros, length);
	options_pad(segment);
}

of_itself(acknowledge_selectively)
{
	uint8_t block[8] = { 0 };

	for (int i = 0; i < 4; i++) {
		block[i] = (uint8_t)((segment->ack + 10) >> (24 - 8 * i));
		block[4 + i] = (uint8_t)((segment->ack + 20) >> (24 - 8 * i));
	}
	options_append(segment, OPTION_SACK, block, 8);
	options_pad(segment);
}

of_itself(report_duplicate)
{
	append(segment, OPTION_SACK, 8);
}

of_itself(have_other_options)
{
	append(segment, OPTION_MD5, 16);
}

of_itself(have_no_options)
{
	segment->options_length = 0;
}

of_itself(order_options_otherwise)
{
	segment->options_length = 0;
	append(segment, OPTION_TIMESTAMPS, 8);
}

of_itself(echo_nothing)
{
	if (segment->options_length == 12)
		memset(segment->options + 8, 0, 4);
}

of_itself(go_multipath)
{
	append(segment, OPTION_MPTCP, 2);
}

of_itself(open_fast)
{
	append(segment, OPTION_FAST_OPEN, 8);
}

/* ---- What is no segment of it ---- */

of_itself(be_quoted)
{
	segment->kind = SEGMENT_TCP_QUOTE;
	segment->options_length = 0;
	segment->icmp = (struct icmp_error){ .type = 3, .code = 1, .quoted = 20 };
}

of_itself(be_part)
{
	segment->kind = SEGMENT_TCP_PART;
}

of_itself(be_copied)
{
	segment->kind = SEGMENT_TCP_COPY;
}

of_itself(be_a_datagram)
{
	segment->kind = SEGMENT_UDP;
}

/* clang-format off */
const struct surprise_row surprises[] = {
	{ "repeat",                repeat },
	{ "repeat other",          repeat_other },
	{ "gap",                   leave_a_gap },
	{ "step back",             step_back },
	{ "ack beyond",            ack_beyond },
	{ "ack far beyond",        ack_far_beyond },
	{ "ack less",              ack_less },
	{ "ack 0",                 ack_zero },
	{ "ack the same",          ack_the_same },
	{ "ack one",               ack_one },
	{ "keep-alive",            keep_alive },
	{ "keep-alive byte",       keep_alive_with_a_byte },
	{ "window update",         update_window },
	{ "zero window",           close_window },
	{ "window full",           fill_window },
	{ "window full unscaled",  fill_window_unscaled },
	{ "narrow window",         narrow_window },
	{ "super-segment",         be_large },
	{ "full segment",          be_full },
	{ "huge segment",          be_huge },
	{ "empty",                 be_empty },
	{ "data",                  have_data },
	{ "a byte",                have_a_byte },
	{ "cut",                   be_cut },
	{ "urgent",                be_urgent },
	{ "ECN",                   be_congested },
	{ "no flags",              have_no_flags },
	{ "no ACK",                have_no_ack },
	{ "FIN",                   finish },
	{ "FIN without ack",       finish_without_ack },
	{ "SYN beside",            add_syn },
	{ "SYN again",             repeat_syn },
	{ "other SYN",             open_again },
	{ "SYN-ACK again",         answer_syn_again },
	{ "RST",                   reset },
	{ "RST-ACK",               reset_and_ack },
	{ "RST-ACK of all",        reset_and_ack_all },
	{ "RST with window",       reset_with_window },
	{ "RST in window",         reset_in_window },
	{ "RST outside",           reset_outside },
	{ "RST, odd ack",          reset_with_an_odd_ack },
	{ "RST with payload",      reset_with_reason },
	{ "RST with options",      reset_with_options },
	{ "RST-FIN",               reset_and_finish },
	{ "refusal",               refuse },
	{ "bad checksum",          be_bad },
	{ "offloaded",             be_offloaded },
	{ "no checksum",           be_unsummed },
	{ "cut options",           cut_options },
	{ "tunnel",                be_tunnelled },
	{ "VLAN",                  be_in_a_vlan },
	{ "TTL",                   hop_less },
	{ "SACK",                  acknowledge_selectively },
	{ "D-SACK",                report_duplicate },
	{ "other options",         have_other_options },
	{ "no options",            have_no_options },
	{ "options otherwise",     order_options_otherwise },
	{ "no echo",               echo_nothing },
	{ "MPTCP",                 go_multipath },
	{ "Fast Open",             open_fast },
	{ "ICMP quote",            be_quoted },
	{ "part",                  be_part },
	{ "copy",                  be_copied },
	{ "datagram",              be_a_datagram },
};
/* clang-format on */

const int surprise_count = sizeof(surprises) / sizeof(surprises[0]);
