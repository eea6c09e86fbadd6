/* tunnel_words.c: tunnels by name, and the way into one in words. */

#include "packet/tunnel.h"

#include <assert.h>
#include <string.h>

#include "layer.h"

struct kind_row {
	const char *name;
	const char *key;
	const char *id;
};

static const struct kind_row kinds[] = {
#define X(kind, name, key, id) { name, key, id },
	TUNNELS(X)
#undef X
};

const char *tunnel_name(enum tunnel_kind kind)
{
	assert(kind < TUNNEL_KIND_COUNT);
	return kinds[kind].name;
}

enum tunnel_kind tunnel_find(const char *name)
{
	for (size_t i = TUNNEL_OTHER + 1; i < COUNT(kinds); i++)
		if (strcmp(kinds[i].name, name) == 0)
			return (enum tunnel_kind)i;
	return TUNNEL_NONE;
}

static void add_number(struct text *text, const char *name, uint32_t number)
{
	text_add_char(text, ' ');
	text_add(text, name);
	text_add_char(text, ' ');
	text_add_unsigned(text, number);
}

/* The other direction's. */
static void add_other(struct text *text, uint32_t number)
{
	text_add_char(text, '/');
	text_add_unsigned(text, number);
}

static void add_row(struct text *text, const struct tunnel *row)
{
	text_add(text, kinds[row->kind].name);
	if (row->has_key)
		add_number(text, kinds[row->kind].key, row->key);
	if (row->has_other_key)
		add_other(text, row->other_key);
	if (row->id_count > 0)
		add_number(text, kinds[row->kind].id, row->id[0]);
	if (row->id_count > 1)
		add_other(text, row->id[1]);
	if (row->kind == TUNNEL_OTHER)
		return;
	text_add_char(text, ' ');
	address_add(text, row->family, &row->address[0]);
	text_add_char(text, '-');
	address_add(text, row->family, &row->address[1]);
}

void tunnel_add(struct text *text, const struct tunnels *tunnels, uint32_t number)
{
	const struct tunnel *way[TUNNEL_DEPTH_MAX];
	size_t depth = 0;
	const struct tunnel *row = tunnels ? tunnels_row(tunnels, number) : NULL;

	for (; row && depth < COUNT(way); row = tunnels_row(tunnels, row->parent))
		way[depth++] = row;
	while (depth > 0) {
		add_row(text, way[--depth]);
		text_add(text, depth > 0 ? ", " : "");
	}
}
