/* socket_state_test.c: the kernel's states by name. */

#include <criterion/criterion.h>
#include <netinet/tcp.h>

#include "host/sockets.h"

Test(socket_state, is_numbered_as_the_kernel_does)
{
	cr_expect_eq(SOCKET_ESTABLISHED, TCP_ESTABLISHED);
	cr_expect_eq(SOCKET_TIME_WAIT, TCP_TIME_WAIT);
	cr_expect_eq(SOCKET_CLOSE_WAIT, TCP_CLOSE_WAIT);
	cr_expect_eq(SOCKET_LISTEN, TCP_LISTEN);
	cr_expect_eq(SOCKET_CLOSING, TCP_CLOSING);
}

Test(socket_state, is_spelled_as_netstat_does)
{
	/* clang-format off */
	static const char *const names[] = {
		"UNKNOWN", "ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2", "TIME_WAIT",
		"CLOSE", "CLOSE_WAIT", "LAST_ACK", "LISTEN", "CLOSING", "SYN_RECV", "UNKNOWN",
	};
	/* clang-format on */

	for (unsigned int i = 0; i <= SOCKET_STATE_COUNT; i++)
		cr_expect_str_eq(socket_state_name((enum socket_state)i), names[i]);
	cr_expect_str_eq(socket_state_name((enum socket_state)255), "UNKNOWN");
}
