/* watch_lab_test.c: scenarios and services through the port, with real sockets and nobody listening. */

#include "app/watch_lab.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lab/scenario.h"
#include "track/tracker.h"

enum { TURNS = 2000 };

/* Time passes only where nothing else can be waited for. */
struct bench {
	struct settings settings;
	struct watch_lab *lab;
	const struct lab_port *port;
	int64_t now;
};

static void begin(struct bench *bench, const struct tracker *tracker)
{
	struct error err;

	*bench = (struct bench){ .now = TIME_SECOND };
	bench->lab = watch_lab_new(&bench->settings, tracker, &err);
	cr_assert_not_null(bench->lab);
	bench->port = watch_lab_port(bench->lab);
}

/* That there is one, and so somebody who listens, is what counts. */
static struct tracker *any_tracker(void)
{
	struct tracker_options options = tracker_defaults();
	struct error err;
	struct tracker *tracker;

	options.max_flows = options.keep = 16;
	tracker = tracker_new(&options, &err);
	cr_assert_not_null(tracker, "%s", err.what);
	return tracker;
}

static size_t row_named(const struct bench *bench, const char *name, bool is_service)
{
	struct lab_row row;

	for (size_t i = 0; i < bench->port->count(bench->port->context); i++) {
		bench->port->row(bench->port->context, i, &row);
		if (strcmp(row.name, name) == 0 && row.is_service == is_service)
			return i;
	}
	cr_assert_fail("no row %s", name);
	return 0;
}

static struct lab_row row_at(const struct bench *bench, size_t number)
{
	struct lab_row row;

	bench->port->row(bench->port->context, number, &row);
	return row;
}

static struct lab_script script_of(const struct bench *bench)
{
	struct lab_script script;

	bench->port->script(bench->port->context, &script);
	return script;
}

static void run(struct bench *bench, const char *name, bool is_service, bool stepwise)
{
	struct error err = { .what = "" };
	size_t number = row_named(bench, name, is_service);

	cr_assert_eq(bench->port->run(bench->port->context, number, stepwise, &err), 0, "%s",
	             err.what);
}

/* As the loop does: step, then wait for what it waits for. */
static void turn(struct bench *bench)
{
	struct wait waits[WATCH_LAB_WAITS];
	struct pollfd polls[WATCH_LAB_WAITS];
	size_t count;
	int64_t due = TIME_NONE;
	int ready;

	watch_lab_step(bench->lab, bench->now);
	count = watch_lab_waits(bench->lab, waits, WATCH_LAB_WAITS);
	for (size_t i = 0; i < count; i++) {
		polls[i] = (struct pollfd){ .fd = waits[i].descriptor, .events = waits[i].events };
		if (waits[i].due != TIME_NONE && (due == TIME_NONE || waits[i].due < due))
			due = waits[i].due;
	}
	ready = poll(polls, (nfds_t)count, due == TIME_NONE || due > bench->now ? 20 : 0);
	if (ready == 0 && due != TIME_NONE && due > bench->now)
		bench->now = due;
}

static void turn_until_done(struct bench *bench, size_t done)
{
	for (int i = 0; i < TURNS && script_of(bench).done < done; i++)
		turn(bench);
	cr_assert_eq(script_of(bench).done, done, "%s", script_of(bench).failure);
}

static void expect_line(const struct bench *bench, size_t line, const char *expected)
{
	char storage[160];
	struct text text = text_over(storage, sizeof storage);

	bench->port->line(bench->port->context, line, &text);
	cr_expect(strncmp(storage, expected, strlen(expected)) == 0, "%s", storage);
}

Test(watch_lab, lists_every_scenario_and_then_every_service)
{
	struct bench bench;
	size_t count;

	begin(&bench, NULL);
	scenarios(&count);
	cr_expect_str_eq(row_at(&bench, 0).name, "echo");
	cr_expect(!row_at(&bench, count - 1).is_service);
	cr_expect(row_at(&bench, count).is_service);
	cr_expect_str_eq(row_at(&bench, count).name, "echo");
	cr_expect_eq(script_of(&bench).row, SIZE_MAX);
	watch_lab_free(bench.lab);
}

Test(watch_lab, says_what_stands_in_the_way)
{
	struct bench bench;
	struct error err = { .what = "" };
	size_t story, files;

	begin(&bench, NULL);
	story = row_named(&bench, "crossing-fins", false);
	files = row_named(&bench, "files", true);
	cr_expect_str_eq(row_at(&bench, story).obstacle, "a recording only");
	cr_expect_str_eq(row_at(&bench, story).brief, "recording");
	cr_expect_str_eq(row_at(&bench, files).obstacle, "needs a folder: --folder DIR");
	cr_expect_str_eq(row_at(&bench, files).brief, "--folder DIR");
	cr_expect_null(row_at(&bench, 0).obstacle);
	cr_expect_eq(bench.port->run(bench.port->context, story, false, &err), -1);
	cr_expect_str_eq(err.what, "crossing-fins: a recording only");
	cr_expect_eq(script_of(&bench).row, SIZE_MAX);
	watch_lab_free(bench.lab);
}

Test(watch_lab, knows_which_have_states)
{
	struct bench bench;

	begin(&bench, NULL);
	cr_expect(row_at(&bench, row_named(&bench, "echo", false)).has_states);
	cr_expect(row_at(&bench, row_named(&bench, "chat", true)).has_states);
	cr_expect_not(row_at(&bench, row_named(&bench, "udp-echo", false)).has_states);
	cr_expect_not(row_at(&bench, row_named(&bench, "udp-refused", false)).has_states);
	cr_expect_not(row_at(&bench, row_named(&bench, "udp-chat", true)).has_states);
	watch_lab_free(bench.lab);
}

Test(watch_lab, serves_files_once_a_folder_is_named)
{
	struct bench bench;
	struct settings settings = { .folder = "/" };
	struct error err;

	begin(&bench, NULL);
	watch_lab_free(bench.lab);
	bench.lab = watch_lab_new(&settings, NULL, &err);
	bench.port = watch_lab_port(bench.lab);
	cr_expect_null(row_at(&bench, row_named(&bench, "files", true)).obstacle);
	watch_lab_free(bench.lab);
}

Test(watch_lab, runs_a_scenario_to_its_end)
{
	struct bench bench;

	begin(&bench, NULL);
	run(&bench, "half-close", false, false);
	cr_expect(row_at(&bench, script_of(&bench).row).is_running);
	turn_until_done(&bench, script_of(&bench).lines);
	cr_expect(script_of(&bench).is_over);
	cr_expect(!row_at(&bench, script_of(&bench).row).is_running);
	cr_expect_str_eq(script_of(&bench).failure, "");
	watch_lab_free(bench.lab);
}

Test(watch_lab, does_one_act_per_key)
{
	struct bench bench;

	begin(&bench, NULL);
	run(&bench, "echo", false, true);
	for (int i = 0; i < 10; i++)
		turn(&bench);
	cr_expect_eq(script_of(&bench).done, 0);
	expect_line(&bench, 0, "server listens on a free port");
	for (size_t done = 1; done <= script_of(&bench).lines; done++) {
		bench.port->next_act(bench.port->context);
		turn_until_done(&bench, done);
		for (int i = 0; i < 5; i++)
			turn(&bench);
		cr_expect_eq(script_of(&bench).done, done);
	}
	expect_line(&bench, 0, "server listens on 127.0.0.1:");
	cr_expect(script_of(&bench).is_over);
	watch_lab_free(bench.lab);
}

Test(watch_lab, is_quiet_some_time_after_an_act_that_somebody_listens_to)
{
	struct bench bench;
	struct tracker *tracker = any_tracker();

	begin(&bench, tracker);
	run(&bench, "echo", false, true);
	cr_expect(script_of(&bench).is_quiet);
	bench.port->next_act(bench.port->context);
	cr_expect(!script_of(&bench).is_quiet);
	watch_lab_step(bench.lab, bench.now);
	cr_expect_eq(script_of(&bench).done, 1);
	cr_expect(!watch_lab_step(bench.lab, bench.now + 259 * TIME_MILLISECOND));
	cr_expect(!script_of(&bench).is_quiet);
	cr_expect(watch_lab_step(bench.lab, bench.now + 260 * TIME_MILLISECOND));
	cr_expect(script_of(&bench).is_quiet);
	watch_lab_free(bench.lab);
	tracker_free(tracker);
}

/* A SYN to where the server listens, from port 9 of the same address. */
static struct segment syn_to_server(const struct bench *bench)
{
	static const struct address loopback = { { 127, 0, 0, 1 } };
	struct segment segment = { .kind = SEGMENT_TCP,
		                   .family = FAMILY_IPV4,
		                   .flags = TCP_SYN,
		                   .source = loopback,
		                   .destination = loopback,
		                   .source_port = 9 };
	char storage[160];
	struct text text = text_over(storage, sizeof storage);

	bench->port->line(bench->port->context, 0, &text);
	segment.destination_port = (uint16_t)strtoul(strrchr(storage, ':') + 1, NULL, 10);
	return segment;
}

Test(watch_lab, hears_only_its_own_segments)
{
	struct bench bench;
	struct tracker *tracker = any_tracker();
	struct segment syn;

	begin(&bench, tracker);
	run(&bench, "echo", false, true);
	bench.port->next_act(bench.port->context);
	turn_until_done(&bench, 1);
	syn = syn_to_server(&bench);
	watch_lab_hear(bench.lab, &syn);
	cr_expect(watch_lab_step(bench.lab, bench.now + 260 * TIME_MILLISECOND));
	cr_expect(script_of(&bench).is_quiet);
	/* Both ends at the server's place: the only segment of its own that can be made up here. */
	syn.source_port = syn.destination_port;
	bench.now += TIME_SECOND / 2;
	watch_lab_hear(bench.lab, &syn);
	watch_lab_step(bench.lab, bench.now);
	cr_expect(!script_of(&bench).is_quiet);
	cr_expect(watch_lab_step(bench.lab, bench.now + 260 * TIME_MILLISECOND));
	watch_lab_free(bench.lab);
	tracker_free(tracker);
}

Test(watch_lab, paces_the_acts_of_a_run_for_people)
{
	struct bench bench;
	struct tracker *tracker = any_tracker();
	struct wait wait;

	begin(&bench, tracker);
	run(&bench, "echo", false, false);
	watch_lab_step(bench.lab, bench.now);
	cr_expect_eq(script_of(&bench).done, 1);
	cr_assert_eq(watch_lab_waits(bench.lab, &wait, 1), 1);
	cr_expect_eq(wait.due, bench.now + 260 * TIME_MILLISECOND);
	watch_lab_step(bench.lab, wait.due - 1);
	cr_expect_eq(script_of(&bench).done, 1);
	watch_lab_step(bench.lab, wait.due);
	watch_lab_waits(bench.lab, &wait, 1);
	cr_expect(script_of(&bench).done == 2 || wait.descriptor >= 0, "it did not even begin");
	watch_lab_free(bench.lab);
	tracker_free(tracker);
}

static int connect_to(const char *place)
{
	struct sockaddr_in there = { .sin_family = AF_INET };
	int descriptor = socket(AF_INET, SOCK_STREAM, 0);

	there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	there.sin_port = htons((uint16_t)strtoul(strrchr(place, ':') + 1, NULL, 10));
	if (connect(descriptor, (struct sockaddr *)&there, sizeof there) < 0) {
		close(descriptor);
		return -1;
	}
	return descriptor;
}

Test(watch_lab, closes_what_a_stopped_scenario_left_open)
{
	struct bench bench;
	char storage[160];
	struct text text = text_over(storage, sizeof storage);
	int descriptor;

	begin(&bench, NULL);
	run(&bench, "echo", false, true);
	bench.port->next_act(bench.port->context);
	turn_until_done(&bench, 1);
	bench.port->line(bench.port->context, 0, &text);
	bench.port->stop(bench.port->context, row_named(&bench, "refused", false));
	descriptor = connect_to(storage);
	cr_expect_geq(descriptor, 0, "another row was stopped");
	close(descriptor);
	bench.port->stop(bench.port->context, script_of(&bench).row);
	cr_expect_eq(connect_to(storage), -1);
	watch_lab_free(bench.lab);
}

Test(watch_lab, remembers_the_script_of_what_was_stopped)
{
	struct bench bench;
	size_t number;

	begin(&bench, NULL);
	run(&bench, "echo", false, true);
	number = script_of(&bench).row;
	bench.port->next_act(bench.port->context);
	turn_until_done(&bench, 1);
	bench.port->stop(bench.port->context, number);
	cr_expect(!row_at(&bench, number).is_running);
	cr_expect(script_of(&bench).is_over);
	cr_expect_eq(script_of(&bench).done, 1);
	cr_expect_eq(script_of(&bench).lines, 10);
	expect_line(&bench, 0, "server listens on 127.0.0.1:");
	bench.port->next_act(bench.port->context);
	turn(&bench);
	cr_expect_eq(script_of(&bench).done, 1);
	watch_lab_free(bench.lab);
}

Test(watch_lab, frees_the_scenario_before_when_another_starts)
{
	struct bench bench;
	size_t first;

	begin(&bench, NULL);
	run(&bench, "echo", false, true);
	first = script_of(&bench).row;
	run(&bench, "refused", false, false);
	cr_expect(!row_at(&bench, first).is_running);
	cr_expect_neq(script_of(&bench).row, first);
	turn_until_done(&bench, script_of(&bench).lines);
	cr_expect_str_eq(script_of(&bench).failure, "");
	watch_lab_free(bench.lab);
}

/* What came back within some turns of the loop. */
static size_t hear_back(struct bench *bench, int descriptor, char *heard, size_t size)
{
	ssize_t got = -1;

	for (int i = 0; i < TURNS && got <= 0; i++) {
		turn(bench);
		got = recv(descriptor, heard, size, MSG_DONTWAIT);
	}
	return got > 0 ? (size_t)got : 0;
}

Test(watch_lab, serves_until_it_is_stopped_and_beside_a_scenario)
{
	struct bench bench;
	char place[64], heard[16] = "";
	size_t number;
	int descriptor;

	begin(&bench, NULL);
	number = row_named(&bench, "chat", true);
	run(&bench, "chat", true, false);
	run(&bench, "echo", true, false);
	run(&bench, "refused", false, false);
	cr_assert(row_at(&bench, number).is_running);
	strcpy(place, row_at(&bench, row_named(&bench, "echo", true)).place);
	cr_expect_str_eq(place, "127.0.0.1:7007");
	descriptor = connect_to(place);
	cr_assert_geq(descriptor, 0);
	cr_assert_eq(send(descriptor, "hello", 5, 0), 5);
	cr_expect_eq(hear_back(&bench, descriptor, heard, sizeof heard), 5);
	cr_expect_str_eq(heard, "hello");
	turn_until_done(&bench, script_of(&bench).lines);
	bench.port->stop(bench.port->context, row_named(&bench, "echo", true));
	cr_expect_str_eq(row_at(&bench, row_named(&bench, "echo", true)).place, "");
	cr_expect_eq(connect_to(place), -1);
	cr_expect(row_at(&bench, number).is_running);
	close(descriptor);
	watch_lab_free(bench.lab);
}

Test(watch_lab, marks_a_service_whose_port_is_taken)
{
	struct bench bench, other;
	struct error err = { .what = "" };
	size_t number;

	begin(&bench, NULL);
	begin(&other, NULL);
	number = row_named(&bench, "udp-chat", true);
	run(&bench, "udp-chat", true, false);
	cr_expect_eq(other.port->run(other.port->context, number, false, &err), -1);
	cr_expect(strstr(err.what, "cannot serve on 127.0.0.1:7008") != NULL, "%s", err.what);
	cr_expect(row_at(&other, number).is_failed);
	watch_lab_free(other.lab);
	watch_lab_free(bench.lab);
}

Test(watch_lab, owns_what_is_at_a_running_service)
{
	struct bench bench;
	struct flow flow = { .key = { .address = { { { 127, 0, 0, 1 } }, { { 127, 0, 0, 1 } } },
		                      .port = { 40000, 7007 },
		                      .family = FAMILY_IPV4,
		                      .protocol = PROTOCOL_UDP } };

	begin(&bench, NULL);
	cr_expect(!bench.port->owns(bench.port->context, &flow));
	run(&bench, "udp-echo", true, false);
	cr_expect(bench.port->owns(bench.port->context, &flow));
	flow.key.protocol = PROTOCOL_TCP;
	cr_expect(!bench.port->owns(bench.port->context, &flow));
	watch_lab_free(bench.lab);
}
