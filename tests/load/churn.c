/*
 * churn.c: connections on loopback that open and close, so many in a second, for so long.
 *
 * usage: churn RATE SECONDS HELD
 *
 * First HELD connections are made that stay open until the end; then RATE a second,
 * each from handshake to close. Client and server are this process, and on loopback all that a
 * call sets in motion has happened when it returns: no connection waits for another. The
 * side that closes first, and then sits in TIME_WAIT, alternates; the server's address
 * goes round, so that no port of the client's is wanted again too early. At the end, or
 * at SIGTERM, it says what it reached: "N + HELD connections in S seconds: R per second".
 */

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { ADDRESSES = 200, BATCH = 20, HELD_MOST = 200, SECONDS_MOST = 60, RATE_MOST = 100000 };

static volatile sig_atomic_t is_told_to_end;

static void end(int signal)
{
	(void)signal;
	is_told_to_end = 1;
}

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static int fail(const char *what)
{
	fprintf(stderr, "churn: ");
	perror(what);
	return -1;
}

/* At every address of the loopback network; its port is the kernel's choice. */
static int listener_open(struct sockaddr_in *place)
{
	socklen_t size = sizeof(*place);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	*place = (struct sockaddr_in){ .sin_family = AF_INET };
	if (listener < 0 || bind(listener, (struct sockaddr *)place, sizeof(*place)) < 0 ||
	    listen(listener, 64) < 0 || getsockname(listener, (struct sockaddr *)place, &size) < 0)
		return fail("listen");
	return listener;
}

static int connection_open(int listener, struct sockaddr_in *place, uint32_t number, int ends[2])
{
	place->sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + number % ADDRESSES);
	ends[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (ends[0] < 0 || connect(ends[0], (struct sockaddr *)place, sizeof(*place)) < 0)
		return fail("connect");
	ends[1] = accept(listener, NULL, NULL);
	return ends[1] < 0 ? fail("accept") : 0;
}

static void connection_close(const int ends[2], uint32_t number)
{
	close(ends[number % 2]);
	close(ends[1 - number % 2]);
}

static void rest_until(int64_t due)
{
	struct timespec time = { .tv_sec = due / 1000000000, .tv_nsec = due % 1000000000 };

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL);
}

/* Where it falls behind it hurries, but only for what the latest tenth of a second missed. */
static int run(int listener, struct sockaddr_in *place, uint32_t rate, int64_t span, uint32_t held)
{
	int64_t start = now(), due = start, step = INT64_C(1000000000) * BATCH / rate;
	uint32_t made = 0;
	double seconds;

	while (!is_told_to_end && now() < start + span) {
		for (int i = 0; i < BATCH; i++, made++) {
			int ends[2];

			if (connection_open(listener, place, made, ends) < 0)
				return EXIT_FAILURE;
			connection_close(ends, made);
		}
		due += step;
		if (due < now() - 100000000)
			due = now() - 100000000;
		rest_until(due);
	}
	seconds = (double)(now() - start) / 1e9;
	printf("%u + %u connections in %.1f seconds: %.0f per second\n", made, held, seconds,
	       made / seconds);
	return EXIT_SUCCESS;
}

static long number_of(const char *word, long most)
{
	char *rest;
	long number = strtol(word, &rest, 10);

	return *rest == '\0' && number > 0 && number <= most ? number : -1;
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = end };
	long rate = argc == 4 ? number_of(argv[1], RATE_MOST) : -1;
	long seconds = argc == 4 ? number_of(argv[2], SECONDS_MOST) : -1;
	long held = argc == 4 ? number_of(argv[3], HELD_MOST) : -1;
	struct sockaddr_in place;
	int listener;

	if (rate < 0 || seconds < 0 || held < 0) {
		fprintf(stderr, "usage: churn RATE SECONDS HELD\n");
		return 2;
	}
	sigaction(SIGTERM, &action, NULL);
	listener = listener_open(&place);
	if (listener < 0)
		return EXIT_FAILURE;
	for (uint32_t i = 0; i < (uint32_t)held; i++) {
		int ends[2]; /* closed at exit */

		if (connection_open(listener, &place, i, ends) < 0)
			return EXIT_FAILURE;
	}
	return run(listener, &place, (uint32_t)rate, seconds * INT64_C(1000000000), (uint32_t)held);
}
