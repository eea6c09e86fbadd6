/* where.c: expressions that select flows, one table of words. */

#include "report/where.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "diagnose/finding.h"

enum { WORDS_MAX = 32, ALTERNATIVES_MAX = 32, NEEDLE_MAX = 64 };

/* One alternative of a word, as its row reads it. */
struct choice {
	union {
		struct { uint64_t least, most; };
		struct { struct address network; enum family family; unsigned bits; };
		const struct finding *finding;
		char needle[NEEDLE_MAX];
		int name;
	};
};

struct where_row {
	const char *name;
	const char *wants; /* for the remedy */
	bool (*read)(struct choice *choice, const char *value);
	bool (*holds)(const struct choice *choice, const struct flow *flow);
};

struct word {
	const struct where_row *row;
	bool inverted;
	int count;
	struct choice choices[ALTERNATIVES_MAX];
};

struct where {
	int count;
	struct word words[WORDS_MAX];
};

static bool is_tcp(const struct flow *flow)
{
	return flow->key.protocol == PROTOCOL_TCP;
}

static bool read_state(struct choice *choice, const char *value)
{
	enum tcp_state state;

	if (!state_parse(value, &state))
		return false;
	choice->name = (int)state;
	return true;
}

static bool state_is(const struct choice *choice, const struct flow *flow, enum side side)
{
	return is_tcp(flow) && (int)flow_state(flow, side) == choice->name;
}

static bool client_state_is(const struct choice *choice, const struct flow *flow)
{
	return state_is(choice, flow, CLIENT);
}

static bool server_state_is(const struct choice *choice, const struct flow *flow)
{
	return state_is(choice, flow, SERVER);
}

static bool any_state_is(const struct choice *choice, const struct flow *flow)
{
	return state_is(choice, flow, CLIENT) || state_is(choice, flow, SERVER);
}

static bool read_number(const char **value, uint64_t *number)
{
	char *end;

	if (!isdigit((unsigned char)**value))
		return false;
	*number = strtoull(*value, &end, 10);
	*value = end;
	return true;
}

/* "80" or "1024-65535". */
static bool read_range(struct choice *choice, const char *value)
{
	if (!read_number(&value, &choice->least))
		return false;
	choice->most = choice->least;
	if (*value == '-') {
		value++;
		if (!read_number(&value, &choice->most))
			return false;
	}
	return *value == '\0' && choice->least <= choice->most;
}

static bool read_ports(struct choice *choice, const char *value)
{
	return read_range(choice, value) && choice->most <= UINT16_MAX;
}

static bool within(const struct choice *choice, uint64_t number)
{
	return number >= choice->least && number <= choice->most;
}

static bool client_port_is(const struct choice *choice, const struct flow *flow)
{
	return within(choice, flow->key.port[CLIENT]);
}

static bool server_port_is(const struct choice *choice, const struct flow *flow)
{
	return within(choice, flow->key.port[SERVER]);
}

static bool any_port_is(const struct choice *choice, const struct flow *flow)
{
	return client_port_is(choice, flow) || server_port_is(choice, flow);
}

static bool id_is(const struct choice *choice, const struct flow *flow)
{
	return within(choice, flow->id);
}

/* "10.0.0.0/8", "[::1]", "::1". */
static bool read_network(struct choice *choice, const char *value)
{
	char storage[NEEDLE_MAX];
	size_t length = strcspn(value, "/");
	const char *bits = value + length;
	uint64_t number;

	if (value[0] == '[' && length > 2 && value[length - 1] == ']') {
		value++;
		length -= 2;
	}
	if (length >= sizeof(storage))
		return false;
	memcpy(storage, value, length);
	storage[length] = '\0';
	choice->family = address_parse(storage, &choice->network);
	if (choice->family == FAMILY_NONE)
		return false;
	choice->bits = choice->family == FAMILY_IPV4 ? 32 : 128;
	if (*bits == '\0')
		return true;
	bits++;
	if (!read_number(&bits, &number) || *bits != '\0' || number > choice->bits)
		return false;
	choice->bits = (unsigned)number;
	return true;
}

static bool address_is(const struct choice *choice, const struct flow *flow, enum side side)
{
	const uint8_t *bytes = flow->key.address[side].bytes;
	const uint8_t *network = choice->network.bytes;
	unsigned whole = choice->bits / 8;
	unsigned rest = choice->bits % 8;

	if (flow->key.family != choice->family || memcmp(bytes, network, whole) != 0)
		return false;
	return rest == 0 || (bytes[whole] ^ network[whole]) >> (8 - rest) == 0;
}

static bool client_is(const struct choice *choice, const struct flow *flow)
{
	return address_is(choice, flow, CLIENT);
}

static bool server_is(const struct choice *choice, const struct flow *flow)
{
	return address_is(choice, flow, SERVER);
}

static bool host_is(const struct choice *choice, const struct flow *flow)
{
	return client_is(choice, flow) || server_is(choice, flow);
}

static bool read_opening(struct choice *choice, const char *value)
{
	for (int i = 0; i < OPENING_COUNT; i++) {
		choice->name = i;
		if (strcasecmp(value, opening_name((enum opening)i)) == 0)
			return true;
	}
	return false;
}

static bool opening_is(const struct choice *choice, const struct flow *flow)
{
	return is_tcp(flow) && (int)flow_opening(flow) == choice->name;
}

static bool read_closing(struct choice *choice, const char *value)
{
	for (int i = 0; i < CLOSING_COUNT; i++) {
		choice->name = i;
		if (strcasecmp(value, closing_name((enum closing)i)) == 0)
			return true;
	}
	return false;
}

static bool closing_is(const struct choice *choice, const struct flow *flow)
{
	return is_tcp(flow) && (int)flow_closing(flow) == choice->name;
}

static bool read_finding(struct choice *choice, const char *value)
{
	choice->finding = finding_find(value);
	return choice->finding != NULL;
}

static bool finding_holds(const struct choice *choice, const struct flow *flow)
{
	return choice->finding->holds(flow);
}

static bool read_protocol(struct choice *choice, const char *value)
{
	choice->name = strcasecmp(value, "udp") == 0 ? PROTOCOL_UDP : PROTOCOL_TCP;
	return choice->name == PROTOCOL_UDP || strcasecmp(value, "tcp") == 0;
}

static bool protocol_is(const struct choice *choice, const struct flow *flow)
{
	return flow->key.protocol == choice->name;
}

static bool read_family(struct choice *choice, const char *value)
{
	size_t length = strlen(value);
	bool plain = length == 1 || strcasecmp(value, "ipv4") == 0 || strcasecmp(value, "ipv6") == 0;

	choice->name = length > 0 && value[length - 1] == '6' ? FAMILY_IPV6 : FAMILY_IPV4;
	return plain && (choice->name == FAMILY_IPV6 || value[length - 1] == '4');
}

static bool family_is(const struct choice *choice, const struct flow *flow)
{
	return flow->key.family == choice->name;
}

static bool read_needle(struct choice *choice, const char *value)
{
	struct text text = text_over(choice->needle, sizeof(choice->needle));

	text_add(&text, value);
	return text.length > 0 && !text.cut;
}

static bool needle_is_in(const struct choice *choice, const struct flow *flow)
{
	for (int side = CLIENT; side <= SERVER; side++) {
		char storage[96];
		struct text text = text_over(storage, sizeof(storage));

		address_add_port(&text, (enum family)flow->key.family, &flow->key.address[side],
		                 flow->key.port[side]);
		if (strstr(storage, choice->needle) != NULL)
			return true;
	}
	return false;
}

/* clang-format off */
static const struct where_row rows[] = {
	{ "state",        "a TCP state, as in state:close_wait",        read_state,    any_state_is },
	{ "client_state", "a TCP state, as in client_state:time_wait",  read_state,    client_state_is },
	{ "server_state", "a TCP state, as in server_state:last_ack",   read_state,    server_state_is },
	{ "port",         "a port or a range, as in port:1-1023",       read_ports,    any_port_is },
	{ "client_port",  "a port or a range",                          read_ports,    client_port_is },
	{ "server_port",  "a port or a range",                          read_ports,    server_port_is },
	{ "host",         "an address or network, as in host:10.0.0.0/8", read_network, host_is },
	{ "client",       "an address or a network",                    read_network,  client_is },
	{ "server",       "an address or a network",                    read_network,  server_is },
	{ "opening",      "as in opening:half_open",                    read_opening,  opening_is },
	{ "closing",      "as in closing:reset_by_server",              read_closing,  closing_is },
	{ "finding",      "the code of a finding, as in finding:refused", read_finding, finding_holds },
	{ "proto",        "tcp or udp",                                 read_protocol, protocol_is },
	{ "family",       "4 or 6",                                     read_family,   family_is },
	{ "id",           "a number or a range",                        read_range,    id_is },
};
static const struct where_row bare = { "", "part of an address", read_needle, needle_is_in };
/* clang-format on */

enum { ROW_COUNT = sizeof(rows) / sizeof(rows[0]) };

/* "::1", "fe80::2" and "10.0.0.1:80" have colons, but are no words of the table. */
static bool looks_like_an_address(const char *word)
{
	return word[strspn(word, "0123456789abcdefABCDEF.:[]")] == '\0';
}

static const struct where_row *row_of(const char *word, const char **values)
{
	const char *colon = strchr(word, ':');

	*values = word;
	if (colon == NULL)
		return &bare;
	for (size_t i = 0; i < ROW_COUNT; i++) {
		size_t length = strlen(rows[i].name);

		if (length == (size_t)(colon - word) && strncmp(word, rows[i].name, length) == 0) {
			*values = colon + 1;
			return &rows[i];
		}
	}
	return looks_like_an_address(word) ? &bare : NULL;
}

static void advise_words(struct error *err)
{
	char storage[sizeof(err->remedy)];
	struct text text = text_over(storage, sizeof(storage));

	text_add(&text, "the words are:");
	for (size_t i = 0; i < ROW_COUNT; i++) {
		text_add_char(&text, ' ');
		text_add(&text, rows[i].name);
	}
	error_remedy(err, "%s", storage);
}

static int read_choices(struct word *word, char *values, struct error *err)
{
	char *rest = values;

	while (rest != NULL) {
		char *comma = strchr(rest, ',');

		if (comma != NULL)
			*comma = '\0';
		if (word->count == ALTERNATIVES_MAX) {
			error_set(err, "%s: more than %d alternatives", word->row->name,
			          ALTERNATIVES_MAX);
			return -1;
		}
		if (!word->row->read(&word->choices[word->count++], rest)) {
			error_set(err, "%s:%s: not understood", word->row->name, rest);
			error_remedy(err, "it takes %s", word->row->wants);
			return -1;
		}
		rest = comma != NULL ? comma + 1 : NULL;
	}
	return 0;
}

static int read_word(struct word *word, char *string, struct error *err)
{
	const char *values;

	*word = (struct word){ .inverted = *string == '!' || *string == '-' };
	string += word->inverted;
	word->row = row_of(string, &values);
	if (word->row == NULL) {
		error_set(err, "%s: no such word to select flows by", string);
		advise_words(err);
		return -1;
	}
	return read_choices(word, string + (values - string), err);
}

static int read_words(struct where *where, char *expression, struct error *err)
{
	static const char blanks[] = " \t\n";
	char *rest = NULL;

	for (char *string = strtok_r(expression, blanks, &rest); string != NULL;
	     string = strtok_r(NULL, blanks, &rest)) {
		if (where->count == WORDS_MAX) {
			error_set(err, "more than %d words to select flows by", WORDS_MAX);
			return -1;
		}
		if (read_word(&where->words[where->count++], string, err) < 0)
			return -1;
	}
	return 0;
}

struct where *where_new(const char *expression, struct error *err)
{
	struct where *where = calloc(1, sizeof(*where));
	char *copy = strdup(expression);

	if (where == NULL || copy == NULL) {
		error_set(err, "selecting flows: out of memory");
		goto failed;
	}
	if (read_words(where, copy, err) < 0)
		goto failed;
	free(copy);
	return where;
failed:
	free(copy);
	free(where);
	return NULL;
}

void where_free(struct where *where)
{
	free(where);
}

static bool word_accepts(const struct word *word, const struct flow *flow)
{
	for (int i = 0; i < word->count; i++) {
		if (word->row->holds(&word->choices[i], flow))
			return !word->inverted;
	}
	return word->inverted;
}

bool where_accepts(const struct where *where, const struct flow *flow)
{
	for (int i = 0; i < where->count; i++) {
		if (!word_accepts(&where->words[i], flow))
			return false;
	}
	return true;
}
