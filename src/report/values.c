/* values.c: what the columns say of a flow to machines; nothing where nothing is known. */

#include "report/values.h"

#include <assert.h>

#include "packet/tunnel.h"
#include "report/formats.h"
#include "report/json.h"
#include "report/values_inline.h"
#include "report/values_sequence.h"

enum { FINDINGS_MOST = 32, SENTENCE_MAX = 480 };

#define VALUE(name) char *value_##name(char *at, struct record *record)

#define X(name)                                                                                    \
	VALUE(name)                                                                                \
	{                                                                                          \
		return say_##name(at, record);                                                     \
	}
SHORT_VALUES(X)
SEQUENCE_VALUES(X)
#undef X

VALUE(tunnel)
{
	const struct decoder *decoder = record->page->decoder;
	uint32_t tunnel = record->flow->key.tunnel;
	struct text text;

	if (tunnel == 0 || decoder == NULL || decoder->tunnels == NULL)
		return at;
	text = text_over(at, COLUMN_STRING_MAX);
	tunnel_add(&text, decoder->tunnels, tunnel);
	assert(!text.cut);
	return at + text.length;
}

static void add_finding(struct text *text, const struct flow *flow, const struct finding *finding)
{
	struct evidence evidence = { .count = 0 };
	char storage[SENTENCE_MAX];
	struct text sentence = text_over(storage, sizeof(storage));

	finding->explain(&sentence, flow, &evidence);
	text_add(text, "{\"code\":\"");
	text_add(text, finding->code);
	text_add(text, "\",\"text\":");
	json_add_string(text, storage);
	text_add(text, ",\"evidence\":[");
	for (int i = 0; i < evidence.count; i++) {
		if (i > 0)
			text_add_char(text, ',');
		text_add_unsigned(text, evidence.frames[i]);
	}
	text_add(text, "]}");
}

/* Most have none; to those that have, room matters more than haste. */
VALUE(findings)
{
	const struct finding *found[FINDINGS_MOST];
	size_t count = findings_of(record->flow, found, FINDINGS_MOST);
	struct text text;

	if (count == 0)
		return put(at, "[]");
	text = text_over(at, COLUMN_VALUE_MAX);
	for (size_t i = 0; i < count; i++) {
		text_add_char(&text, i > 0 ? ',' : '[');
		add_finding(&text, record->flow, found[i]);
	}
	text_add_char(&text, ']');
	assert(!text.cut);
	return at + text.length;
}
