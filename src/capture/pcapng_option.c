/* pcapng_option.c: the options at the end of a block. */

#include "capture/pcapng_option.h"

#include "capture/parser_state.h"

#define OPTION_HEAD 4u
#define OPTION_END 0

int option_next(struct options *options, struct option *option)
{
	const uint8_t *head = options->rest;
	uint32_t padded;

	if (options->left < OPTION_HEAD)
		return 0;
	option->code = load16(head, options->swapped);
	option->size = load16(head + 2, options->swapped);
	option->value = head + OPTION_HEAD;
	if (option->code == OPTION_END)
		return 0;
	/* Bodies are padded too: if the padded value does not fit, the value does not. */
	padded = (option->size + 3u) & ~3u;
	if (padded > options->left - OPTION_HEAD)
		return -1;
	options->rest += OPTION_HEAD + padded;
	options->left -= OPTION_HEAD + padded;
	return 1;
}
