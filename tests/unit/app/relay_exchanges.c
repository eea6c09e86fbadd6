/* relay_exchanges.c: the table of exchanges between two kernels, one file of rows per theme. */

#include "unit/app/relay_play.h"

#define MOVES(...)                                                                                 \
	.moves = (const struct move[]){ __VA_ARGS__, { CLIENT, JUDGED } },                         \
	.count = sizeof((const struct move[]){ __VA_ARGS__, { CLIENT, JUDGED } }) /                \
	         sizeof(struct move)
#define ALLOWED(...)                                                                               \
	.allowed = (const struct allowance[])                                                      \
	{                                                                                          \
		__VA_ARGS__,                                                                       \
		{                                                                                  \
			.why = NULL                                                                \
		}                                                                                  \
	}

/* Why an observer cannot know better. */
#define LOST_LATER "what would have moved the end came by there, and was lost later"
#define NEVER_CAME "what shows it never came by there"
#define FINS_CROSSED_AGAIN "it repeated its FIN after the ACK left; whether that came is not shown"
#define OVERTOOK "the reset overtook data, and so its number is not exact"
#define BEARS_ITS_NAME "what somebody else sent bears its name"

/* clang-format off */
#define DIALS     { SERVER, LISTENS }, { CLIENT, CONNECTS }
#define BOTH_DIAL { CLIENT, CONNECTS }, { SERVER, CONNECTS }
#define HANDSHAKE DIALS, { CLIENT, GOES, SYN }, { SERVER, GOES, SYN_ACK }, { CLIENT, GOES, ACK }, \
                  { SERVER, ACCEPTS }
/* clang-format on */

/* Most moves need no more than who does what. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

static const struct exchange opening[] = {
#include "relay_opening.inc"
};

static const struct exchange closing[] = {
#include "relay_closing.inc"
};

static const struct exchange reset[] = {
#include "relay_reset.inc"
};

#define TABLE(rows)                                                                                \
	(struct exchanges)                                                                         \
	{                                                                                          \
		rows, sizeof(rows) / sizeof(rows[0])                                               \
	}

struct exchanges exchanges_about(enum theme theme)
{
	switch (theme) {
	case OPENING:
		return TABLE(opening);
	case CLOSING:
		return TABLE(closing);
	default:
		return TABLE(reset);
	}
}
