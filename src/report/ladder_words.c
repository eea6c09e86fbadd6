/* ladder_words.c: what is written on an arrow of the ladder. */
#include "report/ladder_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "diagnose/icmp.h"
#include "packet/address.h"
#include "packet/option.h"

struct oddity_row {
	uint16_t oddity;
	const char *words;
};

/* clang-format off */
static const struct oddity_row oddities[] = {
	{ ODD_RESET_UNACCEPTABLE,   "this reset does not fit the connection: nothing moves" },
	{ ODD_RESET_IGNORED,        "traffic goes on: the reset before was ignored" },
	{ ODD_SYN_IN_ESTABLISHED,   "a SYN inside a connection: a challenge ACK is due (RFC 5961)" },
	{ ODD_SYN_ACK_WRONG_ACK,    "this SYN-ACK does not acknowledge the SYN" },
	{ ODD_SYN_ACK_NEW_ISN,      "another initial sequence number: somebody else answers too" },
	{ ODD_ACK_OF_NOTHING,       "it acknowledges nothing that was sent: left from an older connection" },
	{ ODD_FLAGS,                "no sane TCP sends these flags together" },
	{ ODD_SYN_ACK_REPEATED_LATE, "the server has not taken the handshake's last ACK" },
	{ ODD_CUT_HEADER,           "the TCP header is cut short or impossible" },
	{ ODD_FAST_OPEN,            "the data on the SYN was accepted (Fast Open)" },
};
/* clang-format on */

const char *oddity_words(uint16_t oddity)
{
	for (size_t i = 0; i < sizeof oddities / sizeof oddities[0]; i++) {
		if (oddities[i].oddity == oddity)
			return oddities[i].words;
	}
	return NULL;
}

void icmp_add(struct text *text, const struct segment *quote)
{
	enum family family = (enum family)quote->family;

	text_add(text, "ICMP from ");
	address_add(text, family, &quote->icmp.reporter);
	text_format(text, ": %s", icmp_error_words(family, quote->icmp.type, quote->icmp.code));
	if (quote->icmp.mtu)
		text_format(text, ", MTU %u", quote->icmp.mtu);
}

void label_part(struct ladder_label *label, const char *format, ...)
{
	va_list arguments;

	if (label->count == LABEL_PARTS)
		return;
	va_start(arguments, format);
	vsnprintf(label->parts[label->count++], LABEL_PART_SIZE, format, arguments);
	va_end(arguments);
}

/* FIN, SYN and RST say what a segment is for; a bare ACK is named by label_ack. */
static void label_flags(struct ladder_label *label, const struct segment *segment)
{
	bool has_ack = segment_has(segment, TCP_ACK);
	bool has_rst = segment_has(segment, TCP_RST);
	bool has_syn = segment_has(segment, TCP_SYN);
	bool has_fin = segment_has(segment, TCP_FIN);

	if (has_syn && has_ack && !has_rst && !has_fin)
		label_part(label, "SYN-ACK");
	else if (has_syn || has_rst || has_fin)
		label_part(label, "%s%s%s", has_rst ? "RST" : "",
		           has_syn ? (has_rst ? " SYN" : "SYN") : "",
		           has_fin ? (has_rst || has_syn ? " FIN" : "FIN") : "");
	else if (!has_ack && segment->payload == 0)
		label_part(label, "no flags");
	if (has_rst || (has_syn && has_fin))
		label->tone = TONE_TROUBLE;
	else if (has_syn)
		label->tone = TONE_OPENING;
	else if (has_fin)
		label->tone = TONE_CLOSING;
}

static void label_handshake(struct ladder_label *label, const struct segment *segment)
{
	struct tcp_options options;

	options_parse(segment, &options);
	if (options.has_fast_open && options.fast_open_cookie == 0)
		label_part(label, "tfo request");
	else if (options.has_fast_open)
		label_part(label, "tfo cookie");
	if (options.has_mss)
		label_part(label, "mss %u", options.mss);
	if (options.has_window_scale)
		label_part(label, "ws %u", options.window_scale);
	if (options.sack_permitted)
		label_part(label, "sack");
	if (options.has_timestamps)
		label_part(label, "ts");
	if (options.has_mptcp)
		label_part(label, "mptcp");
	if (options.has_md5)
		label_part(label, "md5");
	if (options.has_ao)
		label_part(label, "ao");
	if (options.has_user_timeout)
		label_part(label, "timeout");
	if (segment_has(segment, TCP_ECE | TCP_CWR) && !segment_has(segment, TCP_ACK))
		label_part(label, segment_has(segment, TCP_AE) ? "accecn" : "ecn");
}

/* Of several that are true the first is said. */
static const enum mark repeats[] = {
	MARK_DUPLICATE,           MARK_SPURIOUS_RETRANSMISSION, MARK_FAST_RETRANSMISSION,
	MARK_RETRANSMISSION,      MARK_OUT_OF_ORDER,            MARK_ZERO_WINDOW_PROBE,
};

/* What an empty segment answers. */
static const enum mark answers[] = {
	MARK_DUPLICATE, MARK_DUPLICATE_ACK, MARK_KEEP_ALIVE_ACK, MARK_ZERO_WINDOW_PROBE_ACK,
};

/* Added at the end, each one that is true. */
static const enum mark remarks[] = { MARK_ZERO_WINDOW, MARK_ACKED_UNSEEN, MARK_DSACK };

/* An arrow is short; the other words are. */
static const char *const short_words[MARK_COUNT] = {
	[MARK_RETRANSMISSION] = "retrans",
	[MARK_FAST_RETRANSMISSION] = "fast retrans",
	[MARK_SPURIOUS_RETRANSMISSION] = "spurious retrans",
};

#define FIRST_OF(step, marks) first_of(step, marks, sizeof(marks) / sizeof((marks)[0]))

/* MARK_COUNT: none of them. */
static enum mark first_of(const struct step *step, const enum mark *marks, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (step->marks & mark_bit(marks[i]))
			return marks[i];
	}
	return MARK_COUNT;
}

static void label_mark(struct ladder_label *label, const struct step *step, enum mark mark)
{
	const char *words = short_words[mark] ? short_words[mark] : mark_words(mark);

	if (mark == MARK_DUPLICATE_ACK)
		label_part(label, "%s #%u", words, step->duplicate_acks);
	else
		label_part(label, "%s", words);
	if (mark != MARK_KEEP_ALIVE_ACK && mark != MARK_DUPLICATE)
		label->tone = TONE_TROUBLE;
}

static void label_remarks(struct ladder_label *label, const struct step *step)
{
	for (size_t i = 0; step->oddity == 0 && i < sizeof(remarks) / sizeof(remarks[0]); i++) {
		if (step->marks & mark_bit(remarks[i]))
			label_mark(label, step, remarks[i]);
	}
}

/* A SYN-ACK repeats the number of a SYN that crossed another's, yet says something new. */
static void label_repeat(struct ladder_label *label, const struct note *note, const struct step *step)
{
	bool has_syn = segment_has(&step->segment, TCP_SYN);
	enum mark mark = has_syn ? MARK_COUNT : FIRST_OF(step, repeats);

	if (mark != MARK_COUNT)
		label_mark(label, step, mark);
	switch (note->novelty) {
	case NOVELTY_NEW:
		return;
	case NOVELTY_AGAIN:
		if (mark == MARK_COUNT)
			label_part(label, "again");
		break;
	case NOVELTY_AFTER_HOLE:
		label_part(label, "after a gap of %u", note->missing);
		break;
	case NOVELTY_FILLS_HOLE:
		if (mark == MARK_COUNT)
			label_part(label, "fills a gap");
		break;
	case NOVELTY_KEEP_ALIVE:
		label_part(label, "keep-alive");
		return;
	case NOVELTY_WINDOW_PROBE:
		label_part(label, "window probe");
		break;
	}
	label->tone = TONE_TROUBLE;
}

static void label_sample(struct ladder_label *label, const struct rung *rung)
{
	char sample[sizeof rung->sample + 1];
	size_t length = rung->sample_length;

	if (length == 0)
		return;
	if (length > sizeof rung->sample)
		length = sizeof rung->sample;
	memcpy(sample, rung->sample, length);
	sample[length] = '\0';
	label_part(label, "\"%s\"", sample);
}

static void label_ack(struct ladder_label *label, const struct walk *walk, const struct note *note,
                      const struct step *step)
{
	const struct segment *segment = &step->segment;
	uint32_t number = segment->ack - walk->base[!step->side];
	bool is_bare = segment_space(segment) == 0 && !segment_has(segment, TCP_RST);
	bool is_syn_ack = segment_has(segment, TCP_SYN) && number == 1;
	struct tcp_options options;
	enum mark mark;

	if (!segment_has(segment, TCP_ACK))
		return;
	if (!is_bare) {
		if (note->ack_moved && !is_syn_ack && !segment_has(segment, TCP_RST))
			label_part(label, "ack %u", number);
		return;
	}
	if (note->novelty == NOVELTY_KEEP_ALIVE || note->novelty == NOVELTY_WINDOW_PROBE)
		return;
	if (number == 1 && !note->ack_repeated)
		label_part(label, "ACK");
	else
		label_part(label, "ACK %u", number);
	mark = FIRST_OF(step, answers);
	if (mark != MARK_COUNT)
		label_mark(label, step, mark);
	else if (note->ack_repeated)
		label_part(label, "again");
	options_parse(segment, &options);
	if (options.sack_count > 0)
		label_part(label, "sack %u-%u", options.sack[0].left - walk->base[!step->side],
		           options.sack[0].right - walk->base[!step->side]);
}

static void label_tcp(struct ladder_label *label, const struct walk *walk, const struct note *note,
                      const struct rung *rung, const struct ladder_options *options)
{
	const struct segment *segment = &rung->step.segment;
	uint32_t seq = segment->seq - walk->base[rung->step.side];
	bool has_syn = segment_has(segment, TCP_SYN);

	label_flags(label, segment);
	if (segment->payload > 0)
		label_part(label, "%u byte%s", segment->payload, segment->payload == 1 ? "" : "s");
	label_repeat(label, note, &rung->step);
	if (rung->step.marks & mark_bit(MARK_WINDOW_FULL))
		label_mark(label, &rung->step, MARK_WINDOW_FULL);
	label_sample(label, rung);
	if (segment->checksum == CHECKSUM_BAD) {
		label_part(label, "bad checksum");
		label->tone = TONE_TROUBLE;
	}
	if (segment_space(segment) > 0 && (!has_syn || options->absolute_numbers))
		label_part(label, "seq %u", seq);
	label_ack(label, walk, note, &rung->step);
	label_remarks(label, &rung->step);
	if (note->window_opens)
		label_part(label, "window opens");
	if (segment_has(segment, TCP_URG))
		label_part(label, "urgent");
	if (has_syn)
		label_handshake(label, segment);
}

static void label_rung(struct ladder_label *label, const struct ladder_source *source)
{
	const struct ladder *ladder = source->ladder;
	const struct rung *rung = source->rung;
	const struct segment *segment = &rung->step.segment;

	if (segment->kind == SEGMENT_TCP) {
		label_tcp(label, &ladder->walk, &source->note, rung, ladder->options);
	} else if (segment->kind == SEGMENT_UDP) {
		label_part(label, "%u byte%s", segment->payload, segment->payload == 1 ? "" : "s");
		label_sample(label, rung);
	} else {
		label_part(label, "header cut short");
		label->tone = TONE_TROUBLE;
	}
	if (rung->step.oddity & (uint16_t) ~(ODD_FAST_OPEN | ODD_REUSED_PORT))
		label->tone = TONE_TROUBLE;
}

void ladder_label_of(struct ladder_label *label, const struct ladder_line *line)
{
	const struct ladder_source *source = line->source;

	label->count = 0;
	label->tone = TONE_PLAIN;
	if (!source)
		return;
	if (source->fold)
		fold_label(label, source->fold, line->side, source->ladder->flow);
	else
		label_rung(label, source);
}

static size_t label_columns(const struct ladder_label *label, int count, size_t between)
{
	size_t columns = 0;

	for (int i = 0; i < count; i++)
		columns += text_columns(label->parts[i]) + (i > 0 ? between : 0);
	return columns;
}

/* What no omission makes short enough loses its last words. */
static void add_beginning(struct text *text, const char *part, size_t room, bool ascii)
{
	char storage[LABEL_PART_SIZE];
	struct text line = text_over(storage, sizeof storage);

	text_take_line(&line, &part, room > 2 ? room - 2 : 1);
	text_add(text, storage);
	text_add(text, ascii ? " ~" : " …");
}

void ladder_label_add(struct text *text, const struct ladder_label *label, size_t room, bool ascii)
{
	size_t between = label_columns(label, label->count, 2) <= room ? 2 : 1;
	int count = label->count;

	while (count > 1 &&
	       label_columns(label, count, between) + (count < label->count ? 2U : 0U) > room)
		count--;
	if (count == 1 && text_columns(label->parts[0]) > room) {
		add_beginning(text, label->parts[0], room, ascii);
		return;
	}
	for (int i = 0; i < count; i++) {
		if (i > 0)
			text_add(text, between == 2 ? "  " : " ");
		text_add(text, label->parts[i]);
	}
	if (count < label->count && label_columns(label, count, between) + 2 <= room)
		text_add(text, ascii ? " ~" : " …");
}
