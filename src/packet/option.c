/* option.c: the options of a TCP header (RFC 9293 section 3.1). */

#include "packet/option.h"

#include <string.h>

#include "cursor.h"

/* Kind and length; only END and NOP do without the length. */
enum { OPTION_HEADER = 2 };

/* Marks Fast Open among the experiments (RFC 7413 appendix A). */
enum { FAST_OPEN_ID = 0xf989 };

/* `value` has `length` bytes, of which the row has seen to the number. False: the length is wrong. */
typedef bool option_reader(struct tcp_options *options, const uint8_t *value, uint8_t length);

struct option_row {
	const char *name;
	uint8_t least; /* bytes of value */
	uint8_t most;
	option_reader *read;
};

static option_reader read_mss, read_window_scale, read_sack_permitted, read_sack, read_timestamps,
	read_md5, read_user_timeout, read_ao, read_mptcp, read_fast_open, read_experiment;

/* clang-format off */
static const struct option_row rows[UINT8_MAX + 1] = {
	[OPTION_END]            = { "end",    0, 0,  NULL },
	[OPTION_NOP]            = { "nop",    0, 0,  NULL },
	[OPTION_MSS]            = { "mss",    2, 2,  read_mss },
	[OPTION_WINDOW_SCALE]   = { "ws",     1, 1,  read_window_scale },
	[OPTION_SACK_PERMITTED] = { "sackok", 0, 0,  read_sack_permitted },
	[OPTION_SACK]           = { "sack",   8, 32, read_sack },
	[OPTION_TIMESTAMPS]     = { "ts",     8, 8,  read_timestamps },
	[OPTION_MD5]            = { "md5",   16, 16, read_md5 },
	[OPTION_USER_TIMEOUT]   = { "uto",    2, 2,  read_user_timeout },
	[OPTION_AO]             = { "ao",     2, 38, read_ao },
	[OPTION_MPTCP]          = { "mptcp",  1, 38, read_mptcp },
	[OPTION_FAST_OPEN]      = { "tfo",    0, 16, read_fast_open },
	[OPTION_ACCECN_0]       = { "acce0",  0, 9,  NULL },
	[OPTION_ACCECN_1]       = { "acce1",  0, 9,  NULL },
	[OPTION_EXPERIMENT_1]   = { "exp1",   0, 38, read_experiment },
	[OPTION_EXPERIMENT_2]   = { "exp2",   0, 38, read_experiment },
};
/* clang-format on */

static bool read_mss(struct tcp_options *options, const uint8_t *value, uint8_t length)
{
	(void)length;
	options->has_mss = true;
	options->mss = read_u16(value);
	return true;
}

static bool read_window_scale(struct tcp_options *options, const uint8_t *value, uint8_t length)
{
	(void)length;
	options->has_window_scale = true;
	options->window_scale = value[0];
	return true;
}

static bool read_sack_permitted(struct tcp_options *options, const uint8_t *value, uint8_t length)
{
	(void)value;
	(void)length;
	options->sack_permitted = true;
	return true;
}

static bool read_sack(struct tcp_options *options, const uint8_t *value, uint8_t length)
{
	if (length % 8 != 0)
		return false;
	options->sack_count = length / 8;
	for (int i = 0; i < options->sack_count; i++) {
		options->sack[i].left = read_u32(value + 8 * i);
		options->sack[i].right = read_u32(value + 8 * i + 4);
	}
	return true;
}

static bool read_timestamps(struct tcp_options *options, const uint8_t *value, uint8_t length)
{
	(void)length;
	options->has_timestamps = true;
	options->timestamp = read_u32(value);
	options->timestamp_echo = read_u32(value + 4);
	return true;
}

static bool read_md5(struct tcp_options *options, const uint8_t *value, uint8_t length)
{
	(void)value;
	(void)length;
	options->has_md5 = true;
	return true;
}

static bool read_user_timeout(struct tcp_options *options, const uint8_t *value, uint8_t length)
{
	(void)length;
	options->has_user_timeout = true;
	options->user_timeout = read_u16(value);
	return true;
}

static bool read_ao(struct tcp_options *options, const uint8_t *value, uint8_t length)
{
	(void)value;
	(void)length;
	options->has_ao = true;
	return true;
}

static bool read_mptcp(struct tcp_options *options, const uint8_t *value, uint8_t length)
{
	(void)length;
	if (!options->has_mptcp)
		options->mptcp_subtype = value[0] >> 4;
	options->has_mptcp = true;
	return true;
}

/* A cookie has 4 to 16 bytes, an even number of them (RFC 7413 section 2). */
static bool read_fast_open(struct tcp_options *options, const uint8_t *value, uint8_t length)
{
	(void)value;
	if (length != 0 && (length < 4 || length % 2 != 0))
		return false;
	options->has_fast_open = true;
	options->fast_open_cookie = length;
	return true;
}

static bool read_experiment(struct tcp_options *options, const uint8_t *value, uint8_t length)
{
	if (length < 2 || read_u16(value) != FAST_OPEN_ID)
		return true;
	options->fast_open_experimental = true;
	return read_fast_open(options, value + 2, (uint8_t)(length - 2));
}

/* A kind that nobody here knows has any length. */
static bool read_option(struct tcp_options *options, const uint8_t *option)
{
	const struct option_row *row = &rows[option[0]];
	uint8_t length = (uint8_t)(option[1] - OPTION_HEADER);

	if (!row->name)
		return true;
	if (length < row->least || length > row->most)
		return false;
	return !row->read || row->read(options, option + OPTION_HEADER, length);
}

/* The SYN of Linux, and so of most: MSS, SACK permitted, timestamps, NOP, window scale. */
static bool is_usual_syn(const struct segment *segment)
{
	const uint8_t *at = segment->options;

	return segment->options_length == 20 && segment->options_cut == 0 &&
	       read_u16(at) == (OPTION_MSS << 8 | 4) &&
	       read_u32(at + 4) == ((uint32_t)OPTION_SACK_PERMITTED << 24 | 2 << 16 |
	                            OPTION_TIMESTAMPS << 8 | 10) &&
	       read_u32(at + 16) >> 8 == (OPTION_NOP << 16 | OPTION_WINDOW_SCALE << 8 | 3);
}

static void read_usual_syn(const struct segment *segment, struct tcp_options *options)
{
	const uint8_t *at = segment->options;

	options->has_mss = options->sack_permitted = options->has_timestamps = true;
	options->has_window_scale = true;
	options->mss = read_u16(at + 2);
	options->timestamp = read_u32(at + 8);
	options->timestamp_echo = read_u32(at + 12);
	options->window_scale = at[19];
}

void options_parse(const struct segment *segment, struct tcp_options *options)
{
	const uint8_t *at = segment->options;
	unsigned left = segment->options_length;

	memset(options, 0, sizeof(*options));
	if (is_usual_syn(segment)) {
		read_usual_syn(segment, options);
		return;
	}
	while (left > 0 && at[0] != OPTION_END) {
		unsigned size = 1;

		if (at[0] != OPTION_NOP) {
			size = left < OPTION_HEADER ? OPTION_HEADER : at[1];
			if (size < OPTION_HEADER || size > left + segment->options_cut) {
				options->malformed = true;
				return;
			}
			if (size > left)
				return;
			options->malformed |= !read_option(options, at);
		}
		at += size;
		left -= size;
	}
}

const char *option_name(uint8_t kind)
{
	return rows[kind].name;
}

bool options_append(struct segment *segment, uint8_t kind, const void *value, uint8_t length)
{
	unsigned size = kind <= OPTION_NOP ? 1 : OPTION_HEADER + (unsigned)length;
	uint8_t *at = segment->options + segment->options_length;

	if (size > (unsigned)TCP_OPTIONS_MAX - segment->options_length)
		return false;
	at[0] = kind;
	if (size > 1)
		at[1] = (uint8_t)size;
	if (length > 0 && size > 1)
		memcpy(at + OPTION_HEADER, value, length);
	segment->options_length = (uint8_t)(segment->options_length + size);
	return true;
}

void options_pad(struct segment *segment)
{
	while (segment->options_length % 4 != 0)
		segment->options[segment->options_length++] = OPTION_NOP;
}
