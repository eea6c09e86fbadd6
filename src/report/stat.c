/* stat.c: the ends that still exist, laid out as netstat does. */

#include "report/stat.h"

#include "base/time.h"
#include "report/subject.h"
#include "report/units.h"

/* netstat's own widths. */
enum { ADDRESS_WIDTH = 23, STATE_WIDTH = 11, ADDRESS_MAX = 80 };

/* RFC 6298: the first timeout where no round trip was measured, and a usual bound (Linux). */
#define RTO_FIRST TIME_SECOND
#define RTO_MOST (120 * TIME_SECOND)

struct socket_row {
	const char *proto;
	uint64_t send_queue;
	char local[ADDRESS_MAX];
	char foreign[ADDRESS_MAX];
	char state[24];
	char timer[64];
	uint32_t half_open; /* of a listener: handshakes that wait for their last ACK */
	struct stat_end end;
	enum tone tone;
};

/* What is done with each row; the first pass measures, the second writes. */
struct socket_table {
	const struct page *page;
	const struct stat_options *options;
	size_t width;
	void (*visit)(struct socket_table *table, const struct socket_row *row);
};

/* netstat writes IPv6 without brackets. */
static void add_socket(struct text *text, enum family family, const struct address *address,
                       uint16_t port)
{
	address_add(text, family, address);
	text_add_char(text, ':');
	text_add_unsigned(text, port);
}

static const char *proto_name(enum protocol protocol, enum family family)
{
	if (protocol == PROTOCOL_TCP)
		return family == FAMILY_IPV6 ? "tcp6" : "tcp";
	return family == FAMILY_IPV6 ? "udp6" : "udp";
}

static void set_listener_row(struct socket_row *row, const struct listener *listener)
{
	enum family family = (enum family)listener->family;
	struct text local = text_over(row->local, sizeof(row->local));
	struct text foreign = text_over(row->foreign, sizeof(row->foreign));
	struct text state = text_over(row->state, sizeof(row->state));
	struct text timer = text_over(row->timer, sizeof(row->timer));

	row->end = (struct stat_end){
		.protocol = PROTOCOL_TCP,
		.family = family,
		.local = &listener->address,
		.local_port = listener->port,
		.state = ST_LISTEN,
	};
	row->proto = proto_name(PROTOCOL_TCP, family);
	row->send_queue = 0;
	row->half_open = listener->half_open;
	row->tone = TONE_PLAIN;
	add_socket(&local, family, &listener->address, listener->port);
	text_add(&foreign, family == FAMILY_IPV6 ? ":::*" : "0.0.0.0:*");
	text_add(&state, state_netstat(ST_LISTEN));
	text_add(&timer, "off (0.00/0/0)");
}

/* "on (3.10/2/0)": seconds left, how often it was repeated, no keep-alive probes. */
static void add_timer(struct text *text, const char *name, int64_t left, uint32_t repeats)
{
	text_add(text, name);
	text_add(text, " (");
	time_add_seconds(text, left > 0 ? left : 0, 2);
	text_add_char(text, '/');
	text_add_unsigned(text, repeats);
	text_add(text, "/0)");
}

static int64_t retransmission_due(const struct sending *sent)
{
	int64_t timeout = RTO_FIRST;

	for (uint32_t i = 0; i < sent->back_off && timeout < RTO_MOST; i++)
		timeout *= 2;
	return sent->last_new + (timeout < RTO_MOST ? timeout : RTO_MOST);
}

static bool waits_for_handshake(const struct flow *flow, enum side side)
{
	enum tcp_state state = flow_state(flow, side);

	return flow->key.protocol == PROTOCOL_TCP &&
	       (state == ST_SYN_SENT || state == ST_SYN_RECEIVED);
}

static void set_timer(struct socket_row *row, const struct page *page, const struct flow *flow,
                      enum side side)
{
	struct text timer = text_over(row->timer, sizeof(row->timer));
	const struct sending *sent = &flow->sent[side];
	int64_t now = tracker_now(page->tracker);
	int64_t end = TIME_NONE;

	if (flow->key.protocol == PROTOCOL_TCP)
		end = tracker_time_wait_end(page->tracker, flow, side);
	if (end != TIME_NONE)
		add_timer(&timer, "timewait", time_between(now, end), 0);
	else if (row->send_queue > 0 || waits_for_handshake(flow, side))
		add_timer(&timer, "on", time_between(now, retransmission_due(sent)),
		          sent->back_off);
	else
		text_add(&timer, "off (0.00/0/0)");
}

static void set_tcp_state(struct socket_row *row, const struct flow *flow, enum side side)
{
	struct text state = text_over(row->state, sizeof(row->state));

	text_add(&state, state_netstat(flow_state(flow, side)));
	if (flow_state_is_doubtful(flow, side))
		text_add_char(&state, '?');
	row->tone = flow_state_is_presumed(flow, side) ? TONE_DIM : TONE_PLAIN;
}

/* netstat calls a datagram socket that has a peer ESTABLISHED, and any other nothing. */
static void set_udp_state(struct socket_row *row, const struct flow *flow)
{
	struct text state = text_over(row->state, sizeof(row->state));

	if (flow_udp_state(flow) == UDP_REPLIED)
		text_add(&state, "ESTABLISHED");
	row->tone = TONE_PLAIN;
}

static void set_end_row(struct socket_row *row, const struct page *page, const struct flow *flow,
                        enum side side)
{
	enum side peer = side == CLIENT ? SERVER : CLIENT;
	enum protocol protocol = (enum protocol)flow->key.protocol;
	enum family family = (enum family)flow->key.family;
	struct text local = text_over(row->local, sizeof(row->local));
	struct text foreign = text_over(row->foreign, sizeof(row->foreign));

	row->end = (struct stat_end){
		.protocol = protocol,
		.family = family,
		.local = &flow->key.address[side],
		.remote = &flow->key.address[peer],
		.local_port = flow->key.port[side],
		.remote_port = flow->key.port[peer],
		.state = flow_state(flow, side),
	};
	row->half_open = 0;
	row->proto = proto_name(protocol, family);
	add_socket(&local, family, &flow->key.address[side], flow->key.port[side]);
	add_socket(&foreign, family, &flow->key.address[peer], flow->key.port[peer]);
	row->send_queue = protocol == PROTOCOL_TCP ? flow_unacked(flow, side) : 0;
	if (protocol == PROTOCOL_TCP)
		set_tcp_state(row, flow, side);
	else
		set_udp_state(row, flow);
	set_timer(row, page, flow, side);
}

static void visit_listeners(struct socket_table *table)
{
	const struct listener *listener = NULL;
	struct socket_row row;

	if (!(table->options->all || table->options->listening) ||
	    !stat_wants_protocol(table->options, PROTOCOL_TCP))
		return;
	while ((listener = tracker_next_listener(table->page->tracker, listener)) != NULL) {
		if (!stat_wants_family(table->options, (enum family)listener->family))
			continue;
		set_listener_row(&row, listener);
		table->visit(table, &row);
	}
}

/* A datagram socket has no states: it is there while its conversation is, unless it was refused. */
static bool end_exists(const struct flow *flow, enum side side)
{
	if (side == SERVER && flow->self_connected)
		return false;
	if (flow->key.protocol == PROTOCOL_TCP)
		return flow_end_exists(flow, side);
	return flow->stage != STAGE_KEPT && flow_udp_state(flow) != UDP_REFUSED;
}

/* Returns whether any end of it is there. A socket connected to itself is one end. */
static bool visit_flow(struct socket_table *table, const struct flow *flow)
{
	bool exists[2] = { end_exists(flow, CLIENT), end_exists(flow, SERVER) };
	struct socket_row row;

	for (int side = SERVER; side >= CLIENT; side--) {
		if (!exists[side])
			continue;
		set_end_row(&row, table->page, flow, (enum side)side);
		table->visit(table, &row);
	}
	return exists[CLIENT] || exists[SERVER];
}

/* Returns how many flows have no end left to show. */
static uint64_t visit_all(struct socket_table *table)
{
	const struct flow *flow = NULL;
	uint64_t ended = 0;

	visit_listeners(table);
	if (table->options->listening && !table->options->all)
		return 0;
	while ((flow = tracker_next(table->page->tracker, flow)) != NULL) {
		if (stat_wants(table->page, table->options, flow) && !visit_flow(table, flow))
			ended++;
	}
	return ended;
}

static void measure_row(struct socket_table *table, const struct socket_row *row)
{
	size_t local = text_columns(row->local);
	size_t foreign = text_columns(row->foreign);

	if (local > table->width)
		table->width = local;
	if (foreign > table->width)
		table->width = foreign;
}

static void add_padded(struct output *output, const char *string, size_t width)
{
	size_t used = text_columns(string);

	output_add(output, string);
	output_spaces(output, used < width ? width - used : 0);
}

static void add_right(struct output *output, const char *string, size_t width)
{
	size_t used = text_columns(string);

	output_spaces(output, used < width ? width - used : 0);
	output_add(output, string);
}

/* Whether anything stands behind the state. */
static bool has_more(const struct stat_options *options)
{
	return options->timers || options->extra_count > 0;
}

/* The cells of one end, or the titles. */
static void write_extras(const struct socket_table *table, const struct stat_end *end)
{
	const struct stat_options *options = table->options;

	for (int i = 0; i < options->extra_count; i++) {
		const struct stat_extra *extra = &options->extras[i];
		bool is_last = !options->timers && i == options->extra_count - 1;
		char storage[128];
		struct text text = text_over(storage, sizeof(storage));

		if (end)
			extra->cell(&text, extra->context, end);
		else
			text_add(&text, extra->title);
		add_padded(table->page->output, storage, is_last ? 0 : extra->width + 1);
	}
}

/* The last column is not padded: no line ends in blanks. */
static void write_row(struct socket_table *table, const struct socket_row *row)
{
	struct output *output = table->page->output;
	char storage[24];
	struct text queue = text_over(storage, sizeof(storage));
	size_t pad = has_more(table->options) ? STATE_WIDTH + 1 : 0;

	text_add_unsigned(&queue, row->send_queue);
	add_padded(output, row->proto, 5);
	output_add(output, "      - ");
	add_right(output, storage, 6);
	output_add_char(output, ' ');
	add_padded(output, row->local, table->width + 1);
	add_padded(output, row->foreign, row->state[0] != '\0' || pad > 0 ? table->width + 1 : 0);
	if (row->tone != TONE_PLAIN)
		page_tone(table->page, row->tone);
	add_padded(output, row->state, pad);
	if (row->tone != TONE_PLAIN)
		page_tone(table->page, TONE_PLAIN);
	write_extras(table, &row->end);
	if (table->options->timers)
		output_add(output, row->timer);
	if (row->half_open > 0)
		output_format(output, " (%u half-open)", row->half_open);
	output_add_char(output, '\n');
}

static void write_titles(const struct socket_table *table)
{
	struct output *output = table->page->output;

	output_add(output, "Proto Recv-Q Send-Q ");
	add_padded(output, "Local Address", table->width + 1);
	add_padded(output, "Foreign Address", table->width + 1);
	add_padded(output, "State", has_more(table->options) ? STATE_WIDTH + 1 : 0);
	write_extras(table, NULL);
	if (table->options->timers)
		output_add(output, "Timer");
	output_add_char(output, '\n');
}

/* Those forgotten by the tracker ended too; what they were is not known any more. */
static uint64_t count_forgotten(const struct page *page, const struct stat_options *options)
{
	const struct tracker_totals *totals = tracker_totals(page->tracker);
	uint64_t flows = 0;

	if (page->where != NULL || options->ipv4 != options->ipv6)
		return 0;
	if (stat_wants_protocol(options, PROTOCOL_TCP))
		flows += totals->flows[0] - totals->remembered[0];
	if (stat_wants_protocol(options, PROTOCOL_UDP))
		flows += totals->flows[1] - totals->remembered[1];
	return flows;
}

void stat_endpoints(const struct page *page, const struct stat_options *options)
{
	struct socket_table table = { page, options, ADDRESS_WIDTH, measure_row };
	uint64_t ended = visit_all(&table);
	char storage[64];
	struct text text = text_over(storage, sizeof(storage));

	stat_head(page, page->input->is_live ? "Connections on " : "Connections at the end of ");
	write_titles(&table);
	table.visit = write_row;
	visit_all(&table);
	if (options->listening && !options->all)
		return;
	ended += count_forgotten(page, options);
	if (ended == 0)
		return;
	add_counted(&text, ended, "connection");
	text_add(&text, " ended earlier\n");
	output_add_text(page->output, &text);
}
