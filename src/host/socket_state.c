/* socket_state.c: the kernel's states by name. */

#include "host/sockets.h"

/* clang-format off */
static const char *const names[SOCKET_STATE_COUNT] = {
	[SOCKET_ESTABLISHED]  = "ESTABLISHED",
	[SOCKET_SYN_SENT]     = "SYN_SENT",
	[SOCKET_SYN_RECV]     = "SYN_RECV",
	[SOCKET_FIN_WAIT1]    = "FIN_WAIT1",
	[SOCKET_FIN_WAIT2]    = "FIN_WAIT2",
	[SOCKET_TIME_WAIT]    = "TIME_WAIT",
	[SOCKET_CLOSE]        = "CLOSE",
	[SOCKET_CLOSE_WAIT]   = "CLOSE_WAIT",
	[SOCKET_LAST_ACK]     = "LAST_ACK",
	[SOCKET_LISTEN]       = "LISTEN",
	[SOCKET_CLOSING]      = "CLOSING",
	[SOCKET_NEW_SYN_RECV] = "SYN_RECV", /* the kernel's own distinction, no reader's */
};
/* clang-format on */

const char *socket_state_name(enum socket_state state)
{
	if ((unsigned int)state >= SOCKET_STATE_COUNT || !names[state])
		return "UNKNOWN";
	return names[state];
}
