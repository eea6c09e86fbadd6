/* service_test.c: what the services do, and what nobody can make them do. */

#define _GNU_SOURCE /* memmem */

#include "lab/service.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lab/frames.h"

enum { HEARD_MAX = 1 << 20, TURNS = 20000 };

/* A service and the clock that it is stepped with. */
struct hall {
	struct service *service;
	int64_t now;
	char told[8192];
};

/* A client with no manners of its own. */
struct guest {
	int socket;
	bool has_ended;
	size_t count;
	char *heard;
};

static void note(void *context, const char *words)
{
	struct hall *hall = context;
	size_t length = strlen(hall->told);

	snprintf(hall->told + length, sizeof(hall->told) - length, "%s\n", words);
}

static void open_hall(struct hall *hall, const char *name, const char *folder)
{
	struct service_options options = {
		.any_port = true, .folder = folder, .tell = note, .context = hall
	};
	struct error err = { 0 };

	*hall = (struct hall){ .now = 1 };
	hall->service = service_new(service_find(name), &options, &err);
	cr_assert_not_null(hall->service, "%s", err.what);
}

/* One turn of the loop: at most a few milliseconds when there is nothing to do. */
static void turn(struct hall *hall)
{
	struct error err = { 0 };
	struct wait wait;
	enum machine_outcome outcome = service_step(hall->service, hall->now, &wait, &err);

	cr_assert_neq(outcome, MACHINE_FAILED, "%s", err.what);
	if (outcome == MACHINE_WAITS) {
		struct pollfd ready = { .fd = wait.descriptor, .events = wait.events };

		poll(&ready, 1, 2);
	}
}

static struct guest come(const struct hall *hall, int type)
{
	struct sockaddr_in place = { .sin_family = AF_INET };
	struct guest guest = { .heard = calloc(1, HEARD_MAX + 1) };

	place.sin_port = htons(service_port(hall->service));
	place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	guest.socket = socket(AF_INET, type, 0);
	cr_assert_eq(connect(guest.socket, (struct sockaddr *)&place, sizeof(place)), 0);
	cr_assert_eq(fcntl(guest.socket, F_SETFL, O_NONBLOCK), 0);
	return guest;
}

static void go(struct guest *guest)
{
	close(guest->socket);
	free(guest->heard);
}

static void listen_in(struct guest *guest)
{
	ssize_t got = recv(guest->socket, guest->heard + guest->count, HEARD_MAX - guest->count, 0);

	if (got > 0)
		guest->count += (size_t)got;
	guest->has_ended = guest->has_ended || got == 0;
}

/* Everything, however long the service takes to read it. */
static void say_bytes(struct hall *hall, struct guest *guest, const void *bytes, size_t count)
{
	const char *next = bytes;

	for (int i = 0; count > 0 && i < TURNS; i++) {
		ssize_t sent = send(guest->socket, next, count, MSG_NOSIGNAL);

		if (sent > 0) {
			next += sent;
			count -= (size_t)sent;
		} else if (errno != EAGAIN) {
			return;
		}
		turn(hall);
		listen_in(guest);
	}
}

static void say(struct hall *hall, struct guest *guest, const char *words)
{
	say_bytes(hall, guest, words, strlen(words));
}

static bool has_heard(const struct guest *guest, const char *words, size_t count)
{
	return memmem(guest->heard, guest->count, words, count) != NULL;
}

static void expect_hears(struct hall *hall, struct guest *guest, const char *words)
{
	for (int i = 0; i < TURNS && !has_heard(guest, words, strlen(words)); i++) {
		turn(hall);
		listen_in(guest);
	}
	cr_expect(has_heard(guest, words, strlen(words)), "\"%s\" instead of \"%s\"", guest->heard,
	          words);
}

static void expect_ends(struct hall *hall, struct guest *guest)
{
	for (int i = 0; i < TURNS && !guest->has_ended; i++) {
		turn(hall);
		listen_in(guest);
	}
	cr_expect(guest->has_ended, "it was not let go");
}

static void expect_empty(struct hall *hall)
{
	for (int i = 0; i < TURNS && service_clients(hall->service) > 0; i++)
		turn(hall);
	cr_expect_eq(service_clients(hall->service), 0);
}

static void say_frame(struct hall *hall, struct guest *guest, const char *words)
{
	uint8_t header[FRAME_HEADER];

	frame_header(header, (uint32_t)strlen(words));
	say_bytes(hall, guest, header, sizeof(header));
	say(hall, guest, words);
}

/* ---- Everybody ---------------------------------------------------------------------------------- */

Test(service, listens_on_loopback_unless_told_otherwise)
{
	struct hall hall;
	char storage[64];
	struct text place = text_over(storage, sizeof(storage));

	open_hall(&hall, "echo", NULL);
	service_place(hall.service, &place);
	cr_expect_eq(strncmp(storage, "127.0.0.1:", 10), 0, "%s", storage);
	service_free(hall.service);
}

Test(service, every_row_is_found_by_its_name)
{
	size_t count;
	const struct service_row *rows = service_rows(&count);

	cr_assert_gt(count, 5);
	for (size_t i = 0; i < count; i++)
		cr_expect_eq(service_find(rows[i].name), &rows[i]);
	cr_expect_null(service_find("shell"));
}

Test(service, silence_ends_a_visit)
{
	struct hall hall;
	struct guest guest;

	open_hall(&hall, "chat", NULL);
	guest = come(&hall, SOCK_STREAM);
	expect_hears(&hall, &guest, "say bye");
	hall.now += (SERVICE_IDLE_SECONDS + 1) * TIME_SECOND;
	expect_ends(&hall, &guest);
	cr_expect_not_null(strstr(hall.told, "silent for too long"), "%s", hall.told);
	go(&guest);
	service_free(hall.service);
}

Test(service, turns_the_sixty_fifth_client_away_and_serves_the_others)
{
	struct hall hall;
	struct guest guests[SERVICE_CLIENTS_MAX], late;

	open_hall(&hall, "echo", NULL);
	for (int i = 0; i < SERVICE_CLIENTS_MAX; i++) {
		guests[i] = come(&hall, SOCK_STREAM);
		turn(&hall);
	}
	late = come(&hall, SOCK_STREAM);
	expect_hears(&hall, &late, "come back later");
	expect_ends(&hall, &late);
	say(&hall, &guests[63], "still here?");
	expect_hears(&hall, &guests[63], "still here?");
	for (int i = 0; i < SERVICE_CLIENTS_MAX; i++)
		go(&guests[i]);
	go(&late);
	expect_empty(&hall);
	service_free(hall.service);
}

/* ---- echo --------------------------------------------------------------------------------------- */

Test(service, echo_gives_a_megabyte_back_to_who_reads_it)
{
	struct hall hall;
	struct guest guest;
	char *much = malloc(HEARD_MAX);

	open_hall(&hall, "echo", NULL);
	guest = come(&hall, SOCK_STREAM);
	for (size_t i = 0; i < HEARD_MAX; i++)
		much[i] = (char)('a' + i % 23);
	say_bytes(&hall, &guest, much, HEARD_MAX);
	for (int i = 0; i < TURNS && guest.count < HEARD_MAX; i++) {
		turn(&hall);
		listen_in(&guest);
	}
	cr_expect_eq(guest.count, HEARD_MAX);
	cr_expect_eq(memcmp(guest.heard, much, HEARD_MAX), 0);
	free(much);
	go(&guest);
	expect_empty(&hall);
	service_free(hall.service);
}

/* ---- chat --------------------------------------------------------------------------------------- */

Test(service, ten_chat_at_once)
{
	struct hall hall;
	struct guest guests[10];

	open_hall(&hall, "chat", NULL);
	for (int i = 0; i < 10; i++) {
		guests[i] = come(&hall, SOCK_STREAM);
		expect_hears(&hall, &guests[i], "you are guest");
	}
	for (int i = 0; i < 10; i++) {
		char line[64];

		snprintf(line, sizeof(line), "line %d\n", i);
		say(&hall, &guests[i], line);
		snprintf(line, sizeof(line), "guest %d: line %d\n", i + 1, i);
		for (int j = 0; j < 10; j++)
			if (j != i)
				expect_hears(&hall, &guests[j], line);
	}
	say(&hall, &guests[0], "bye\n");
	expect_ends(&hall, &guests[0]);
	go(&guests[0]);
	expect_hears(&hall, &guests[9], "guest 1 left\n");
	for (int i = 1; i < 10; i++)
		go(&guests[i]);
	expect_empty(&hall);
	service_free(hall.service);
}

/* Numbers go on when somebody has left, so that no two are ever confused. */
Test(service, chat_says_how_many_others_are_here)
{
	struct hall hall;
	struct guest first, second, third;

	open_hall(&hall, "chat", NULL);
	first = come(&hall, SOCK_STREAM);
	expect_hears(&hall, &first, "you are guest 1; 0 others are here; say bye to leave\n");
	go(&first);
	expect_empty(&hall);
	second = come(&hall, SOCK_STREAM);
	expect_hears(&hall, &second, "you are guest 2; 0 others are here; say bye to leave\n");
	third = come(&hall, SOCK_STREAM);
	expect_hears(&hall, &third, "you are guest 3; 1 other is here; say bye to leave\n");
	go(&second);
	go(&third);
	service_free(hall.service);
}

Test(service, chat_joins_a_line_from_its_pieces_and_takes_nc_s_or_telnet_s_ends)
{
	struct hall hall;
	struct guest guests[2];

	open_hall(&hall, "chat", NULL);
	for (int i = 0; i < 2; i++) {
		guests[i] = come(&hall, SOCK_STREAM);
		expect_hears(&hall, &guests[i], "you are guest");
	}
	say(&hall, &guests[0], "hel");
	say(&hall, &guests[0], "lo\r\nworld\n");
	expect_hears(&hall, &guests[1], "guest 1: hello\nguest 1: world\n");
	go(&guests[0]);
	go(&guests[1]);
	service_free(hall.service);
}

Test(service, a_megabyte_without_a_newline_harms_only_its_sender)
{
	struct hall hall;
	struct guest rude, other;
	char *much = malloc(1 << 20);

	memset(much, 'x', 1 << 20);
	open_hall(&hall, "chat", NULL);
	rude = come(&hall, SOCK_STREAM);
	other = come(&hall, SOCK_STREAM);
	expect_hears(&hall, &other, "you are guest");
	say_bytes(&hall, &rude, much, 1 << 20);
	expect_hears(&hall, &rude, "too long");
	expect_ends(&hall, &rude);
	go(&rude);
	cr_expect_not_null(strstr(hall.told, "client 1 was cut off: its line was too long"));
	say(&hall, &other, "still here\nbye\n");
	expect_hears(&hall, &other, "bye\n");
	expect_ends(&hall, &other);
	go(&other);
	expect_empty(&hall);
	free(much);
	service_free(hall.service);
}

Test(service, a_client_that_vanishes_harms_nobody)
{
	struct hall hall;
	struct guest gone, other;
	struct linger none = { .l_onoff = 1 };

	open_hall(&hall, "chat", NULL);
	gone = come(&hall, SOCK_STREAM);
	expect_hears(&hall, &gone, "you are guest");
	other = come(&hall, SOCK_STREAM);
	expect_hears(&hall, &other, "you are guest");
	setsockopt(gone.socket, SOL_SOCKET, SO_LINGER, &none, sizeof(none));
	go(&gone);
	say(&hall, &other, "hello?\n");
	expect_hears(&hall, &other, "guest 1 left");
	cr_expect_eq(service_clients(hall.service), 1);
	go(&other);
	service_free(hall.service);
}

Test(service, who_does_not_read_is_cut_off)
{
	struct hall hall;
	struct guest deaf, talker;
	char line[2001];
	int i = 0;

	memset(line, 'x', sizeof(line));
	line[sizeof(line) - 1] = '\n';
	open_hall(&hall, "chat", NULL);
	deaf = come(&hall, SOCK_STREAM);
	talker = come(&hall, SOCK_STREAM);
	expect_hears(&hall, &talker, "you are guest");
	for (; i < TURNS && strstr(hall.told, "does not read") == NULL; i++)
		say_bytes(&hall, &talker, line, sizeof(line));
	cr_expect_lt(i, TURNS);
	say(&hall, &talker, "bye\n");
	expect_hears(&hall, &talker, "bye\n");
	go(&deaf);
	go(&talker);
	service_free(hall.service);
}

/* ---- exec --------------------------------------------------------------------------------------- */

Test(service, exec_runs_what_is_on_its_list)
{
	struct hall hall;
	struct guest guest;

	open_hall(&hall, "exec", NULL);
	guest = come(&hall, SOCK_STREAM);
	say_frame(&hall, &guest, "uname");
	expect_hears(&hall, &guest, "Linux ");
	say_frame(&hall, &guest, "pwd");
	expect_hears(&hall, &guest, "/\n");
	cr_expect_eq(guest.heard[0], 0, "an answer begins with its length");
	say_frame(&hall, &guest, "bye");
	expect_ends(&hall, &guest);
	go(&guest);
	expect_empty(&hall);
	service_free(hall.service);
}

Test(service, exec_refuses_everything_else)
{
	static const char *const tries[] = {
		"sh",       "/bin/sh",   "date; id", "date\n; id", "$(id)",
		"uname -a", "../bin/id", "",         "uname\x01",  "LD_PRELOAD=x date",
	};
	struct hall hall;
	struct guest guest;

	open_hall(&hall, "exec", NULL);
	guest = come(&hall, SOCK_STREAM);
	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		if (strchr(tries[i], '\n') != NULL)
			continue; /* a newline ends the name: see below */
		guest.count = 0;
		say_frame(&hall, &guest, tries[i]);
		expect_hears(&hall, &guest, "unknown command");
	}
	guest.count = 0;
	say_frame(&hall, &guest, "whoami\nsh");
	expect_hears(&hall, &guest, "\n");
	cr_expect_null(strstr(hall.told, "runs sh"));
	go(&guest);
	service_free(hall.service);
}

Test(service, a_frame_of_four_gigabytes_is_cut_off_with_a_message)
{
	static const uint8_t header[] = { 0xff, 0xff, 0xff, 0xff };
	struct hall hall;
	struct guest rude, other;

	open_hall(&hall, "exec", NULL);
	rude = come(&hall, SOCK_STREAM);
	other = come(&hall, SOCK_STREAM);
	say_bytes(&hall, &rude, header, sizeof(header));
	expect_hears(&hall, &rude, "too long");
	expect_ends(&hall, &rude);
	say_frame(&hall, &other, "uname");
	expect_hears(&hall, &other, "Linux ");
	go(&rude);
	go(&other);
	expect_empty(&hall);
	service_free(hall.service);
}

Test(service, exec_answers_a_thousand_requests_at_once_in_order)
{
	struct hall hall;
	struct guest guest;
	uint8_t requests[1000 * (FRAME_HEADER + 1)];
	uint32_t length;

	for (size_t i = 0; i < sizeof(requests); i += FRAME_HEADER + 1) {
		frame_header(requests + i, 1);
		requests[i + FRAME_HEADER] = 'x';
	}
	open_hall(&hall, "exec", NULL);
	guest = come(&hall, SOCK_STREAM);
	say_bytes(&hall, &guest, requests, sizeof(requests));
	for (int i = 0; i < TURNS && guest.count < FRAME_HEADER; i++) {
		turn(&hall);
		listen_in(&guest);
	}
	length = FRAME_HEADER + frame_length((const uint8_t *)guest.heard);
	for (int i = 0; i < TURNS && guest.count < 1000 * length; i++) {
		turn(&hall);
		listen_in(&guest);
	}
	cr_expect_eq(guest.count, 1000 * length);
	go(&guest);
	service_free(hall.service);
}

/* ---- files -------------------------------------------------------------------------------------- */

struct folder {
	char inside[64], path[128];
};

static void write_file(const char *path, const char *words)
{
	FILE *file = fopen(path, "w");

	cr_assert_not_null(file);
	fputs(words, file);
	fclose(file);
}

/* A folder with a file, a way out by link, and a secret next to it. */
static struct folder make_folder(void)
{
	struct folder folder = { .path = "/tmp/shakedown-files-XXXXXX" };
	char path[256];

	cr_assert_not_null(mkdtemp(folder.path));
	snprintf(path, sizeof(path), "%s/secret", folder.path);
	write_file(path, "a secret");
	snprintf(path, sizeof(path), "%s/served", folder.path);
	mkdir(path, 0755);
	snprintf(path, sizeof(path), "%s/served/hello.txt", folder.path);
	write_file(path, "hello, world\n");
	snprintf(path, sizeof(path), "%s/served/out", folder.path);
	cr_assert_eq(symlink("../secret", path), 0);
	snprintf(path, sizeof(path), "%s/served/up", folder.path);
	cr_assert_eq(symlink("..", path), 0);
	snprintf(path, sizeof(path), "%s/served/pipe", folder.path);
	cr_assert_eq(mkfifo(path, 0600), 0);
	return folder;
}

static void remove_folder(const struct folder *folder)
{
	static const char *const names[] = { "served/hello.txt", "served/out", "served/up",
		                             "served/pipe",      "served/big", "served",
		                             "secret",           "." };
	char path[256];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) - 1; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder->path, names[i]);
		remove(path);
	}
	rmdir(folder->path);
}

static void open_files(struct hall *hall, const struct folder *folder)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/served", folder->path);
	open_hall(hall, "files", path);
}

Test(service, files_lists_and_sends_what_is_in_its_folder)
{
	struct folder folder = make_folder();
	struct hall hall;
	struct guest guest;

	open_files(&hall, &folder);
	guest = come(&hall, SOCK_STREAM);
	say(&hall, &guest, "list\n");
	expect_hears(&hall, &guest, "hello.txt\n.\n");
	cr_expect(!has_heard(&guest, "out", 3));
	say(&hall, &guest, "get hello.txt\n");
	expect_hears(&hall, &guest, "13 bytes\nhello, world\n");
	say(&hall, &guest, "bye\n");
	expect_ends(&hall, &guest);
	go(&guest);
	remove_folder(&folder);
	service_free(hall.service);
}

Test(service, files_never_leaves_its_folder)
{
	static const char *const tries[] = {
		"../secret",
		"/etc/passwd",
		"up/secret",
		"out",
		"./../secret",
		"up",
		"hello.txt/../../secret",
		".",
		"/proc/self/root/etc/passwd",
		"pipe",
		"",
		"nothing",
	};
	struct folder folder = make_folder();
	struct hall hall;
	struct guest guest;

	open_files(&hall, &folder);
	guest = come(&hall, SOCK_STREAM);
	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		char line[128];

		guest.count = 0;
		memset(guest.heard, 0, 256);
		snprintf(line, sizeof(line), "get %s\n", tries[i]);
		say(&hall, &guest, line);
		expect_hears(&hall, &guest, "error: ");
		cr_expect(!has_heard(&guest, "a secret", 8), "%s", tries[i]);
		cr_expect(!has_heard(&guest, "bytes", 5), "%s", tries[i]);
	}
	go(&guest);
	remove_folder(&folder);
	service_free(hall.service);
}

Test(service, files_sends_a_large_file_whole_even_after_a_half_close)
{
	enum { LARGE = 900000 };
	struct folder folder = make_folder();
	struct hall hall;
	struct guest guest;
	char path[256];
	char *much = calloc(1, LARGE + 1);

	memset(much, 'z', LARGE);
	snprintf(path, sizeof(path), "%s/served/big", folder.path);
	write_file(path, much);
	open_files(&hall, &folder);
	guest = come(&hall, SOCK_STREAM);
	say(&hall, &guest, "get big\n");
	shutdown(guest.socket, SHUT_WR); /* as `echo get big | nc -N` does */
	expect_ends(&hall, &guest);
	cr_expect_eq(guest.count, strlen("900000 bytes\n") + LARGE);
	free(much);
	go(&guest);
	remove_folder(&folder);
	service_free(hall.service);
}

Test(service, files_needs_a_folder)
{
	struct service_options options = { .any_port = true };
	struct error err = { 0 };

	cr_expect_null(service_new(service_find("files"), &options, &err));
	cr_expect_str_eq(err.what, "files: no folder was given");
	options.folder = "/nowhere/at/all";
	cr_expect_null(service_new(service_find("files"), &options, &err));
	cr_expect_str_eq(err.what, "/nowhere/at/all: No such file or directory");
}

/* ---- Datagrams ---------------------------------------------------------------------------------- */

Test(service, udp_echo_sends_back)
{
	struct hall hall;
	struct guest guest;

	open_hall(&hall, "udp-echo", NULL);
	guest = come(&hall, SOCK_DGRAM);
	say(&hall, &guest, "are you there?");
	expect_hears(&hall, &guest, "are you there?");
	go(&guest);
	service_free(hall.service);
}

Test(service, udp_chat_passes_on_until_bye)
{
	struct hall hall;
	struct guest guests[2];

	open_hall(&hall, "udp-chat", NULL);
	guests[0] = come(&hall, SOCK_DGRAM);
	guests[1] = come(&hall, SOCK_DGRAM);
	say(&hall, &guests[0], "I am Ada");
	say(&hall, &guests[1], "hello Ada");
	expect_hears(&hall, &guests[0], "hello Ada");
	say(&hall, &guests[0], "hello");
	expect_hears(&hall, &guests[1], "hello");
	say(&hall, &guests[1], "bye\n");
	expect_hears(&hall, &guests[1], "bye\n");
	guests[1].count = 0;
	say(&hall, &guests[0], "anybody?");
	say(&hall, &guests[0], "bye");
	expect_hears(&hall, &guests[0], "bye");
	listen_in(&guests[1]);
	cr_expect_eq(guests[1].count, 0, "it had left");
	go(&guests[0]);
	go(&guests[1]);
	service_free(hall.service);
}
