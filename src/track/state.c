/* state.c: the arrows of RFC 9293 section 3.3.2, one a line. */

#include "track/state.h"

#include <ctype.h>
#include <stddef.h>
#include <stdint.h>

/*
 * An empty cell means stay. Guards (is this reset acceptable, is that ACK the
 * right one?) belong to whoever shows the proof, never here.
 */
/* clang-format off */
const uint8_t state_arrows[STATE_COUNT][PROOF_COUNT] = {
	/* from              on                     to */
	[ST_UNKNOWN]        [PROOF_PEER_SYN]      = ST_LISTEN,
	[ST_UNKNOWN]        [PROOF_SENT_SYN]      = ST_SYN_SENT,
	[ST_UNKNOWN]        [PROOF_IS_OPEN]       = ST_ESTABLISHED,  /* met midstream */
	[ST_LISTEN]         [PROOF_SENT_SYN]      = ST_SYN_SENT,     /* the SYNs crossed, or a split handshake */
	[ST_LISTEN]         [PROOF_SENT_SYN_ACK]  = ST_SYN_RECEIVED,
	[ST_SYN_SENT]       [PROOF_SENT_SYN_ACK]  = ST_SYN_RECEIVED, /* simultaneous open */
	[ST_SYN_SENT]       [PROOF_SENT_ACK]      = ST_ESTABLISHED,
	[ST_SYN_SENT]       [PROOF_UNREACHABLE]   = ST_CLOSED,       /* RFC 5461 section 2.2 */
	[ST_SYN_RECEIVED]   [PROOF_SYN_ACKED]     = ST_ESTABLISHED,
	[ST_SYN_RECEIVED]   [PROOF_SENT_FIN]      = ST_FIN_WAIT_1,
	[ST_ESTABLISHED]    [PROOF_GOT_FIN]       = ST_CLOSE_WAIT,   /* passive close */
	[ST_ESTABLISHED]    [PROOF_SENT_FIN]      = ST_FIN_WAIT_1,   /* active close */
	[ST_FIN_WAIT_1]     [PROOF_GOT_FIN]       = ST_CLOSING,      /* the FINs crossed */
	[ST_FIN_WAIT_1]     [PROOF_FIN_ACKED]     = ST_FIN_WAIT_2,
	[ST_FIN_WAIT_2]     [PROOF_GOT_FIN]       = ST_TIME_WAIT,
	[ST_CLOSING]        [PROOF_FIN_ACKED]     = ST_TIME_WAIT,
	[ST_CLOSE_WAIT]     [PROOF_SENT_FIN]      = ST_LAST_ACK,
	[ST_LAST_ACK]       [PROOF_FIN_ACKED]     = ST_CLOSED,
	[ST_TIME_WAIT]      [PROOF_TIMED_OUT]     = ST_CLOSED,
};
/* clang-format on */

static const struct {
	const char *name;
	const char *netstat;
	const char *meaning;
} states[STATE_COUNT] = {
#define X(name, netstat, meaning) [ST_##name] = { #name, netstat, meaning },
	TCP_STATES(X)
#undef X
};

static const char *const proofs[PROOF_COUNT] = {
#define X(name, words) [PROOF_##name] = words,
	PROOFS(X)
#undef X
};

const char *state_name(enum tcp_state state)
{
	return states[state].name;
}

const char *state_netstat(enum tcp_state state)
{
	return states[state].netstat;
}

const char *state_meaning(enum tcp_state state)
{
	return states[state].meaning;
}

const char *proof_words(enum proof proof)
{
	return proofs[proof];
}

/* People write FIN-WAIT-1, FIN_WAIT_1, fin_wait1: only letters and digits tell states apart. */
static bool same_letters(const char *a, const char *b)
{
	for (;; a++, b++) {
		while (*a == '-' || *a == '_')
			a++;
		while (*b == '-' || *b == '_')
			b++;
		if (tolower((unsigned char)*a) != tolower((unsigned char)*b))
			return false;
		if (*a == '\0')
			return true;
	}
}

bool state_parse(const char *string, enum tcp_state *state)
{
	for (size_t i = 0; i < STATE_COUNT; i++) {
		if (!same_letters(string, states[i].name) &&
		    !same_letters(string, states[i].netstat))
			continue;
		*state = (enum tcp_state)i;
		return true;
	}
	return false;
}
