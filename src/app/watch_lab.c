/* watch_lab.c: the lab inside the watch view's one loop: what its list shows, and the services. */

#include "app/watch_lab.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "app/watch_lab_inside.h"
#include "base/text.h"
#include "base/time.h"
#include "lab/scenario.h"
#include "lab/service.h"

/* Steps of one service in a row: its visitors must not keep the screen waiting. */
enum { PATIENCE = 64, PLACE_SIZE = 64, SERVICES_MOST = WATCH_LAB_WAITS - 1 };

/* A service, whether it runs or not. */
struct stall {
	const struct service_row *row;
	struct service *service; /* NULL: it does not run */
	struct wait wait;
	bool is_failed;
	char place[PLACE_SIZE];
};

struct watch_lab {
	struct lab_port port;
	const char *folder;
	bool has_raw_sockets;
	struct run run;
	const struct scenario *scenarios;
	size_t scenario_count;
	struct stall stalls[SERVICES_MOST];
	size_t stall_count;
	int64_t now;
};

/* ---- The list ---------------------------------------------------------------------------------- */

static struct stall *stall_at(struct watch_lab *lab, size_t number)
{
	return &lab->stalls[number - lab->scenario_count];
}

static bool is_scenario(const struct watch_lab *lab, size_t number)
{
	return number < lab->scenario_count;
}

static size_t row_count(void *context)
{
	const struct watch_lab *lab = context;

	return lab->scenario_count + lab->stall_count;
}

struct obstacle {
	const char *whole, *brief; /* NULL: there is none */
};

static struct obstacle scenario_obstacle(const struct watch_lab *lab,
                                         const struct scenario *scenario)
{
	if (scenario->steps == NULL)
		return (struct obstacle){ "a recording only", "recording" };
	if (scenario->needs_raw_sockets && !lab->has_raw_sockets)
		return (struct obstacle){ "needs root or --sandbox", "root" };
	return (struct obstacle){ NULL, NULL };
}

static struct obstacle service_obstacle(const struct watch_lab *lab, const struct service_row *row)
{
	if (row->needs_folder && lab->folder == NULL)
		return (struct obstacle){ "needs a folder: --folder DIR", "--folder DIR" };
	return (struct obstacle){ NULL, NULL };
}

static void show_scenario(const struct watch_lab *lab, size_t number, struct lab_row *row)
{
	const struct scenario *scenario = &lab->scenarios[number];
	struct obstacle obstacle = scenario_obstacle(lab, scenario);
	bool is_mine = lab->run.row == number;

	*row = (struct lab_row){
		.name = scenario->name,
		.summary = scenario->summary,
		.obstacle = obstacle.whole,
		.brief = obstacle.brief,
		.has_states = scenario->client != NULL,
		.is_running = is_mine && run_is_on(&lab->run),
		.is_failed = is_mine && lab->run.failure.what[0] != '\0',
		.place = "",
	};
}

static void show_service(const struct watch_lab *lab, const struct stall *stall,
                         struct lab_row *row)
{
	struct obstacle obstacle = service_obstacle(lab, stall->row);

	*row = (struct lab_row){
		.name = stall->row->name,
		.summary = stall->row->summary,
		.obstacle = obstacle.whole,
		.brief = obstacle.brief,
		.is_service = true,
		.has_states = stall->row->protocol == PROTOCOL_TCP,
		.is_running = stall->service != NULL,
		.is_failed = stall->is_failed,
		.place = stall->place,
	};
}

static void show_row(void *context, size_t number, struct lab_row *row)
{
	struct watch_lab *lab = context;

	if (is_scenario(lab, number))
		show_scenario(lab, number, row);
	else
		show_service(lab, stall_at(lab, number), row);
}

/* ---- Starting and stopping --------------------------------------------------------------------- */

static void close_stall(struct stall *stall)
{
	service_free(stall->service);
	stall->service = NULL;
	stall->place[0] = '\0';
}

static int open_stall(struct watch_lab *lab, struct stall *stall, struct error *err)
{
	struct service_options options = { .folder = lab->folder };
	struct text place = text_over(stall->place, sizeof stall->place);

	if (stall->service != NULL)
		return 0;
	stall->service = service_new(stall->row, &options, err);
	stall->is_failed = stall->service == NULL;
	if (stall->is_failed)
		return -1;
	service_place(stall->service, &place);
	stall->wait = (struct wait){ .descriptor = -1, .due = lab->now };
	return 0;
}

static int start(void *context, size_t number, bool stepwise, struct error *err)
{
	struct watch_lab *lab = context;
	struct lab_row row;

	show_row(lab, number, &row);
	if (row.obstacle != NULL) {
		error_set(err, "%s: %s", row.name, row.obstacle);
		return -1;
	}
	if (row.is_service)
		return open_stall(lab, stall_at(lab, number), err);
	return run_start(&lab->run, &lab->scenarios[number], number, stepwise, err);
}

static void stop(void *context, size_t number)
{
	struct watch_lab *lab = context;

	if (!is_scenario(lab, number))
		close_stall(stall_at(lab, number));
	else if (lab->run.row == number)
		run_stop(&lab->run);
}

static void ask_for_next_act(void *context)
{
	struct watch_lab *lab = context;

	lab->run.is_asked = run_is_on(&lab->run) && !lab->run.is_acting;
}

/* ---- What it does, and did --------------------------------------------------------------------- */

static void show_script(void *context, struct lab_script *script)
{
	struct watch_lab *lab = context;

	run_script(&lab->run, script);
}

static void show_line(void *context, size_t line, struct text *text)
{
	const struct watch_lab *lab = context;

	run_line(&lab->run, line, text);
}

static bool stall_owns(const struct stall *stall, const struct flow *flow)
{
	static const struct address loopback = { { 127, 0, 0, 1 } };

	return stall->service != NULL && flow->key.protocol == stall->row->protocol &&
	       flow->key.port[SERVER] == service_port(stall->service) &&
	       address_equal(&flow->key.address[SERVER], &loopback);
}

static bool owns(void *context, const struct flow *flow)
{
	const struct watch_lab *lab = context;

	for (size_t i = 0; i < lab->stall_count; i++)
		if (stall_owns(&lab->stalls[i], flow))
			return true;
	return run_owns(&lab->run, flow);
}

/* ---- For the loop ------------------------------------------------------------------------------ */

/* Asking the kernel beats reading capabilities: seccomp and containers have their say, too. */
static bool can_open_raw_sockets(void)
{
	int descriptor = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);

	if (descriptor >= 0)
		close(descriptor);
	return descriptor >= 0;
}

struct watch_lab *watch_lab_new(const struct settings *settings, const struct tracker *tracker,
                                struct error *err)
{
	struct watch_lab *lab = calloc(1, sizeof *lab);
	const struct service_row *rows;
	size_t count;

	if (lab == NULL) {
		error_set(err, "out of memory");
		return NULL;
	}
	lab->port = (struct lab_port){
		.context = lab,
		.count = row_count,
		.row = show_row,
		.run = start,
		.stop = stop,
		.next_act = ask_for_next_act,
		.script = show_script,
		.line = show_line,
		.owns = owns,
	};
	lab->folder = settings->folder;
	lab->has_raw_sockets = can_open_raw_sockets();
	lab->scenarios = scenarios(&lab->scenario_count);
	rows = service_rows(&count);
	for (size_t i = 0; i < count && i < SERVICES_MOST; i++)
		lab->stalls[lab->stall_count++].row = &rows[i];
	run_init(&lab->run, tracker);
	return lab;
}

void watch_lab_free(struct watch_lab *lab)
{
	if (lab == NULL)
		return;
	for (size_t i = 0; i < lab->stall_count; i++)
		close_stall(&lab->stalls[i]);
	run_free(&lab->run);
	free(lab);
}

const struct lab_port *watch_lab_port(struct watch_lab *lab)
{
	return &lab->port;
}

void watch_lab_hear(struct watch_lab *lab, const struct segment *segment)
{
	run_hear(&lab->run, segment);
}

/* Returns whether its row looks different now. */
static bool serve(struct stall *stall, int64_t now)
{
	enum machine_outcome outcome = MACHINE_WORKED;
	struct error err;

	if (stall->service == NULL)
		return false;
	for (int i = 0; outcome == MACHINE_WORKED && i < PATIENCE; i++)
		outcome = service_step(stall->service, now, &stall->wait, &err);
	if (outcome == MACHINE_WORKED)
		stall->wait = (struct wait){ .descriptor = -1, .due = now };
	if (outcome != MACHINE_FAILED)
		return false;
	close_stall(stall);
	stall->is_failed = true;
	return true;
}

bool watch_lab_step(struct watch_lab *lab, int64_t now)
{
	bool has_changed = run_step(&lab->run, now);

	lab->now = now;
	for (size_t i = 0; i < lab->stall_count; i++)
		has_changed |= serve(&lab->stalls[i], now);
	return has_changed;
}

size_t watch_lab_waits(const struct watch_lab *lab, struct wait *waits, size_t most)
{
	size_t count = 0;
	struct wait wait;

	if (run_wait(&lab->run, &wait) && count < most)
		waits[count++] = wait;
	for (size_t i = 0; i < lab->stall_count && count < most; i++)
		if (lab->stalls[i].service != NULL)
			waits[count++] = lab->stalls[i].wait;
	return count;
}
