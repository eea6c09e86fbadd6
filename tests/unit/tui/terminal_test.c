/* terminal_test.c: in a terminal of our own: keys come in, cells go out, and it is always given back. */

#include "tui/terminal.h"

#include <criterion/criterion.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit/tui/pty.h"

/* xterm-256color's: to the other screen and back, the cursor hidden and shown. */
#define ENTER_SCREEN "\033[?1049h"
#define LEAVE_SCREEN "\033[?1049l"
#define CLEAR_SCREEN "\033[H\033[2J"
#define SHOW_CURSOR "\033[?25h"
#define MOUSE_OFF "\033[?1006;1000l"

static const struct look plain = { .paint = PAINT_PLAIN };

/* ---- The program in the terminal ---- */

struct stage {
	struct terminal *terminal;
	struct canvas *canvas;
	int line;
};

static struct stage open_stage(bool colour)
{
	static const struct terminal_options whole = { .colour = true, .mouse = true };
	static const struct terminal_options grey = { .mouse = true };
	struct stage stage = { .line = 0 };
	struct error err;
	int rows, columns;

	setlocale(LC_ALL, "C.UTF-8");
	stage.terminal = terminal_open(colour ? &whole : &grey, &err);
	if (stage.terminal == NULL) {
		dprintf(STDOUT_FILENO, "<%s><%s>", err.what, err.remedy);
		_exit(7);
	}
	terminal_size(stage.terminal, &rows, &columns);
	stage.canvas = canvas_new(rows, columns, terminal_is_ascii(stage.terminal), &err);
	canvas_put(stage.canvas, stage.line++, 0, -1, plain, "<ready>");
	terminal_draw(stage.terminal, stage.canvas);
	return stage;
}

/* Each on a new line, so that its bytes stand together. */
static void show(struct stage *stage, const char *words)
{
	stage->line = stage->line % (canvas_rows(stage->canvas) - 1) + 1;
	canvas_put(stage->canvas, stage->line, 0, -1, plain, words);
	terminal_draw(stage->terminal, stage->canvas);
}

static void show_key(struct stage *stage, const struct key *key)
{
	char storage[64];
	struct text text = text_over(storage, sizeof(storage));

	text_add_char(&text, '<');
	key_spell(&text, key->code);
	if (key->code == KEY_CODE_CLICK || key->code == KEY_CODE_DOUBLE_CLICK)
		text_format(&text, ":%d,%d", key->row, key->column);
	text_add_char(&text, '>');
	show(stage, storage);
}

static void show_size(struct stage *stage)
{
	struct error err;
	char words[32];
	int rows, columns;

	terminal_size(stage->terminal, &rows, &columns);
	canvas_resize(stage->canvas, rows, columns, &err);
	snprintf(words, sizeof(words), "<%dx%d>", columns, rows);
	show(stage, words);
}

/* A child of the program must leave the terminal alone. */
static void lose_a_child(struct stage *stage)
{
	static const struct rlimit no_core = { 0, 0 };
	pid_t child = fork();
	int status;

	if (child == 0) {
		setrlimit(RLIMIT_CORE, &no_core);
		abort();
	}
	waitpid(child, &status, 0);
	show(stage, WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT ? "<aborted>" : "<other>");
}

/* Capitals do what the test is about; every other key is shown. */
static void act(struct stage *stage, const struct key *key)
{
	switch (key->code) {
	case 'A':
		abort();
	case 'C':
		lose_a_child(stage);
		return;
	case 'D' & 0x1f:
		_exit(5);
	case 'D':
		terminal_redraw(stage->terminal, stage->canvas);
		return;
	case 'E':
		exit(3);
	case 'P':
		fprintf(stderr, "a library's cry\n");
		show(stage, "<cried>");
		return;
	case 'R':
		terminal_close(stage->terminal);
		canvas_free(stage->canvas);
		_exit(4);
	case 'V':
		raise(SIGSEGV);
		return;
	case KEY_CODE_RESIZE:
		show_size(stage);
		return;
	default:
		show_key(stage, key);
	}
}

static void perform(struct stage *stage)
{
	struct pollfd keyboard = { .fd = terminal_descriptor(stage->terminal), .events = POLLIN };
	struct key key;

	for (;;) {
		poll(&keyboard, 1, -1);
		while (terminal_key(stage->terminal, &key))
			act(stage, &key);
	}
}

/* Static, so that nothing looks lost when it exits. */
static void program(void)
{
	static struct stage stage;

	stage = open_stage(true);
	perform(&stage);
}

static void program_without_colour(void)
{
	struct stage stage = open_stage(false);

	for (uint8_t paint = 0; paint < PAINT_COUNT; paint++)
		canvas_put(stage.canvas, 1, paint * 2, 1, (struct look){ .paint = paint }, "x");
	show(&stage, "<drawn>");
	perform(&stage);
}

static void program_that_ignores_hangups(void)
{
	signal(SIGHUP, SIG_IGN);
	program();
}

static void program_that_faults(void)
{
	struct stage stage = open_stage(true);
	volatile char *wall = mmap(NULL, 1, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	*wall = 1;
	perform(&stage);
}

static volatile sig_atomic_t noted;

static void note(int number)
{
	(void)number;
	noted = 1;
}

/* As a program that ends in good order at the first Ctrl-C, and at once at the second. */
static void program_that_handles_ctrl_c(void)
{
	struct sigaction action = { .sa_handler = note, .sa_flags = (int)SA_RESETHAND };
	struct pollfd keyboard;
	struct stage stage;
	struct key key;

	sigaction(SIGINT, &action, NULL);
	stage = open_stage(true);
	keyboard = (struct pollfd){ .fd = terminal_descriptor(stage.terminal), .events = POLLIN };
	while (!noted) {
		poll(&keyboard, 1, -1);
		while (terminal_key(stage.terminal, &key))
			act(&stage, &key);
	}
	show(&stage, "<noted>");
	perform(&stage);
}

static void say_alphabet(const char *locale, bool ascii)
{
	const struct terminal_options options = { .ascii = ascii };
	struct error err;
	struct terminal *terminal;

	setlocale(LC_ALL, locale);
	terminal = terminal_open(&options, &err);
	ascii = terminal == NULL || terminal_is_ascii(terminal);
	terminal_close(terminal);
	dprintf(STDOUT_FILENO, ascii ? "<ascii>" : "<more>");
	_exit(0);
}

static void program_in_utf_8(void)
{
	say_alphabet("C.UTF-8", false);
}

static void program_in_the_c_locale(void)
{
	say_alphabet("C", false);
}

static void program_in_ascii(void)
{
	say_alphabet("C.UTF-8", true);
}

static void program_without_input(void)
{
	static const struct terminal_options options = { .colour = true };
	struct error err;

	close(STDIN_FILENO);
	if (terminal_open(&options, &err) == NULL)
		dprintf(STDOUT_FILENO, "<%s><%s>", err.what, err.remedy);
	_exit(7);
}

/* ---- What is seen from outside ---- */

static void expect_given_back(struct pty *pty)
{
	pty_expect(pty, MOUSE_OFF);
	pty_expect(pty, LEAVE_SCREEN);
	cr_expect(strstr(pty->seen + pty->read - strlen(LEAVE_SCREEN), SHOW_CURSOR) ||
	          pty_has(pty, SHOW_CURSOR LEAVE_SCREEN));
}

static struct pty *run_ready(void (*what)(void))
{
	struct pty *pty = pty_run("xterm-256color", what);

	pty_expect(pty, ENTER_SCREEN);
	pty_expect(pty, "<ready>");
	return pty;
}

static void expect_death(struct pty *pty, int number)
{
	struct pty_report report = pty_report(pty);

	cr_expect(WIFSIGNALED(report.status), "status %#x", report.status);
	cr_expect_eq(WTERMSIG(report.status), number);
	cr_expect(report.modes_are_back);
	expect_given_back(pty);
	pty_end(pty);
}

static void expect_end(struct pty *pty, int status)
{
	struct pty_report report = pty_report(pty);

	cr_expect(WIFEXITED(report.status), "status %#x", report.status);
	cr_expect_eq(WEXITSTATUS(report.status), status, "%s", pty->seen);
	cr_expect(report.modes_are_back);
	expect_given_back(pty);
	pty_end(pty);
}

Test(terminal, is_given_back_when_it_is_closed)
{
	struct pty *pty = run_ready(program);

	pty_type(pty, "R");
	expect_end(pty, 4);
}

Test(terminal, is_given_back_by_exit)
{
	struct pty *pty = run_ready(program);

	pty_type(pty, "E");
	expect_end(pty, 3);
}

Test(terminal, is_given_back_by_an_assertion_that_fails)
{
	struct pty *pty = run_ready(program);

	pty_type(pty, "A");
	expect_death(pty, SIGABRT);
}

Test(terminal, is_given_back_by_a_fault)
{
	struct pty *pty = run_ready(program_that_faults);

	expect_death(pty, SIGSEGV);
}

Test(terminal, is_given_back_by_a_fault_that_was_sent)
{
	struct pty *pty = run_ready(program);

	pty_type(pty, "V");
	expect_death(pty, SIGSEGV);
}

Test(terminal, is_given_back_by_signals_that_end)
{
	static const int numbers[] = { SIGINT,  SIGTERM, SIGHUP, SIGQUIT,
		                       SIGPIPE, SIGUSR1, SIGBUS, SIGABRT };

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		struct pty *pty = run_ready(program);

		pty_signal(pty, numbers[i]);
		expect_death(pty, numbers[i]);
	}
}

Test(terminal, keeps_ctrl_c_a_signal)
{
	struct pty *pty = run_ready(program);

	pty_type(pty, "\003");
	expect_death(pty, SIGINT);
}

Test(terminal, leaves_the_first_ctrl_c_to_whoever_handles_it_and_dies_well_of_the_second)
{
	struct pty *pty = run_ready(program_that_handles_ctrl_c);

	pty_type(pty, "\003");
	pty_expect(pty, "<noted>");
	pty_type(pty, "\003");
	expect_death(pty, SIGINT);
}

Test(terminal, is_left_alone_by_a_child_that_dies)
{
	struct pty *pty = run_ready(program);

	pty_type(pty, "C");
	pty_expect(pty, "<aborted>");
	cr_expect_not(pty_has(pty, LEAVE_SCREEN));
	pty_type(pty, "R");
	expect_end(pty, 4);
}

Test(terminal, holds_back_what_is_printed_meanwhile_until_it_is_given_back)
{
	struct pty *pty = run_ready(program);

	pty_type(pty, "P");
	pty_expect(pty, "<cried>");
	cr_expect_not(pty_has(pty, "a library's cry"));
	pty_type(pty, "A");
	cr_expect(WIFSIGNALED(pty_report(pty).status));
	pty_expect(pty, LEAVE_SCREEN);
	pty_expect(pty, "a library's cry\r\n");
	pty_end(pty);
}

Test(terminal, stops_and_goes_on)
{
	struct pty *pty = run_ready(program);

	for (int i = 0; i < 2; i++) {
		struct pty_report report;

		pty_type(pty, "\032");
		report = pty_report(pty);
		cr_expect(WIFSTOPPED(report.status), "status %#x", report.status);
		cr_expect_eq(WSTOPSIG(report.status), SIGTSTP);
		cr_expect(report.modes_are_back);
		expect_given_back(pty);
		pty_resize(pty, 20 + i, 70);
		pty_foreground(pty);
		pty_expect(pty, ENTER_SCREEN);
		pty_expect(pty, i ? "<70x21>" : "<70x20>");
	}
	pty_type(pty, "j");
	pty_expect(pty, "<j>");
	pty_type(pty, "R");
	expect_end(pty, 4);
}

Test(terminal, draws_anew_after_it_was_stopped_without_being_asked)
{
	struct pty *pty = run_ready(program);

	pty_signal(pty, SIGSTOP);
	cr_expect(WIFSTOPPED(pty_report(pty).status));
	pty_foreground(pty);
	pty_expect(pty, CLEAR_SCREEN);
	pty_expect(pty, "<80x24>");
	pty_type(pty, "R");
	expect_end(pty, 4);
}

Test(terminal, follows_its_size)
{
	struct pty *pty = run_ready(program);

	pty_resize(pty, 15, 60);
	pty_expect(pty, "<60x15>");
	pty_resize(pty, 50, 160);
	pty_expect(pty, "<160x50>");
	pty_resize(pty, 2, 9);
	pty_expect(pty, "<9x2>");
	pty_type(pty, "R");
	expect_end(pty, 4);
}

Test(terminal, reads_keys)
{
	/* clang-format off */
	static const struct { const char *bytes, *name; } keys[] = {
		{ "j", "<j>" },              { "\r", "<Enter>" },         { "\n", "<Enter>" },
		{ "\033OA", "<Up>" },        { "\033OB", "<Down>" },      { "\033[5~", "<PageUp>" },
		{ "\033[6~", "<PageDown>" }, { "\033OH", "<Home>" },      { "\033OF", "<End>" },
		{ "\033OP", "<F1>" },        { "\033[21~", "<F10>" },     { "\033[Z", "<Shift-Tab>" },
		{ "\t", "<Tab>" },           { "\177", "<Backspace>" },   { "\b", "<Backspace>" },
		{ "\033", "<Esc>" },         { "\014", "<Ctrl-L>" },      { "\303\251", "<\303\251>" },
		{ "\342\226\266", "<\342\226\266>" }, { "\033[3~", "<Delete>" },
	};
	/* clang-format on */
	struct pty *pty = run_ready(program);

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		pty_type(pty, keys[i].bytes);
		pty_expect(pty, keys[i].name);
	}
	pty_type(pty, "R");
	expect_end(pty, 4);
}

Test(terminal, goes_on_after_bytes_that_are_no_text)
{
	struct pty *pty = run_ready(program);

	pty_type(pty, "\377\303(\200j");
	pty_expect(pty, "<j>");
	pty_type(pty, "R");
	expect_end(pty, 4);
}

Test(terminal, answers_many_keys_at_once)
{
	struct pty *pty = run_ready(program);

	pty_type(pty, "abc\033[6~d");
	pty_expect(pty, "<a>");
	pty_expect(pty, "<c>");
	pty_expect(pty, "<PageDown>");
	pty_expect(pty, "<d>");
	pty_type(pty, "R");
	expect_end(pty, 4);
}

Test(terminal, reads_the_mouse)
{
	struct pty *pty = run_ready(program);

	pty_type(pty, "\033[<0;11;4M\033[<0;11;4m");
	pty_expect(pty, "<Click:3,10>");
	pty_type(pty, "\033[<64;1;1M");
	pty_expect(pty, "<WheelUp>");
	pty_type(pty, "\033[<65;1;1M");
	pty_expect(pty, "<WheelDown>");
	/* Two in one breath, then one elsewhere. */
	pty_type(pty, "\033[<0;5;6M\033[<0;5;6m\033[<0;5;6M\033[<0;5;6m\033[<0;6;6M\033[<0;6;6m");
	pty_expect(pty, "<Click:5,4>");
	pty_expect(pty, "<DoubleClick:5,4>");
	pty_expect(pty, "<Click:5,5>");
	pty_type(pty, "R");
	expect_end(pty, 4);
}

Test(terminal, writes_only_what_changed)
{
	struct pty *pty = run_ready(program);
	size_t before = pty->length;

	pty_type(pty, "j");
	pty_expect(pty, "<j>");
	cr_expect_lt(pty->length - before, 40, "%zu bytes for one key", pty->length - before);
	pty_type(pty, "R");
	expect_end(pty, 4);
}

Test(terminal, writes_everything_when_it_is_asked_to)
{
	struct pty *pty = run_ready(program);

	pty_type(pty, "D");
	pty_expect(pty, CLEAR_SCREEN);
	pty_expect(pty, "<ready>");
	pty_type(pty, "R");
	expect_end(pty, 4);
}

Test(terminal, that_is_gone_says_ctrl_d)
{
	struct pty *pty = run_ready(program_that_ignores_hangups);
	struct pty_report report;

	pty_hang_up(pty);
	report = pty_report(pty);
	cr_expect(WIFEXITED(report.status), "status %#x", report.status);
	cr_expect_eq(WEXITSTATUS(report.status), 5);
	pty_end(pty);
}

Test(terminal, says_no_colours_where_they_are_not_wanted)
{
	struct pty *pty = run_ready(program_without_colour);

	pty_expect(pty, "<drawn>");
	cr_expect_not(pty_has(pty, ";5;"), "%s", pty->seen);
	cr_expect_not(pty_has(pty, "\033[39"), "%s", pty->seen);
	pty_type(pty, "R");
	expect_end(pty, 4);
}

static void expect_refusal(const char *term, void (*what)(void), const char *words)
{
	struct pty *pty = pty_run(term, what);
	struct pty_report report;

	pty_expect(pty, words);
	report = pty_report(pty);
	cr_expect(report.modes_are_back);
	cr_expect_eq(WEXITSTATUS(report.status), 7);
	cr_expect_eq(pty->seen[0], '<', "something else was written: %#x", pty->seen[0]);
	pty_end(pty);
}

Test(terminal, is_refused_where_it_is_of_no_use)
{
	expect_refusal(NULL, program, "<terminal: TERM is not set><say what kind");
	expect_refusal("", program, "<terminal: TERM is not set><say what kind");
	expect_refusal("dumb", program, "<terminal: TERM=dumb cannot move its cursor><if it is");
	expect_refusal("no-such\033[2J", program, "<terminal: TERM=no-such?[2J is not known here>");
	expect_refusal("xterm", program_without_input,
	               "<terminal: standard input is not one><stat");
}

Test(terminal, is_below_what_was_drawn_where_there_is_no_other_screen)
{
	struct pty *pty = pty_run("vt100", program);
	struct pty_report report;

	pty_expect(pty, "<ready>");
	pty_type(pty, "A");
	report = pty_report(pty);
	cr_expect(WIFSIGNALED(report.status));
	cr_expect(report.modes_are_back);
	pty_expect(pty, "\033[24;1H\n");
	cr_expect_not(pty_has(pty, "$<"), "a pause was written as text");
	pty_end(pty);
}

static void expect_alphabet(void (*what)(void), const char *words)
{
	struct pty *pty = pty_run("xterm", what);

	pty_expect(pty, words);
	pty_end(pty);
}

Test(terminal, is_ascii_where_the_locale_or_somebody_says_so)
{
	expect_alphabet(program_in_utf_8, "<more>");
	expect_alphabet(program_in_the_c_locale, "<ascii>");
	expect_alphabet(program_in_ascii, "<ascii>");
}
