/* actions.c: what keys do in every view that has no use of its own for them. */

#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "tui/inside.h"

/* ---- from view to view ---- */

static void show_help(struct tui *tui)
{
	tui_enter(tui, VIEW_HELP);
}

static void show_flows(struct tui *tui)
{
	tui_enter(tui, VIEW_FLOWS);
}

static void show_states(struct tui *tui)
{
	tui_enter(tui, VIEW_STATES);
}

static void show_lab(struct tui *tui)
{
	if (!tui->options.lab)
		tui_say(tui, "there is no lab here; to try it: shakedown watch -i lo");
	else if (tui_top(tui) == &lab_view)
		tui_back(tui);
	else
		tui_enter(tui, VIEW_LAB);
}

/* ---- the capture filter ---- */

static void set_capture_filter(struct tui *tui, const char *typed)
{
	const struct wire_port *wire = tui->options.wire;
	const char *verb = tui->scene.replay ? "reading" : "capturing";
	struct error err;

	if (wire->set_filter(wire->context, typed, &err) < 0)
		tui_complain(tui, &err);
	else if (*typed != '\0')
		tui_say(tui, "%s only %s", verb, typed);
	else
		tui_say(tui, "%s all", verb);
}

static void ask_capture_filter(struct tui *tui)
{
	if (tui->options.wire->set_filter)
		tui_ask(tui, "capture filter: ", tui->scene.filter, set_capture_filter);
	else
		tui_say(tui, "the filter cannot be changed here");
}

/* ---- a replay ---- */

/* 0 is as fast as it goes, faster than any. */
static const double speeds[] = { 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 0 };

enum { SPEEDS = sizeof(speeds) / sizeof(speeds[0]) };

static void change_speed(struct tui *tui, int by)
{
	const struct wire_port *wire = tui->options.wire;
	double speed = tui->scene.replay->speed;
	int row = SPEEDS - 1;

	while (speed > 0 && row > 0 && (speeds[row] <= 0 || speeds[row] > speed))
		row--;
	row += by;
	if (row >= 0 && row < SPEEDS && wire->set_speed)
		wire->set_speed(wire->context, speeds[row]);
}

static void go_faster(struct tui *tui)
{
	change_speed(tui, 1);
}

static void go_slower(struct tui *tui)
{
	change_speed(tui, -1);
}

static void pause_or_go_on(struct tui *tui)
{
	const struct wire_port *wire = tui->options.wire;

	if (wire->set_paused)
		wire->set_paused(wire->context, !tui->scene.replay->is_paused);
}

static void step_by(struct tui *tui, int segments)
{
	const struct wire_port *wire = tui->options.wire;

	if (wire->step)
		wire->step(wire->context, segments);
}

static void step_forth(struct tui *tui)
{
	step_by(tui, 1);
}

static void step_back(struct tui *tui)
{
	step_by(tui, -1);
}

static void seek(struct tui *tui, int64_t time)
{
	const struct wire_port *wire = tui->options.wire;

	if (wire->seek)
		wire->seek(wire->context, time);
}

static void go_to_start(struct tui *tui)
{
	seek(tui, tui->scene.replay->first);
}

static void go_to_end(struct tui *tui)
{
	seek(tui, tui->scene.replay->last);
}

static void go_to_landmark(struct tui *tui, enum landmark landmark, const char *name)
{
	const struct wire_port *wire = tui->options.wire;

	if (wire->seek_landmark && !wire->seek_landmark(wire->context, landmark))
		tui_say(tui, "no %s ahead", name);
}

static void go_to_reset(struct tui *tui)
{
	go_to_landmark(tui, LANDMARK_RESET, "reset");
}

static void go_to_failure(struct tui *tui)
{
	go_to_landmark(tui, LANDMARK_FAILED_HANDSHAKE, "failed handshake");
}

/* "12:30:05" is of the day that is shown, "4.2" seconds past the start; dates are what they are. */
static bool read_time(const struct tui *tui, const char *typed, int64_t *time)
{
	enum { DATE_LENGTH = 10 };
	size_t digits = strspn(typed, "0123456789.");
	bool is_span = digits > 0 && strcmp(typed + digits + (typed[digits] == ' '), "s") == 0;
	char storage[PROMPT_MOST + 16];
	struct text text = text_over(storage, sizeof(storage));
	const struct replay *replay = tui->scene.replay;

	if (strchr(typed, ':') && !strchr(typed, '-')) {
		time_add_date(&text, tui->scene.now == TIME_NONE ? replay->first : tui->scene.now,
		              0);
		text.length = DATE_LENGTH;
		text_add_char(&text, ' ');
	} else if (is_span || (digits > 0 && typed[digits] == '\0' &&
	                       strtod(typed, NULL) < (double)(replay->first / TIME_SECOND))) {
		text_add_char(&text, '+');
	}
	text_add_bytes(&text, typed, is_span ? digits : strlen(typed));
	return time_parse(storage, replay->first, time);
}

static void go_to_typed(struct tui *tui, const char *typed)
{
	int64_t time;

	if (!tui->scene.replay || *typed == '\0')
		return;
	if (read_time(tui, typed, &time))
		seek(tui, time);
	else
		tui_say(tui, "no time: %s (seconds from the start, 12:30:05, or a date)", typed);
}

static void ask_time(struct tui *tui)
{
	tui_ask(tui, "go to time: ", "", go_to_typed);
}

/* ---- the table ---- */

struct common {
	enum action action;
	bool needs_replay;
	void (*act)(struct tui *tui);
};

/* clang-format off */
static const struct common commons[] = {
	{ ACTION_HELP,           false, show_help },
	{ ACTION_FLOWS,          false, show_flows },
	{ ACTION_STATES,         false, show_states },
	{ ACTION_LAB,            false, show_lab },
	{ ACTION_CAPTURE_FILTER, false, ask_capture_filter },
	{ ACTION_PAUSE,          true,  pause_or_go_on },
	{ ACTION_STEP,           true,  step_forth },
	{ ACTION_STEP_BACK,      true,  step_back },
	{ ACTION_FASTER,         true,  go_faster },
	{ ACTION_SLOWER,         true,  go_slower },
	{ ACTION_GO_TO_TIME,     true,  ask_time },
	{ ACTION_NEXT_RESET,     true,  go_to_reset },
	{ ACTION_NEXT_FAILURE,   true,  go_to_failure },
	{ ACTION_TO_START,       true,  go_to_start },
	{ ACTION_TO_END,         true,  go_to_end },
};
/* clang-format on */

/* Esc too many is pressed easily, so it never leaves. */
static bool go_back(struct tui *tui, const struct key *key)
{
	if (tui_back(tui))
		return true;
	if (key->code == KEY_CODE_ESCAPE)
		tui_say(tui, "q leaves");
	return key->code == KEY_CODE_ESCAPE;
}

bool tui_act(struct tui *tui, enum action action, const struct key *key)
{
	if (action == ACTION_BACK)
		return go_back(tui, key);
	for (size_t i = 0; i < sizeof(commons) / sizeof(commons[0]); i++) {
		if (commons[i].action != action || (commons[i].needs_replay && !tui->scene.replay))
			continue;
		commons[i].act(tui);
		break;
	}
	return action != ACTION_QUIT;
}
