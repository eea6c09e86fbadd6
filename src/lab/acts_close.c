/* acts_close.c: acts that end a connection, in peace or not. */

#define _GNU_SOURCE /* close_range */

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lab/act.h"
#include "lab/party.h"

enum act_outcome act_shut(struct cue *cue)
{
	return cue_judge(cue, shutdown(*cue->socket, SHUT_WR), "shutdown");
}

enum act_outcome act_close(struct cue *cue)
{
	int socket = *cue->socket;

	*cue->socket = -1;
	return cue_judge(cue, close(socket), "close");
}

enum act_outcome act_abort(struct cue *cue)
{
	const struct linger none = { .l_onoff = 1, .l_linger = 0 };

	if (setsockopt(*cue->socket, SOL_SOCKET, SO_LINGER, &none, sizeof(none)) < 0)
		return cue_fail(cue, "SO_LINGER");
	return act_close(cue);
}

enum act_outcome act_be_reset(struct cue *cue)
{
	int why = 0;
	socklen_t length = sizeof(why);

	if (getsockopt(*cue->socket, SOL_SOCKET, SO_ERROR, &why, &length) < 0)
		return cue_fail(cue, "SO_ERROR");
	if (why == 0)
		return cue_wait(cue, *cue->socket, 0); /* poll tells of errors unasked */
	errno = why;
	/* After the peer's FIN, Linux calls it a broken pipe. */
	return why == ECONNRESET || why == EPIPE ? ACT_DONE : cue_fail(cue, "reset");
}

/* The child holds nothing but the connection, and does not outlive us. */
static void live_as_child(int socket, pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		kill(getpid(), SIGKILL);
	if (socket > 0)
		close_range(0, (unsigned)socket - 1, 0);
	close_range((unsigned)socket + 1, UINT_MAX, 0);
	for (;;)
		pause();
}

enum act_outcome act_hand_to_child(struct cue *cue)
{
	pid_t parent = getpid();
	pid_t child = fork();

	if (child < 0)
		return cue_fail(cue, "fork");
	if (child == 0)
		live_as_child(*cue->socket, parent);
	cue->party->child = child;
	return act_close(cue);
}

/* Its death closes the socket: the kernel says goodbye in its place. */
enum act_outcome act_be_killed(struct cue *cue)
{
	pid_t child = cue->party->child;

	cue->party->child = 0;
	if (kill(child, SIGKILL) < 0)
		return cue_fail(cue, "kill");
	return cue_judge(cue, waitpid(child, NULL, 0), "waitpid");
}
