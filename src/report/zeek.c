/* zeek.c: records in the form of Zeek's conn.log, as TSV with its header lines and as JSON. */

#include <string.h>

#include "base/time.h"
#include "report/formats.h"
#include "report/put.h"
#include "report/values.h"

/* A field writes nothing where it is not known. */
struct field {
	const char *name;
	const char *type;
	bool is_string;                                  /* quoted in JSON */
	char *(*write)(char *at, struct record *record); /* as a struct column's value */
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

#define WRITE(name) static char *write_##name(char *at, struct record *record)

WRITE(ts)
{
	return put_microseconds(at, record->flow->start);
}

/* The last `count` digits of a number in base 62, the lowest one first. */
static inline char *put_base62(char *at, uint32_t number, int count)
{
	static const char digits[] =
		"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

	for (; count > 0; count--) {
		*at++ = digits[number % 62];
		number /= 62;
	}
	return at;
}

/* Of the first 104 bits of a digest, five digits at a time: all of them fit into a word. */
static char *put_uid(char *at, const uint32_t digest[DIGEST_WORDS])
{
	enum { LIMBS = 4, LIMB_BITS = 26, LIMB_MASK = (1 << LIMB_BITS) - 1 };
	enum { TO_THE_5TH = 62 * 62 * 62 * 62 * 62 };
	uint32_t limbs[LIMBS] = {
		digest[0] >> 6,
		(digest[0] << 20 | digest[1] >> 12) & LIMB_MASK,
		(digest[1] << 14 | digest[2] >> 18) & LIMB_MASK,
		(digest[2] << 8 | digest[3] >> 24) & LIMB_MASK,
	};

	for (int written = 0; written < 15; written += 5) {
		uint64_t rest = 0;

		for (int i = 0; i < LIMBS; i++) {
			uint64_t value = rest << LIMB_BITS | limbs[i];

			limbs[i] = (uint32_t)(value / TO_THE_5TH);
			rest = value % TO_THE_5TH;
		}
		at = put_base62(at, (uint32_t)rest, 5);
	}
	return put_base62(at, limbs[LIMBS - 1], 2);
}

/* "C" and 17 digits of a digest, as Zeek names them; the same in every run. */
WRITE(uid)
{
	uint64_t start = (uint64_t)record->flow->start, id = record->flow->id;
	uint32_t input[DIGEST_WORDS + 4];
	uint32_t digest[DIGEST_WORDS];

	memcpy(input, record_digest(record), sizeof(digest));
	input[DIGEST_WORDS] = (uint32_t)(start >> 32);
	input[DIGEST_WORDS + 1] = (uint32_t)start;
	input[DIGEST_WORDS + 2] = (uint32_t)(id >> 32);
	input[DIGEST_WORDS + 3] = (uint32_t)id;
	digest_take(input, DIGEST_WORDS + 4, digest);
	*at = 'C';
	return put_uid(at + 1, digest);
}

static char *put_host(char *at, const struct flow *flow, enum side side)
{
	return put_address(at, (enum family)flow->key.family, &flow->key.address[side]);
}

WRITE(duration)
{
	int64_t duration = zeek_duration(record->flow);

	return duration > 0 ? put_microseconds(at, duration) : at;
}

static char *put_bytes(char *at, const struct flow *flow, enum side side)
{
	return zeek_duration(flow) > 0 ? put_unsigned(at, zeek_bytes(flow, side)) : at;
}

WRITE(nothing)
{
	(void)record;
	return at;
}

static const struct zeek_end *end_of(const struct flow *flow, enum side side)
{
	return &flow->zeek.ends[side];
}

/* clang-format off */
#define NUMBER(name, number)                                                                       \
	WRITE(name)                                                                                \
	{                                                                                          \
		const struct flow *flow = record->flow;                                            \
                                                                                                   \
		return put_unsigned(at, number);                                                   \
	}
#define BOTH(name, act)                                                                            \
	WRITE(orig_##name) { return act(at, record->flow, originator(record->flow)); }             \
	WRITE(resp_##name) { return act(at, record->flow, responder(record->flow)); }

BOTH(h,     put_host)
BOTH(bytes, put_bytes)
NUMBER(orig_p,        flow->key.port[originator(flow)])
NUMBER(resp_p,        flow->key.port[responder(flow)])
NUMBER(orig_pkts,     end_of(flow, originator(flow))->packets)
NUMBER(resp_pkts,     end_of(flow, responder(flow))->packets)
NUMBER(orig_ip_bytes, end_of(flow, originator(flow))->ip_bytes)
NUMBER(resp_ip_bytes, end_of(flow, responder(flow))->ip_bytes)
NUMBER(missed,        flow->zeek.missed)

/* Those that are never known are there for readers that go by position. */
static const struct field fields[] = {
	{ "ts",             "time",        false, write_ts },
	{ "uid",            "string",      true,  write_uid },
	{ "id.orig_h",      "addr",        true,  write_orig_h },
	{ "id.orig_p",      "port",        false, write_orig_p },
	{ "id.resp_h",      "addr",        true,  write_resp_h },
	{ "id.resp_p",      "port",        false, write_resp_p },
	{ "proto",          "enum",        true,  value_proto },
	{ "service",        "string",      true,  write_nothing },
	{ "duration",       "interval",    false, write_duration },
	{ "orig_bytes",     "count",       false, write_orig_bytes },
	{ "resp_bytes",     "count",       false, write_resp_bytes },
	{ "conn_state",     "string",      true,  value_conn_state },
	{ "local_orig",     "bool",        false, write_nothing },
	{ "local_resp",     "bool",        false, write_nothing },
	{ "missed_bytes",   "count",       false, write_missed },
	{ "history",        "string",      true,  value_history },
	{ "orig_pkts",      "count",       false, write_orig_pkts },
	{ "orig_ip_bytes",  "count",       false, write_orig_ip_bytes },
	{ "resp_pkts",      "count",       false, write_resp_pkts },
	{ "resp_ip_bytes",  "count",       false, write_resp_ip_bytes },
	{ "tunnel_parents", "set[string]", false, write_nothing },
	{ "community_id",   "string",      true,  value_community_id },
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
	char *room = output_room(page->output, RECORD_MAX);
	char *at = room;
	struct record record;

	record_start(&record, page, flow);
	for (int i = 0; i < FIELDS; i++) {
		char *start = at;

		at = fields[i].write(at, &record);
		if (at == start)
			*at++ = '-';
		*at++ = '\t';
	}
	at[-1] = '\n';
	output_keep(page->output, (size_t)(at - room));
}

void zeek_foot(const struct page *page)
{
	write_moment(page->output, "#close\t", tracker_totals(page->tracker)->last);
}

/* {"ts":1700000000.000000,"uid":"C..." and on; what is not known is left out. */
void zeek_json_record(const struct page *page, const struct flow *flow)
{
	char *room = output_room(page->output, RECORD_MAX);
	char *at = room;
	struct record record;

	record_start(&record, page, flow);
	for (int i = 0; i < FIELDS; i++) {
		char *start = put_word(put(at, ",\""), fields[i].name);
		char *end;

		start = put(start, fields[i].is_string ? "\":\"" : "\":");
		end = fields[i].write(start, &record);
		if (end == start)
			continue;
		*end = '"';
		at = end + fields[i].is_string;
	}
	*room = '{';
	at = put(at, "}\n");
	output_keep(page->output, (size_t)(at - room));
}
