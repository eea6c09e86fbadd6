/* serve_exec.c: remote commands, from a list of harmless ones, without a shell. */

/*
 * What the client says is only looked up: no part of it reaches a command line.
 * A command gets no input, an environment of two words, bounded time, and
 * room for one frame of output.
 */

#define _GNU_SOURCE /* pipe2, posix_spawn's chdir */

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <unistd.h>

#include "lab/visitor.h"

struct command_row {
	const char *name;
	const char *argv[4]; /* the absolute path first */
};

/* clang-format off */
static const struct command_row commands[] = {
	{ "cal",      { "/usr/bin/cal" } },
	{ "date",     { "/bin/date" } },
	{ "hostname", { "/bin/hostname" } },
	{ "id",       { "/usr/bin/id" } },
	{ "ls",       { "/bin/ls" } },
	{ "pwd",      { "/bin/pwd" } },
	{ "uname",    { "/bin/uname", "-srm" } },
	{ "uptime",   { "/usr/bin/uptime" } },
	{ "who",      { "/usr/bin/who" } },
	{ "whoami",   { "/usr/bin/whoami" } },
};
/* clang-format on */

enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

static const struct command_row *find_command(const char *name)
{
	for (size_t i = 0; i < COMMANDS; i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

/* ---- Answers ------------------------------------------------------------------------------------ */

static void send_frame(struct visitor *visitor, const void *bytes, size_t count)
{
	uint8_t header[FRAME_HEADER];

	frame_header(header, (uint32_t)count);
	visitor_send(visitor, header, sizeof(header));
	visitor_send(visitor, bytes, count);
}

static void say_frame(struct visitor *visitor, const char *words)
{
	send_frame(visitor, words, strlen(words));
}

static void say_what_is_known(struct visitor *visitor, const char *name)
{
	char storage[512];
	struct text text = text_over(storage, sizeof(storage));

	text_format(&text, "unknown command: %.64s\nI know:", name);
	for (size_t i = 0; i < COMMANDS; i++)
		text_format(&text, " %s", commands[i].name);
	text_add(&text, " bye\n");
	say_frame(visitor, storage);
	service_tell(visitor->service, "client %u was refused a command", visitor->number);
}

/* ---- Running ------------------------------------------------------------------------------------ */

static int spawn(const struct command_row *row, int output, pid_t *child)
{
	char *const environment[] = { (char[]){ "PATH=/usr/bin:/bin" }, (char[]){ "LC_ALL=C" },
		                      NULL };
	char *argv[sizeof(row->argv) / sizeof(row->argv[0]) + 1] = { NULL };
	posix_spawn_file_actions_t actions;
	int result;

	memcpy(argv, row->argv, sizeof(row->argv));
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
	posix_spawn_file_actions_addchdir_np(&actions, "/");
	result = posix_spawn(child, row->argv[0], &actions, NULL, argv, environment);
	posix_spawn_file_actions_destroy(&actions);
	return result;
}

static void run(struct visitor *visitor, const struct command_row *row)
{
	int ends[2];
	int result;

	if (pipe2(ends, O_CLOEXEC) < 0) {
		say_frame(visitor, "no room for that now\n");
		return;
	}
	result = spawn(row, ends[1], &visitor->child);
	close(ends[1]);
	if (result != 0) {
		visitor->child = 0;
		close(ends[0]);
		say_frame(visitor, "that command is not installed here\n");
		return;
	}
	service_tell(visitor->service, "client %u runs %s", visitor->number, row->name);
	visitor->deadline = visitor->service->now + SERVICE_TASK_SECONDS * TIME_SECOND;
	visitor->answer_count = 0;
	/* Only our end: a command may be surprised by a full pipe that does not block. */
	if (fcntl(ends[0], F_SETFL, O_NONBLOCK) < 0 || visitor_watch_task(visitor, ends[0]) < 0)
		visitor_dismiss(visitor, "its command cannot be watched");
}

static void exec_go_on(struct visitor *visitor)
{
	uint8_t rest[4096];

	for (;;) {
		size_t room = ANSWER_MAX - visitor->answer_count;
		ssize_t got = room > 0 ? read(visitor->task,
		                              visitor->answer + visitor->answer_count, room)
		                       : read(visitor->task, rest, sizeof(rest));

		if (got < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (got <= 0)
			break;
		if (room > 0)
			visitor->answer_count += (size_t)got;
	}
	visitor_end_task(visitor);
	send_frame(visitor, visitor->answer, visitor->answer_count);
}

static size_t exec_take(struct visitor *visitor)
{
	char name[SERVICE_FRAME_MAX + 1];
	const struct command_row *row;
	uint32_t length;

	if (visitor->in_count < FRAME_HEADER)
		return 0;
	length = frame_length(visitor->in);
	if (length > SERVICE_FRAME_MAX) {
		say_frame(visitor, "that frame is too long\n");
		visitor_dismiss(visitor, "its frame was too long");
		return 0;
	}
	if (visitor->in_count < FRAME_HEADER + length)
		return 0;
	memcpy(name, visitor->in + FRAME_HEADER, length);
	name[length] = '\0';
	name[strcspn(name, "\r\n")] = '\0';
	row = find_command(name);
	if (strcmp(name, "bye") == 0) {
		say_frame(visitor, "bye\n");
		visitor_dismiss(visitor, NULL);
	} else if (row == NULL) {
		say_what_is_known(visitor, name);
	} else {
		run(visitor, row);
	}
	return FRAME_HEADER + length;
}

const struct service_ops exec_ops = { .take = exec_take, .go_on = exec_go_on };
