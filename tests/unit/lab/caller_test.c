/* caller_test.c: the clients of the services, against ours and against plain sockets. */

#include <criterion/criterion.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lab/service.h"

enum { TURNS = 5000 };

struct talk {
	struct service *service;
	struct caller *caller;
	int input[2];
	int64_t now;
	enum machine_outcome outcome;
	struct error err;
	size_t count;
	char heard[8192];
};

static void hear(void *context, const void *bytes, size_t count)
{
	struct talk *talk = context;

	cr_assert_lt(talk->count + count, sizeof(talk->heard));
	memcpy(talk->heard + talk->count, bytes, count);
	talk->count += count;
}

static void call(struct talk *talk, const char *name, uint16_t port)
{
	struct caller_options options = { .port = port, .hear = hear, .context = talk };

	cr_assert_eq(pipe(talk->input), 0);
	options.input = talk->input[0];
	talk->outcome = MACHINE_WAITS;
	talk->caller = caller_new(service_find(name), &options, &talk->err);
}

static void begin(struct talk *talk, const char *name)
{
	struct service_options options = { .any_port = true };

	*talk = (struct talk){ .now = 1 };
	talk->service = service_new(service_find(name), &options, &talk->err);
	cr_assert_not_null(talk->service, "%s", talk->err.what);
	call(talk, name, service_port(talk->service));
	cr_assert_not_null(talk->caller, "%s", talk->err.what);
}

static void end(struct talk *talk)
{
	caller_free(talk->caller);
	service_free(talk->service);
	close(talk->input[0]);
}

static void turn(struct talk *talk)
{
	struct pollfd polls[2] = { { .fd = -1 }, { .fd = -1 } };
	struct error err = { 0 };
	struct wait wait;

	if (talk->service != NULL) {
		service_step(talk->service, talk->now, &wait, &err);
		polls[0] = (struct pollfd){ .fd = wait.descriptor, .events = wait.events };
	}
	talk->outcome = caller_step(talk->caller, talk->now, &wait, &talk->err);
	polls[1] = (struct pollfd){ .fd = wait.descriptor, .events = wait.events };
	if (talk->outcome == MACHINE_WAITS)
		poll(polls, 2, 2);
}

static void say(struct talk *talk, const char *words)
{
	cr_assert_eq(write(talk->input[1], words, strlen(words)), (ssize_t)strlen(words));
}

static void expect_hears(struct talk *talk, const char *words)
{
	for (int i = 0; i < TURNS && strstr(talk->heard, words) == NULL &&
	                talk->outcome >= MACHINE_WAITS && talk->outcome != MACHINE_OVER;
	     i++)
		turn(talk);
	cr_expect_not_null(strstr(talk->heard, words), "\"%s\" instead of \"%s\"", talk->heard,
	                   words);
}

static void expect_outcome(struct talk *talk, enum machine_outcome outcome)
{
	for (int i = 0; i < TURNS && talk->outcome != outcome; i++)
		turn(talk);
	cr_expect_eq(talk->outcome, outcome);
}

Test(caller, talks_to_echo_and_hears_the_rest_after_its_goodbye)
{
	struct talk talk;

	begin(&talk, "echo");
	say(&talk, "hello\nwor");
	say(&talk, "ld");
	close(talk.input[1]);
	expect_hears(&talk, "hello\nworld");
	expect_outcome(&talk, MACHINE_OVER);
	end(&talk);
}

Test(caller, puts_lines_into_frames_and_takes_answers_out_of_them)
{
	struct talk talk;

	begin(&talk, "exec");
	say(&talk, "pwd\nnonsense\nbye\n");
	expect_hears(&talk, "/\nunknown command: nonsense\n");
	expect_hears(&talk, "bye\n");
	expect_outcome(&talk, MACHINE_OVER);
	cr_expect_eq(talk.heard[0], '/', "no length is left in front");
	close(talk.input[1]);
	end(&talk);
}

Test(caller, is_over_when_the_server_says_goodbye)
{
	struct talk talk;

	begin(&talk, "chat");
	say(&talk, "bye\n");
	expect_hears(&talk, "you are guest 1; 0 others are here; say bye to leave\nbye\n");
	expect_outcome(&talk, MACHINE_OVER);
	close(talk.input[1]);
	end(&talk);
}

Test(caller, sends_a_line_a_datagram_and_waits_a_second_for_the_last_answer)
{
	struct talk talk;

	begin(&talk, "udp-echo");
	say(&talk, "one\ntwo\n");
	close(talk.input[1]);
	expect_hears(&talk, "one\ntwo\n");
	expect_outcome(&talk, MACHINE_WAITS);
	talk.now += 2 * TIME_SECOND;
	expect_outcome(&talk, MACHINE_OVER);
	end(&talk);
}

Test(caller, reads_lines_from_a_file)
{
	struct talk talk;
	FILE *file = tmpfile();

	fputs("from a file\n", file);
	fflush(file);
	rewind(file);
	begin(&talk, "echo");
	close(talk.input[0]);
	close(talk.input[1]);
	caller_free(talk.caller);
	talk.input[0] = fileno(file);
	talk.caller = caller_new(service_find("echo"),
	                         &(struct caller_options){ .port = service_port(talk.service),
	                                                   .input = fileno(file),
	                                                   .hear = hear,
	                                                   .context = &talk },
	                         &talk.err);
	expect_hears(&talk, "from a file\n");
	expect_outcome(&talk, MACHINE_OVER);
	caller_free(talk.caller);
	service_free(talk.service);
	fclose(file);
}

/* As `nc -l` is: nobody's protocol at the other end. */
Test(caller, talks_to_a_plain_listener)
{
	struct sockaddr_in place = { .sin_family = AF_INET };
	socklen_t length = sizeof(place);
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	struct talk talk = { .now = 1 };
	char got[16] = "";
	int plain;

	place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	cr_assert_eq(bind(listener, (struct sockaddr *)&place, length), 0);
	cr_assert_eq(listen(listener, 1), 0);
	cr_assert_eq(getsockname(listener, (struct sockaddr *)&place, &length), 0);
	call(&talk, "chat", ntohs(place.sin_port));
	cr_assert_not_null(talk.caller, "%s", talk.err.what);
	plain = accept(listener, NULL, NULL);
	cr_assert_eq(send(plain, "hi\n", 3, 0), 3);
	expect_hears(&talk, "hi\n");
	say(&talk, "hello\n");
	for (int i = 0; i < TURNS && recv(plain, got, sizeof(got) - 1, MSG_DONTWAIT) <= 0; i++)
		turn(&talk);
	cr_expect_str_eq(got, "hello\n");
	close(plain);
	expect_outcome(&talk, MACHINE_OVER);
	close(talk.input[1]);
	close(listener);
	end(&talk);
}

Test(caller, says_who_refused_and_what_would_help)
{
	struct sockaddr_in place = { .sin_family = AF_INET };
	socklen_t length = sizeof(place);
	int holder = socket(AF_INET, SOCK_STREAM, 0);
	struct talk talk = { .now = 1 };
	char expected[64];

	place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	cr_assert_eq(bind(holder, (struct sockaddr *)&place, length), 0); /* bound, not listening */
	cr_assert_eq(getsockname(holder, (struct sockaddr *)&place, &length), 0);
	call(&talk, "echo", ntohs(place.sin_port));
	if (talk.caller != NULL)
		expect_outcome(&talk, MACHINE_FAILED);
	snprintf(expected, sizeof(expected), "127.0.0.1:%d: Connection refused",
	         ntohs(place.sin_port));
	cr_expect_str_eq(talk.err.what, expected);
	cr_expect_str_eq(talk.err.remedy, "to serve there: shakedown lab serve echo");
	close(talk.input[1]);
	close(holder);
	end(&talk);
}
