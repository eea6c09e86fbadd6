/* verdict.c: the verdicts in words, and what can be said of each. */

#include "packet/decode.h"

#include <assert.h>

struct verdict_row {
	const char *name;
	bool sound;
};

/* clang-format off */
static const struct verdict_row rows[VERDICT_COUNT] = {
	[VERDICT_TCP]             = { "tcp",             true },
	[VERDICT_TCP_CUT]         = { "tcp_cut",         false },
	[VERDICT_TCP_BAD]         = { "tcp_bad",         false },
	[VERDICT_UDP]             = { "udp",             true },
	[VERDICT_UDP_BAD]         = { "udp_bad",         false },
	[VERDICT_ICMP_ERROR]      = { "icmp_error",      true },
	[VERDICT_ICMP_OTHER]      = { "icmp_other",      true },
	[VERDICT_OTHER_TRANSPORT] = { "other_transport", true },
	[VERDICT_NOT_IP]          = { "not_ip",          true },
	[VERDICT_FRAGMENT]        = { "fragment",        true },
	[VERDICT_FRAGMENT_LOST]   = { "fragment_lost",   false },
	[VERDICT_UNDECIPHERABLE]  = { "undecipherable",  false },
	[VERDICT_TRANSPORT_CUT]   = { "transport_cut",   false },
	[VERDICT_IP_CUT]          = { "ip_cut",          false },
	[VERDICT_IP_BAD]          = { "ip_bad",          false },
	[VERDICT_LINK_CUT]        = { "link_cut",        false },
	[VERDICT_LINK_BAD]        = { "link_bad",        false },
	[VERDICT_LINK_UNKNOWN]    = { "link_unknown",    false },
	[VERDICT_TOO_DEEP]        = { "too_deep",        false },
};
/* clang-format on */

static const char *const words[] = {
#define X(name, has_segment, plain) plain,
	VERDICTS(X)
#undef X
};

static const bool segments[] = {
#define X(name, has_segment, plain) has_segment,
	VERDICTS(X)
#undef X
};

const char *verdict_name(enum verdict verdict)
{
	assert(verdict < VERDICT_COUNT);
	return rows[verdict].name;
}

const char *verdict_words(enum verdict verdict)
{
	assert(verdict < VERDICT_COUNT);
	return words[verdict];
}

bool verdict_has_segment(enum verdict verdict)
{
	assert(verdict < VERDICT_COUNT);
	return segments[verdict];
}

bool verdict_is_sound(enum verdict verdict)
{
	assert(verdict < VERDICT_COUNT);
	return rows[verdict].sound;
}
