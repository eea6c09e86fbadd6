/* relay_play.c: what can happen in an exchange between two kernels. */

#define _GNU_SOURCE /* accept4 */

#include "unit/app/relay_play.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/time.h"

#define PATIENCE_MS 5000

void play_fail(struct play *play, const char *format, ...)
{
	size_t used = strlen(play->failures);
	va_list arguments;
	int length = snprintf(play->failures + used, play->size - used,
	                      "%s, move %zu: ", play->exchange->name, play->done);

	used += length > 0 && (size_t)length < play->size - used ? (size_t)length : 0;
	va_start(arguments, format);
	vsnprintf(play->failures + used, play->size - used, format, arguments);
	va_end(arguments);
	used = strlen(play->failures);
	snprintf(play->failures + used, play->size - used, "\n");
}

/* ---- What the ends do --------------------------------------------------------------------------- */

static bool refuse(struct play *play, const char *what)
{
	play_fail(play, "%s: %s", what, strerror(errno));
	return false;
}

static struct host *host_of(struct play *play, const struct move *move)
{
	return &play->relay->hosts[move->who];
}

static struct sockaddr_in home_of(const struct host *host)
{
	struct sockaddr_in home = { .sin_family = AF_INET, .sin_port = htons(host->port) };

	memcpy(&home.sin_addr, host->address.bytes, sizeof(home.sin_addr));
	return home;
}

static int socket_new(struct play *play, const struct move *move)
{
	struct sockaddr_in home = home_of(host_of(play, move));
	int yes = 1;
	int handle;

	if (!relay_enter(play->relay, move->who))
		return -1;
	handle = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	setsockopt(handle, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	setsockopt(handle, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
	setsockopt(handle, IPPROTO_TCP, TCP_QUICKACK, &yes, sizeof(yes));
	if (bind(handle, (struct sockaddr *)&home, sizeof(home)) == 0)
		return handle;
	close(handle);
	return -1;
}

static bool act_listen(struct play *play, const struct move *move)
{
	struct host *host = host_of(play, move);

	host->listener = socket_new(play, move);
	if (host->listener < 0 || listen(host->listener, 8) < 0)
		return refuse(play, "listen");
	return true;
}

static bool act_connect(struct play *play, const struct move *move)
{
	struct host *host = host_of(play, move);
	struct sockaddr_in peer = home_of(&play->relay->hosts[!move->who]);

	host->socket = socket_new(play, move);
	if (host->socket < 0 ||
	    (connect(host->socket, (struct sockaddr *)&peer, sizeof(peer)) < 0 &&
	     errno != EINPROGRESS))
		return refuse(play, "connect");
	return true;
}

static bool act_accept(struct play *play, const struct move *move)
{
	struct host *host = host_of(play, move);
	struct pollfd waiting = { .fd = host->listener, .events = POLLIN };
	int yes = 1;

	if (poll(&waiting, 1, PATIENCE_MS) == 1)
		host->socket = accept4(host->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (host->socket < 0)
		return refuse(play, "accept");
	setsockopt(host->socket, IPPROTO_TCP, TCP_QUICKACK, &yes, sizeof(yes));
	return true;
}

static bool act_send(struct play *play, const struct move *move)
{
	static const char bytes[1400];

	if (send(host_of(play, move)->socket, bytes, (size_t)move->what, MSG_NOSIGNAL) !=
	    move->what)
		return refuse(play, "send");
	return true;
}

static bool act_shut(struct play *play, const struct move *move)
{
	if (shutdown(host_of(play, move)->socket, SHUT_WR) < 0)
		return refuse(play, "shutdown");
	return true;
}

static bool close_handle(int *handle)
{
	bool is_closed = close(*handle) == 0;

	*handle = -1;
	return is_closed;
}

static bool act_close(struct play *play, const struct move *move)
{
	return close_handle(&host_of(play, move)->socket) || refuse(play, "close");
}

static bool act_abort(struct play *play, const struct move *move)
{
	struct linger at_once = { .l_onoff = 1, .l_linger = 0 };

	setsockopt(host_of(play, move)->socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	return act_close(play, move);
}

static bool act_stop_listening(struct play *play, const struct move *move)
{
	return close_handle(&host_of(play, move)->listener) || refuse(play, "close");
}

/* ---- What becomes of packets -------------------------------------------------------------------- */

static struct packet *await(struct play *play, const struct move *move, enum progress most)
{
	struct packet *packet = relay_await(play->relay, move->who, (enum kind)move->what, most);

	if (packet == NULL)
		play_fail(play, "no %s from the %s", kind_name((enum kind)move->what),
		          host_name(move->who));
	return packet;
}

static bool carry(struct play *play, struct packet *packet)
{
	if (packet->progress == HAS_LEFT)
		relay_pass(play->relay, packet);
	return relay_arrive(play->relay, packet) || refuse(play, play->relay->err.what);
}

static bool act_go(struct play *play, const struct move *move)
{
	struct packet *packet = await(play, move, HAS_PASSED);

	return packet != NULL && carry(play, packet);
}

static bool act_pass(struct play *play, const struct move *move)
{
	struct packet *packet = await(play, move, HAS_LEFT);

	return packet != NULL && relay_pass(play->relay, packet);
}

static bool act_lose(struct play *play, const struct move *move)
{
	struct packet *packet = await(play, move, HAS_PASSED);

	if (packet != NULL)
		packet->progress = IS_GONE;
	return packet != NULL;
}

/* That which was lost may turn up again, too. */
static bool repeat(struct play *play, const struct move *move, bool in_the_middle)
{
	struct packet *packet =
		relay_find(play->relay, move->who, (enum kind)move->what, HAS_ARRIVED, IS_GONE);

	if (packet == NULL) {
		play_fail(play, "no %s from the %s to repeat", kind_name((enum kind)move->what),
		          host_name(move->who));
		return false;
	}
	packet = relay_copy(play->relay, packet);
	if (packet == NULL)
		return false;
	packet->progress = in_the_middle ? HAS_LEFT : HAS_PASSED;
	return carry(play, packet);
}

static bool act_double(struct play *play, const struct move *move)
{
	return repeat(play, move, true);
}

static bool act_echo(struct play *play, const struct move *move)
{
	return repeat(play, move, false);
}

static bool act_go_wrong(struct play *play, const struct move *move)
{
	const struct move answer = { .who = move->who, .what = SYN_ACK };
	struct packet *packet = await(play, &answer, HAS_LEFT);
	struct packet *wrong;

	if (packet == NULL)
		return false;
	wrong = relay_copy(play->relay, packet);
	return wrong != NULL && relay_rewrite(wrong, move->what) && carry(play, wrong);
}

static bool carry_all(struct play *play)
{
	for (size_t i = 0; i < play->relay->count; i++)
		if (play->relay->packets[i].progress < HAS_ARRIVED &&
		    !carry(play, &play->relay->packets[i]))
			return false;
	return true;
}

static bool act_all_go(struct play *play, const struct move *move)
{
	(void)move;
	do {
		if (!carry_all(play))
			return false;
	} while (relay_hear(play->relay));
	return true;
}

static bool act_seem_to_reset(struct play *play, const struct move *move)
{
	uint32_t expected = play->relay->hosts[!move->who].received;

	return relay_forge(play->relay, move->who, TCP_RST, expected + (uint32_t)move->what, 0);
}

static bool act_seem_to_refuse(struct play *play, const struct move *move)
{
	uint32_t iss = play->relay->hosts[!move->who].iss;

	return relay_forge(play->relay, move->who, TCP_RST | TCP_ACK, 0,
	                   iss + 1 + (uint32_t)move->what);
}

static bool act_seem_to_call(struct play *play, const struct move *move)
{
	uint32_t iss = play->relay->hosts[move->who].iss;

	return relay_forge(play->relay, move->who, TCP_SYN, iss + (uint32_t)move->what, 0);
}

/* ---- And time ----------------------------------------------------------------------------------- */

static bool act_wait(struct play *play, const struct move *move)
{
	play->relay->clock += move->what * TIME_MILLISECOND;
	return true;
}

static bool act_be(struct play *play, const struct move *move)
{
	enum tcp_state state;

	if (!relay_read_state(play->relay, move->who, &state))
		return refuse(play, play->relay->err.what);
	if ((int)state != move->what)
		play_fail(
			play, "to its kernel the %s is in %s instead of %s (there:%s)",
			host_name(move->who), state_name(state),
			state_name((enum tcp_state)move->what),
			play->relay->observers[move->who == CLIENT ? AT_CLIENT : AT_SERVER].trace);
	return true;
}

static bool act_have_to_be(struct play *play, const struct move *move)
{
	enum tcp_state state;

	if (!relay_read_state(play->relay, move->who, &state))
		return refuse(play, play->relay->err.what);
	return (int)state == move->what;
}

static bool act_be_seen(struct play *play, const struct move *move)
{
	const struct flow *flow = relay_flow(play->relay, IN_MIDDLE);
	enum tcp_state state = ST_UNKNOWN;

	if (flow != NULL)
		state = flow_state(flow, relay_side(play->relay, flow, move->who));
	if ((int)state != move->what)
		play_fail(play, "in the middle the %s is seen in %s instead of %s (there:%s)",
		          host_name(move->who), state_name(state),
		          state_name((enum tcp_state)move->what),
		          play->relay->observers[IN_MIDDLE].trace);
	return true;
}

static bool act_judge(struct play *play, const struct move *move)
{
	(void)move;
	while (relay_hear(play->relay))
		;
	play_judge(play);
	return true;
}

static bool (*const acts[])(struct play *, const struct move *) = {
#define X(name, act) [name] = act,
	VERBS(X)
#undef X
};

static bool keeps_quiet(enum verb verb)
{
	return verb == ALL_GO || verb == JUDGED || verb == IS_IN || verb == IS_SEEN_IN ||
	       verb == LATER;
}

void exchange_play(struct relay *relay, const struct exchange *exchange, char *failures,
                   size_t size)
{
	struct play play = {
		.relay = relay, .exchange = exchange, .failures = failures, .size = size
	};
	const struct move *move = exchange->moves;

	relay_set_patience(relay, exchange->is_lossy);
	for (; play.done < exchange->count; move++) {
		play.done++;
		relay->is_quiet = relay->is_quiet && keeps_quiet(move->verb);
		if (!acts[move->verb](&play, move))
			return;
		relay_collect(relay);
	}
	play_judge_whole(&play);
}
