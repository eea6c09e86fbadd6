/* where_words.c: the table of words that select flows: how each is read, and when it holds. */

#include "report/where_words.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

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
	bool plain =
		length == 1 || strcasecmp(value, "ipv4") == 0 || strcasecmp(value, "ipv6") == 0;

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
const struct where_row where_rows[] = {
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
const struct where_row where_bare = { "", "part of an address", read_needle, needle_is_in };
/* clang-format on */

const size_t where_row_count = sizeof(where_rows) / sizeof(where_rows[0]);
