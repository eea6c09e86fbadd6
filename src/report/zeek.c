/* zeek.c: records in the form of Zeek's conn.log, as TSV with its header lines and as JSON. */

#include <sha1.h>

#include "base/time.h"
#include "report/community.h"
#include "report/formats.h"

enum { FIELD_MAX = 128, UID_BYTES = 13, UID_DIGITS = 17 };

/* A field writes nothing where it is not known. */
struct field {
	const char *name;
	const char *type;
	bool is_string; /* quoted in JSON */
	void (*write)(struct text *text, const struct flow *flow);
};

/* Zeek's originator is the client nearly always; see track/zeek.h. */
static enum side originator(const struct flow *flow)
{
	return (enum side)flow->zeek.originator;
}

static enum side responder(const struct flow *flow)
{
	return originator(flow) == CLIENT ? SERVER : CLIENT;
}

static void write_ts(struct text *text, const struct flow *flow)
{
	time_add_seconds(text, flow->start, 6);
}

static void hash_number(SHA1_CTX *context, uint64_t number)
{
	uint8_t bytes[8];

	for (int i = 0; i < 8; i++)
		bytes[i] = (uint8_t)(number >> (56 - 8 * i));
	SHA1Update(context, bytes, sizeof(bytes));
}

/* "C" and 17 digits of a digest in base 62, as Zeek names them; the same in every run. */
static void write_uid(struct text *text, const struct flow *flow)
{
	static const char digits[] =
		"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	uint8_t digest[SHA1_DIGEST_LENGTH];
	SHA1_CTX context;

	community_digest(flow, digest);
	SHA1Init(&context);
	SHA1Update(&context, digest, sizeof(digest));
	hash_number(&context, (uint64_t)flow->start);
	hash_number(&context, flow->id);
	SHA1Final(digest, &context);
	text_add_char(text, 'C');
	for (int i = 0; i < UID_DIGITS; i++) {
		unsigned rest = 0;

		for (int byte = 0; byte < UID_BYTES; byte++) {
			unsigned value = rest << 8 | digest[byte];

			digest[byte] = (uint8_t)(value / 62);
			rest = value % 62;
		}
		text_add_char(text, digits[rest]);
	}
}

static void add_host(struct text *text, const struct flow *flow, enum side side)
{
	address_add(text, (enum family)flow->key.family, &flow->key.address[side]);
}

static void write_proto(struct text *text, const struct flow *flow)
{
	text_add(text, flow->key.protocol == PROTOCOL_UDP ? "udp" : "tcp");
}

static void write_duration(struct text *text, const struct flow *flow)
{
	if (zeek_duration(flow) > 0)
		time_add_seconds(text, zeek_duration(flow), 6);
}

static void add_bytes(struct text *text, const struct flow *flow, enum side side)
{
	if (zeek_duration(flow) > 0)
		text_add_unsigned(text, zeek_bytes(flow, side));
}

static void write_conn_state(struct text *text, const struct flow *flow)
{
	text_add(text, zeek_conn_state(flow));
}

static void write_missed(struct text *text, const struct flow *flow)
{
	text_add_unsigned(text, flow->zeek.missed);
}

static void write_history(struct text *text, const struct flow *flow)
{
	text_add(text, zeek_history(flow));
}

static const struct zeek_end *end_of(const struct flow *flow, enum side side)
{
	return &flow->zeek.ends[side];
}

static void write_nothing(struct text *text, const struct flow *flow)
{
	(void)text;
	(void)flow;
}

/* clang-format off */
#define NUMBER(name, value)                                                                        \
	static void write_##name(struct text *text, const struct flow *flow)                       \
	{                                                                                          \
		text_add_unsigned(text, value);                                                    \
	}
#define BOTH(name, act)                                                                            \
	static void write_orig_##name(struct text *text, const struct flow *flow)                  \
	{                                                                                          \
		act(text, flow, originator(flow));                                                 \
	}                                                                                          \
	static void write_resp_##name(struct text *text, const struct flow *flow)                  \
	{                                                                                          \
		act(text, flow, responder(flow));                                                  \
	}

BOTH(h,     add_host)
BOTH(bytes, add_bytes)
NUMBER(orig_p,        flow->key.port[originator(flow)])
NUMBER(resp_p,        flow->key.port[responder(flow)])
NUMBER(orig_pkts,     end_of(flow, originator(flow))->packets)
NUMBER(resp_pkts,     end_of(flow, responder(flow))->packets)
NUMBER(orig_ip_bytes, end_of(flow, originator(flow))->ip_bytes)
NUMBER(resp_ip_bytes, end_of(flow, responder(flow))->ip_bytes)

/* Those that are never known are there for readers that go by position. */
static const struct field fields[] = {
	{ "ts",             "time",        false, write_ts },
	{ "uid",            "string",      true,  write_uid },
	{ "id.orig_h",      "addr",        true,  write_orig_h },
	{ "id.orig_p",      "port",        false, write_orig_p },
	{ "id.resp_h",      "addr",        true,  write_resp_h },
	{ "id.resp_p",      "port",        false, write_resp_p },
	{ "proto",          "enum",        true,  write_proto },
	{ "service",        "string",      true,  write_nothing },
	{ "duration",       "interval",    false, write_duration },
	{ "orig_bytes",     "count",       false, write_orig_bytes },
	{ "resp_bytes",     "count",       false, write_resp_bytes },
	{ "conn_state",     "string",      true,  write_conn_state },
	{ "local_orig",     "bool",        false, write_nothing },
	{ "local_resp",     "bool",        false, write_nothing },
	{ "missed_bytes",   "count",       false, write_missed },
	{ "history",        "string",      true,  write_history },
	{ "orig_pkts",      "count",       false, write_orig_pkts },
	{ "orig_ip_bytes",  "count",       false, write_orig_ip_bytes },
	{ "resp_pkts",      "count",       false, write_resp_pkts },
	{ "resp_ip_bytes",  "count",       false, write_resp_ip_bytes },
	{ "tunnel_parents", "set[string]", false, write_nothing },
	{ "community_id",   "string",      true,  community_add },
};
/* clang-format on */

enum { FIELDS = sizeof(fields) / sizeof(fields[0]) };

/* "2026-11-20-08-40-53", Zeek's own spelling, in UTC. */
static void write_moment(struct output *output, const char *title, int64_t instant)
{
	char storage[64];
	struct text text = text_over(storage, sizeof(storage));

	time_add_date(&text, instant == TIME_NONE ? 0 : instant, 0);
	for (char *at = storage; *at != '\0'; at++) {
		if (*at == ' ' || *at == ':')
			*at = '-';
	}
	output_add(output, title);
	output_add_text(output, &text);
	output_add_char(output, '\n');
}

void zeek_head(const struct page *page)
{
	struct output *output = page->output;

	output_add(output, "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n"
	                   "#unset_field\t-\n#path\tconn\n");
	write_moment(output, "#open\t", tracker_totals(page->tracker)->first);
	output_add(output, "#fields");
	for (int i = 0; i < FIELDS; i++) {
		output_add_char(output, '\t');
		output_add(output, fields[i].name);
	}
	output_add(output, "\n#types");
	for (int i = 0; i < FIELDS; i++) {
		output_add_char(output, '\t');
		output_add(output, fields[i].type);
	}
	output_add_char(output, '\n');
}

void zeek_record(const struct page *page, const struct flow *flow)
{
	for (int i = 0; i < FIELDS; i++) {
		char storage[FIELD_MAX];
		struct text text = text_over(storage, sizeof(storage));

		fields[i].write(&text, flow);
		if (text.length == 0)
			text_add_char(&text, '-');
		if (i > 0)
			output_add_char(page->output, '\t');
		output_add_text(page->output, &text);
	}
	output_add_char(page->output, '\n');
}

void zeek_foot(const struct page *page)
{
	write_moment(page->output, "#close\t", tracker_totals(page->tracker)->last);
}

void zeek_json_record(const struct page *page, const struct flow *flow)
{
	struct output *output = page->output;
	char separator = '{';

	for (int i = 0; i < FIELDS; i++) {
		char storage[FIELD_MAX];
		struct text text = text_over(storage, sizeof(storage));

		fields[i].write(&text, flow);
		if (text.length == 0)
			continue;
		output_add_char(output, separator);
		output_add_char(output, '"');
		output_add(output, fields[i].name);
		output_add(output, fields[i].is_string ? "\":\"" : "\":");
		output_add_text(output, &text);
		if (fields[i].is_string)
			output_add_char(output, '"');
		separator = ',';
	}
	output_add(output, "}\n");
}
