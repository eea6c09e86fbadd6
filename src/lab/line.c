/* line.c: the words that say what one segment is. */

#include "lab/line.h"

#include <stddef.h>

#include "lab/story.h"
#include "packet/segment.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A word sets flags or a mark, announces a number, or reads on by itself. */
struct vocabulary {
	const char *word;
	uint16_t flags;
	unsigned mark;
	enum number number;
	uint32_t most; /* 0: no number follows */
	int (*read_on)(struct reader *reader, struct line *line);
};

static int read_cookie(struct reader *reader, struct line *line);
static int read_error(struct reader *reader, struct line *line);

/* clang-format off */
static const char *const actors[ACTOR_COUNT] = {
	[ACTOR_CLIENT] = "client",
	[ACTOR_SERVER] = "server",
	[ACTOR_ROUTER] = "router",
};

static const struct vocabulary vocabulary[] = {
	{ "SYN",         .flags = TCP_SYN },
	{ "SYN-ACK",     .flags = TCP_SYN | TCP_ACK },
	{ "ACK",         .flags = TCP_ACK },
	{ "FIN",         .flags = TCP_FIN | TCP_ACK },
	{ "RST",         .flags = TCP_RST },
	{ "RST-ACK",     .flags = TCP_RST | TCP_ACK },
	{ "PSH",         .flags = TCP_PSH | TCP_ACK },

	{ "lost",        .mark = MARK_LOST },
	{ "unseen",      .mark = MARK_UNSEEN },
	{ "crossing",    .mark = MARK_CROSSING },
	{ "again",       .mark = MARK_AGAIN },
	{ "stray",       .mark = MARK_STRAY },
	{ "sack",        .mark = MARK_SACK },
	{ "ts",          .mark = MARK_TIMESTAMPS },

	{ "seq",         .number = NUMBER_SEQ,    .most = UINT32_MAX },
	{ "ack",         .number = NUMBER_ACK,    .most = UINT32_MAX },
	{ "win",         .number = NUMBER_WINDOW, .most = UINT16_MAX },
	{ "ttl",         .number = NUMBER_TTL,    .most = UINT8_MAX },
	{ "mss",         .number = NUMBER_MSS,    .most = UINT16_MAX },
	{ "ws",          .number = NUMBER_SCALE,  .most = UINT8_MAX },
	{ "mtu",         .number = NUMBER_MTU,    .most = UINT16_MAX },

	{ "fast-open",   .read_on = read_cookie },
	{ "unreachable", .read_on = read_error },
};

static const struct unreachable unreachables[] = {
	/*                type code  v6: type code */
	{ "net",             3,  0,         1,  0 },
	{ "host",            3,  1,         1,  3 },
	{ "protocol",        3,  2,         4,  1 },
	{ "port",            3,  3,         1,  4 },
	{ "fragmentation",   3,  4,         2,  0 },
	{ "prohibited",      3, 13,         1,  1 },
};
/* clang-format on */

static int hex_digit(char character)
{
	if (character >= '0' && character <= '9')
		return character - '0';
	if (character >= 'a' && character <= 'f')
		return character - 'a' + 10;
	return -1;
}

static int read_cookie(struct reader *reader, struct line *line)
{
	const struct word *word = &reader->word;

	if (reader_want(reader, "request or a cookie") < 0)
		return -1;
	line->marks |= MARK_FAST_OPEN;
	if (word_is(word, "request"))
		return 0;
	if (word->length % 2 != 0 || word->length > 2 * (size_t)COOKIE_MAX)
		return reader_refuse(reader, "a cookie is 1 to 16 bytes in hexadecimal");
	for (size_t i = 0; i < word->length; i += 2) {
		int high = hex_digit(word->start[i]), low = hex_digit(word->start[i + 1]);

		if (high < 0 || low < 0)
			return reader_refuse(reader, "a cookie is 1 to 16 bytes in hexadecimal");
		line->cookie[line->cookie_length++] = (uint8_t)(high << 4 | low);
	}
	return 0;
}

static int read_error(struct reader *reader, struct line *line)
{
	if (reader_want(reader, "what cannot be reached") < 0)
		return -1;
	for (size_t i = 0; i < COUNT(unreachables); i++) {
		if (!word_is(&reader->word, unreachables[i].name))
			continue;
		line->error = &unreachables[i];
		return 0;
	}
	return reader_refuse(reader, "not net, host, protocol, port, prohibited or fragmentation");
}

static int read_number(struct reader *reader, struct line *line, const struct vocabulary *row)
{
	if (reader_want_number(reader, row->most, &line->numbers[row->number]) < 0)
		return -1;
	line->given |= 1u << row->number;
	return 0;
}

static int read_vocabulary(struct reader *reader, struct line *line)
{
	for (size_t i = 0; i < COUNT(vocabulary); i++) {
		const struct vocabulary *row = &vocabulary[i];

		if (!word_is(&reader->word, row->word))
			continue;
		line->flags |= row->flags;
		line->marks |= row->mark;
		if (row->read_on != NULL)
			return row->read_on(reader, line);
		return row->most > 0 ? read_number(reader, line, row) : 0;
	}
	return reader_refuse(reader, "no such word");
}

static int read_text(struct reader *reader, struct line *line)
{
	if (!word_is_quoted(&reader->word))
		return reader_refuse(reader, "the quote is never closed");
	if (reader->word.length - 2 > STORY_PAYLOAD_MAX)
		return reader_refuse(reader, "too much for one segment");
	line->text = reader->word.start + 1;
	line->payload = (uint32_t)reader->word.length - 2;
	line->marks |= MARK_PAYLOAD;
	return 0;
}

static int read_bytes(struct reader *reader, struct line *line)
{
	if (!word_number(&reader->word, STORY_PAYLOAD_MAX, &line->payload))
		return reader_refuse(reader, "not a count of bytes that fits one segment");
	if (reader_want(reader, "\"bytes\"") < 0)
		return -1;
	if (!word_is(&reader->word, "bytes") && !word_is(&reader->word, "byte"))
		return reader_refuse(reader, "a bare number counts \"bytes\"");
	line->marks |= MARK_PAYLOAD;
	return 0;
}

static int read_word(struct reader *reader, struct line *line)
{
	char first = reader->word.start[0];

	if (first == '\'' || first == '"')
		return read_text(reader, line);
	if (first >= '0' && first <= '9')
		return read_bytes(reader, line);
	return read_vocabulary(reader, line);
}

enum actor actor_named(const struct word *word)
{
	enum actor actor = 0;

	while (actor < ACTOR_COUNT && !word_is(word, actors[actor]))
		actor++;
	return actor;
}

int line_read(struct reader *reader, enum actor actor, struct line *line)
{
	*line = (struct line){ .actor = actor };
	while (reader_word(reader))
		if (read_word(reader, line) < 0)
			return -1;
	if (actor == ACTOR_ROUTER && line->error == NULL)
		return reader_refuse(reader, "a router only says what is unreachable");
	if (line->error == NULL && line->flags == 0 && !line_has(line, MARK_PAYLOAD))
		return reader_refuse(reader, "the line sends nothing");
	return 0;
}
