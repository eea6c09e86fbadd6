/* flow_options.c: the options of a segment, a line each. */
#include "tui/flow_parts.h"

#include "packet/option.h"

/* What the value means; the numbers are those of packet/option.h. */
struct option_row {
	uint8_t kind;
	void (*add)(struct text *text, const struct sight *sight, const struct step *step,
	            const struct tcp_options *options);
};

static void add_mss(struct text *text, const struct sight *sight, const struct step *step,
                    const struct tcp_options *options)
{
	(void)sight;
	(void)step;
	text_format(text, "%u bytes", options->mss);
}

static void add_scale(struct text *text, const struct sight *sight, const struct step *step,
                      const struct tcp_options *options)
{
	unsigned shift = options->window_scale;

	(void)sight;
	(void)step;
	text_format(text, "%u", shift);
	if (shift > WINDOW_SCALE_MAX)
		text_format(text, ", counts as %d", WINDOW_SCALE_MAX);
	shift = shift > WINDOW_SCALE_MAX ? WINDOW_SCALE_MAX : shift;
	text_format(text, ": windows count × %u", 1u << shift);
}

static void add_permission(struct text *text, const struct sight *sight, const struct step *step,
                           const struct tcp_options *options)
{
	(void)sight;
	(void)step;
	(void)options;
	text_add(text, "selective acknowledgments are welcome");
}

static void add_blocks(struct text *text, const struct sight *sight, const struct step *step,
                       const struct tcp_options *options)
{
	uint32_t base = sight_base(sight, !step->side);

	for (int i = 0; i < options->sack_count; i++)
		text_format(text, "%s%u-%u", i > 0 ? ", " : "", options->sack[i].left - base,
		            options->sack[i].right - base);
}

static void add_timestamps(struct text *text, const struct sight *sight, const struct step *step,
                           const struct tcp_options *options)
{
	(void)sight;
	(void)step;
	text_format(text, "%u, echoes %u", options->timestamp, options->timestamp_echo);
}

/* RFC 5482 section 3.1: minutes if the first bit is set, else seconds. */
static void add_timeout(struct text *text, const struct sight *sight, const struct step *step,
                        const struct tcp_options *options)
{
	(void)sight;
	(void)step;
	text_format(text, "%u %s", options->user_timeout & 0x7fffu,
	            options->user_timeout & 0x8000u ? "minutes" : "seconds");
}

static void add_mptcp(struct text *text, const struct sight *sight, const struct step *step,
                      const struct tcp_options *options)
{
	(void)sight;
	(void)step;
	text_format(text, "subtype %u", options->mptcp_subtype);
}

static void add_fast_open(struct text *text, const struct sight *sight, const struct step *step,
                          const struct tcp_options *options)
{
	(void)sight;
	(void)step;
	if (options->fast_open_cookie == 0)
		text_add(text, "asks for a Fast Open cookie");
	else
		text_format(text, "Fast Open cookie of %u bytes", options->fast_open_cookie);
}

/* clang-format off */
static const struct option_row rows[] = {
	{ OPTION_MSS,            add_mss },
	{ OPTION_WINDOW_SCALE,   add_scale },
	{ OPTION_SACK_PERMITTED, add_permission },
	{ OPTION_SACK,           add_blocks },
	{ OPTION_TIMESTAMPS,     add_timestamps },
	{ OPTION_USER_TIMEOUT,   add_timeout },
	{ OPTION_MPTCP,          add_mptcp },
	{ OPTION_FAST_OPEN,      add_fast_open },
};
/* clang-format on */

static void add_value(struct text *text, const struct sight *sight, const struct step *step,
                      const struct tcp_options *options, const uint8_t *option)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (rows[i].kind == option[0]) {
			rows[i].add(text, sight, step, options);
			return;
		}
	}
	text_format(text, "%u byte%s", option[1] - 2u, option[1] == 3 ? "" : "s");
}

/* Returns the bytes of the option; 0: nothing can be read from here on. */
static unsigned option_length(const uint8_t *option, unsigned left)
{
	if (left == 0 || option[0] == OPTION_END)
		return 0;
	if (option[0] == OPTION_NOP)
		return 1;
	return left < 2 || option[1] < 2 || option[1] > left ? 0 : option[1];
}

void detail_add_options(struct detail *detail, const struct sight *sight, const struct step *step)
{
	const struct segment *segment = &step->segment;
	const char *title = "options";
	struct tcp_options options;
	unsigned length;

	if (segment->kind != SEGMENT_TCP || segment->options_length == 0)
		return;
	options_parse(segment, &options);
	for (unsigned at = 0;
	     (length = option_length(segment->options + at, segment->options_length - at)) > 0;
	     at += length) {
		const uint8_t *option = segment->options + at;
		const char *name = option_name(option[0]);
		char storage[DETAIL_WORDS];
		struct text text = text_over(storage, sizeof storage);

		if (option[0] == OPTION_NOP)
			continue;
		if (name)
			text_format(&text, "%s ", name);
		else
			text_format(&text, "kind %u ", option[0]);
		add_value(&text, sight, step, &options, option);
		detail_add(detail, title, PAINT_PLAIN, "%s", storage);
		title = "";
	}
	if (options.malformed)
		detail_add(detail, title, PAINT_TROUBLE, "malformed: a wrong length");
	else if (segment->options_cut > 0)
		detail_add(detail, title, PAINT_DIM, "%u more bytes were not captured",
		           segment->options_cut);
}
