/* pcapng_remarks.c: what a block says beside the frames: comments, and names of addresses. */

/*
 * draft-ietf-opsawg-pcapng, opt_comment and the Name Resolution Block. Frames
 * do not depend on any of this: what contradicts itself is left out, in silence.
 */

#include "capture/pcapng_remarks.h"

#include <string.h>

#include "capture/parser_state.h"
#include "capture/pcapng_option.h"
#include "capture/remarks.h"

#define OPTION_COMMENT 1

/* Records of names look as options do. */
enum record_code {
	RECORD_IPV4 = 1,
	RECORD_IPV6 = 2,
};

static struct options options_at(const struct parser *parser, const struct block *block,
                                 uint32_t at)
{
	return (struct options){
		.rest = block->body + at,
		.left = block->size - at,
		.swapped = parser->pcapng.swapped,
	};
}

void comments_take(struct parser *parser, const struct block *block, uint32_t at,
                   enum comment_about about, uint64_t number)
{
	struct options options = options_at(parser, block, at);
	struct option option;

	if (!parser->remarks)
		return;
	while (option_next(&options, &option) == 1)
		if (option.code == OPTION_COMMENT)
			remarks_add_comment(parser->remarks, parser->origin, about, number,
			                    option.value, option.size);
}

bool comments_are_there(const struct parser *parser, const struct block *block, uint32_t at)
{
	struct options options = options_at(parser, block, at);
	struct option option;

	while (parser->remarks && option_next(&options, &option) == 1)
		if (option.code == OPTION_COMMENT)
			return true;
	return false;
}

/* Of several names of one address, the first. */
static void record_take(struct parser *parser, const struct option *record)
{
	enum family family = record->code == RECORD_IPV4 ? FAMILY_IPV4 : FAMILY_IPV6;
	size_t size = family == FAMILY_IPV4 ? 4 : 16;
	struct address address = { { 0 } };

	if ((record->code != RECORD_IPV4 && record->code != RECORD_IPV6) || record->size < size)
		return;
	memcpy(address.bytes, record->value, size);
	remarks_add_name(parser->remarks, family, &address, record->value + size,
	                 record->size - size);
}

enum parser_outcome names_take(struct parser *parser, const struct block *block,
                               struct frame *frame, struct error *err)
{
	struct options records = options_at(parser, block, 0);
	struct option record;

	(void)frame;
	(void)err;
	while (option_next(&records, &record) == 1)
		record_take(parser, &record);
	return PARSER_HUNGRY;
}
