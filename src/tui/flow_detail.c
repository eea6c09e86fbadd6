/* flow_detail.c: the detail pane: all that the selected segment says, and what it did. */
#include "tui/flow_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "diagnose/icmp.h"
#include "packet/address.h"

enum { NAME_COLUMNS = 9, TWO_COLUMNS = 72 };

static const char *const names[] = { "client", "server" };

void detail_add(struct detail *detail, const char *name, enum paint paint, const char *format, ...)
{
	struct detail_line *line = &detail->lines[detail->count];
	va_list arguments;

	if (detail->count == DETAIL_MOST)
		return;
	line->name = name;
	line->paint = paint;
	va_start(arguments, format);
	vsnprintf(line->words, sizeof line->words, format, arguments);
	va_end(arguments);
	detail->count++;
}

/* ---- the header ---- */

static void add_time(struct detail *detail, const struct sight *sight,
                     const struct segment *segment)
{
	char storage[DETAIL_WORDS];
	struct text text = text_over(storage, sizeof storage);

	time_add_date(&text, segment->time, 6);
	detail_add(detail, "time", PAINT_PLAIN, "%s", storage);
	text_clear(&text);
	ladder_add_time(&text, time_between(sight->start, segment->time));
	detail_add(detail, "", PAINT_PLAIN, "%s s after the first", storage);
}

static void add_ends(struct detail *detail, const struct segment *segment)
{
	enum family family = (enum family)segment->family;
	char storage[DETAIL_WORDS];
	struct text text = text_over(storage, sizeof storage);

	address_add_port(&text, family, &segment->source, segment->source_port);
	detail_add(detail, "from", PAINT_PLAIN, "%s", storage);
	text_clear(&text);
	address_add_port(&text, family, &segment->destination, segment->destination_port);
	detail_add(detail, "to", PAINT_PLAIN, "%s", storage);
}

/* Both ways of counting, whichever the ladder uses. */
static void add_numbers(struct detail *detail, const struct sight *sight, const struct step *step)
{
	const struct segment *segment = &step->segment;
	struct sight relative = *sight;
	uint32_t base, peer;

	relative.options.absolute_numbers = false;
	base = sight_base(&relative, step->side);
	peer = sight_base(&relative, !step->side);
	detail_add(detail, "seq", PAINT_PLAIN, "%u, next %u (raw %u)", segment->seq - base,
	           segment_end(segment) - base, segment->seq);
	if (segment_has(segment, TCP_ACK))
		detail_add(detail, "ack", PAINT_PLAIN, "%u (raw %u)", segment->ack - peer,
		           segment->ack);
	else
		detail_add(detail, "ack", PAINT_DIM, "none (raw %u)", segment->ack);
}

static void add_flags(struct detail *detail, const struct segment *segment)
{
	/* clang-format off */
	static const struct { uint16_t flag; const char *name; } flags[] = {
		{ TCP_AE, "AE" },   { TCP_CWR, "CWR" }, { TCP_ECE, "ECE" },
		{ TCP_URG, "URG" }, { TCP_ACK, "ACK" }, { TCP_PSH, "PSH" },
		{ TCP_RST, "RST" }, { TCP_SYN, "SYN" }, { TCP_FIN, "FIN" },
	};
	/* clang-format on */
	char storage[DETAIL_WORDS];
	struct text text = text_over(storage, sizeof storage);

	for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
		if (segment->flags & flags[i].flag)
			text_format(&text, "%s%s", text.length > 0 ? " " : "", flags[i].name);
	}
	detail_add(detail, "flags", PAINT_PLAIN, "%s (0x%03x)", text.length > 0 ? storage : "none",
	           segment->flags);
	if (segment_has(segment, TCP_URG))
		detail_add(detail, "urgent", PAINT_PLAIN, "%u", segment->urgent);
}

/* RFC 7323 section 2.2: the window of a SYN is never scaled. */
static void add_window(struct detail *detail, const struct sight *sight, const struct step *step)
{
	const struct flow *flow = sight->flow;
	const struct segment *segment = &step->segment;
	int scale = flow->sent[flow->self_connected ? CLIENT : step->side].window_scale;

	if (segment_has(segment, TCP_SYN))
		detail_add(detail, "window", PAINT_PLAIN, "%u bytes (a SYN's is never scaled)",
		           segment->window);
	else if (scale >= 0)
		detail_add(detail, "window", PAINT_PLAIN, "%u × %u = %u bytes", segment->window,
		           1u << scale, (uint32_t)segment->window << scale);
	else if (scale == WINDOW_SCALE_UNKNOWN)
		detail_add(detail, "window", PAINT_PLAIN, "%u (its scale was not captured)",
		           segment->window);
	else
		detail_add(detail, "window", PAINT_PLAIN, "%u bytes (no scaling)", segment->window);
}

static void add_payload(struct detail *detail, const struct segment *segment)
{
	if (segment->captured < segment->payload)
		detail_add(detail, "payload", PAINT_PLAIN, "%u bytes, %u of them captured",
		           segment->payload, segment->captured);
	else
		detail_add(detail, "payload", PAINT_PLAIN, "%u byte%s", segment->payload,
		           segment->payload == 1 ? "" : "s");
}

static void add_network(struct detail *detail, const struct segment *segment)
{
	static const char *const checksums[] = {
		[CHECKSUM_UNKNOWN] = "not known: cut, a fragment, or not looked at",
		[CHECKSUM_GOOD] = "good",
		[CHECKSUM_BAD] = "bad",
		[CHECKSUM_OFFLOADED] = "offloaded: the network card was to sum it",
	};
	bool is_bad = segment->checksum == CHECKSUM_BAD;

	detail_add(detail, "checksum", is_bad ? PAINT_TROUBLE : PAINT_PLAIN, "%s",
	           checksums[segment->checksum]);
	if (segment->family == FAMILY_IPV4)
		detail_add(detail, "ip", PAINT_PLAIN, "ttl %u, id 0x%04x", segment->ttl,
		           segment->ip_id);
	else
		detail_add(detail, "ip", PAINT_PLAIN, "hop limit %u", segment->ttl);
	if (segment->vlan != 0)
		detail_add(detail, "vlan", PAINT_PLAIN, "%u", segment->vlan);
}

static void add_error(struct detail *detail, const struct segment *segment)
{
	enum family family = (enum family)segment->family;
	const struct icmp_error *icmp = &segment->icmp;
	char storage[DETAIL_WORDS];
	struct text text = text_over(storage, sizeof storage);

	address_add(&text, family, &icmp->reporter);
	detail_add(detail, "icmp", PAINT_TROUBLE, "%s (type %u, code %u)",
	           icmp_error_words(family, icmp->type, icmp->code), icmp->type, icmp->code);
	detail_add(detail, "reporter", PAINT_PLAIN, "%s", storage);
	if (icmp->mtu)
		detail_add(detail, "mtu", PAINT_PLAIN, "%u", icmp->mtu);
	detail_add(detail, "quotes", PAINT_PLAIN, "%u bytes of its header", icmp->quoted);
}

/* What the ladder does not show comes first. */
static void add_header(struct detail *detail, const struct sight *sight, const struct step *step)
{
	const struct segment *segment = &step->segment;
	bool is_quote = segment->kind == SEGMENT_TCP_QUOTE || segment->kind == SEGMENT_UDP_QUOTE;
	bool is_tcp = segment->kind == SEGMENT_TCP || segment->kind == SEGMENT_TCP_QUOTE;

	if (is_quote)
		add_error(detail, segment);
	if (is_tcp) {
		add_flags(detail, segment);
		add_numbers(detail, sight, step);
		if (!is_quote)
			add_window(detail, sight, step);
	}
	if (segment->kind == SEGMENT_TCP_PART)
		detail_add(detail, "header", PAINT_TROUBLE, "cut short, or impossible");
	add_payload(detail, segment);
	detail_add_options(detail, sight, step);
	add_network(detail, segment);
	add_ends(detail, segment);
	add_time(detail, sight, segment);
}

/* ---- the whole ---- */

static void add_marks(struct detail *detail, const struct step *step)
{
	const char *title = "marks";

	for (int mark = 0; mark < MARK_COUNT; mark++) {
		if (!(step->marks & mark_bit((enum mark)mark)))
			continue;
		if (mark == MARK_DUPLICATE_ACK)
			detail_add(detail, title, PAINT_CLOSING, "%s #%u: %s",
			           mark_words((enum mark)mark), step->duplicate_acks,
			           mark_meaning((enum mark)mark));
		else
			detail_add(detail, title, PAINT_CLOSING, "%s: %s",
			           mark_words((enum mark)mark), mark_meaning((enum mark)mark));
		title = "";
	}
}

static void add_run(struct detail *detail, const struct sight *sight,
                    const struct selection *selection)
{
	uint64_t segments = 0, bytes = 0;
	const struct segment *first = &sight->rungs[selection->rung].step.segment;
	const struct segment *last = first;

	for (size_t i = selection->first; i < selection->first + selection->count; i++) {
		const struct step *step = &sight->rungs[i].step;

		if (step->side != selection->side)
			continue;
		segments++;
		bytes += step->segment.payload;
		last = &step->segment;
	}
	detail_add(detail, "frames", PAINT_HEAD, "%llu to %llu, from the %s",
	           (unsigned long long)first->frame, (unsigned long long)last->frame,
	           names[selection->side]);
	detail_add(detail, "run", PAINT_PLAIN, "%llu plain segments, %llu bytes",
	           (unsigned long long)segments, (unsigned long long)bytes);
	detail_add(detail, "why", PAINT_PLAIN,
	           "moved nothing: data and its acknowledgments move no state "
	           "(RFC 9293 section 3.8)");
	detail->header = detail->count;
	detail_add(detail, "first", PAINT_HEAD, "frame %llu:", (unsigned long long)first->frame);
	add_header(detail, sight, &sight->rungs[selection->rung].step);
}

void detail_of(struct detail *detail, const struct sight *sight, const struct selection *selection)
{
	const struct step *step = &sight->rungs[selection->rung].step;
	bool is_quote =
		step->segment.kind == SEGMENT_TCP_QUOTE || step->segment.kind == SEGMENT_UDP_QUOTE;

	detail->count = 0;
	if (selection->count > 1) {
		add_run(detail, sight, selection);
		return;
	}
	detail_add(detail, "frame", PAINT_HEAD, "%llu, %s%s",
	           (unsigned long long)step->segment.frame,
	           is_quote ? "quotes what was sent by the " : "from the ", names[step->side]);
	detail_add_why(detail, sight->flow, step,
	               selection->rung > 0 ? &sight->rungs[selection->rung - 1].step : NULL);
	add_marks(detail, step);
	detail->header = detail->count;
	add_header(detail, sight, step);
}

/* ---- drawing ---- */

/* The lines from `first` to `last`, wrapped; what does not fit any more is left out. */
static void lines_draw(const struct detail *detail, int first, int last, struct canvas *canvas,
                       struct area area)
{
	int row = 0;
	int room = area.columns - NAME_COLUMNS - 1;

	for (int i = first; i < last && room > 0; i++) {
		const struct detail_line *line = &detail->lines[i];
		const char *words = line->words;
		char storage[DETAIL_WORDS];
		struct text text = text_over(storage, sizeof storage);

		if (row < area.rows)
			canvas_put(canvas, area.row + row, area.column, NAME_COLUMNS,
			           look_of(PAINT_DIM), line->name);
		while (text_take_line(&text, &words, (size_t)room)) {
			if (row == area.rows) {
				canvas_put(canvas, area.row + row - 1,
				           area.column + area.columns - 1, 1, look_of(PAINT_DIM),
				           "…");
				return;
			}
			canvas_put(canvas, area.row + row++, area.column + NAME_COLUMNS, room,
			           look_of(line->paint), storage);
		}
	}
}

void flow_detail_draw(const struct sight *sight, struct canvas *canvas, struct area area,
                      bool is_beside)
{
	struct selection selection;
	struct detail detail;
	struct area half;

	if (is_beside) {
		canvas_fill(canvas, (struct area){ area.row, area.column, area.rows, 1 }, 0x2502,
		            look_of(PAINT_DIM));
		area.column += 2;
		area.columns -= 2;
	} else {
		canvas_fill(canvas, (struct area){ area.row, area.column, 1, area.columns }, 0x2500,
		            look_of(PAINT_DIM));
		area.row++;
		area.rows--;
		area.column++;
		area.columns--;
	}
	if (!flow_ladder_selection(sight, &selection))
		return;
	detail_of(&detail, sight, &selection);
	half = area;
	if (is_beside || area.columns < TWO_COLUMNS) {
		lines_draw(&detail, 0, detail.count, canvas, area);
		return;
	}
	half.columns = half.columns * 12 / 25;
	lines_draw(&detail, detail.header, detail.count, canvas, half);
	half.column += half.columns;
	half.columns = area.columns - half.columns;
	lines_draw(&detail, 0, detail.header, canvas, half);
}

/* ---- the distance between two ---- */

static const struct step *marked(const struct sight *sight, uint64_t frame)
{
	size_t rung = frame != 0 ? sight_rung(sight, frame) : sight->count;

	return rung < sight->count ? &sight->rungs[rung].step : NULL;
}

/*
 * Numbers of one end are compared with each other: both sequence numbers, or
 * where the ends differ, what the later one acknowledges of the earlier one.
 */
static void add_number_distance(struct text *text, const struct step *from, const struct step *to)
{
	int32_t distance;

	if (from->segment.kind != SEGMENT_TCP || to->segment.kind != SEGMENT_TCP)
		return;
	if (from->side == to->side) {
		distance = (int32_t)(to->segment.seq - from->segment.seq);
		text_format(text, ", %d sequence number%s of the %s's", distance,
		            distance == 1 ? "" : "s", names[from->side]);
	} else if (segment_has(&to->segment, TCP_ACK)) {
		distance = (int32_t)(to->segment.ack - from->segment.seq);
		text_format(text, ", acknowledges %d from there on", distance);
	}
}

bool flow_distance(const struct sight *sight, struct text *text)
{
	const struct view_flow *view = sight->view;
	const struct step *ends[2] = { marked(sight, view->marks[0]),
		                       marked(sight, view->marks[1]) };
	const struct step *swap = ends[0];
	struct selection selection;

	if (view->marks[1] == 0 && ends[0] && flow_ladder_selection(sight, &selection))
		ends[1] = &sight->rungs[selection.rung].step;
	if (!ends[0] || !ends[1])
		return false;
	if (ends[0] == ends[1]) {
		text_format(text, "frame %llu is marked: how far the cursor is from it stands here",
		            (unsigned long long)ends[0]->segment.frame);
		return true;
	}
	if (ends[0]->segment.frame > ends[1]->segment.frame) {
		ends[0] = ends[1];
		ends[1] = swap;
	}
	text_format(text, "frames %llu to %llu%s: ", (unsigned long long)ends[0]->segment.frame,
	            (unsigned long long)ends[1]->segment.frame,
	            view->marks[1] == 0 ? " (cursor)" : "");
	ladder_add_time(text, time_between(ends[0]->segment.time, ends[1]->segment.time));
	text_add(text, " s");
	add_number_distance(text, ends[0], ends[1]);
	return true;
}
