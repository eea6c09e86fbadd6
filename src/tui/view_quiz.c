/* view_quiz.c: asks which state an end is in, before it is shown. */

#include "tui/inside.h"
#include "tui/quiz.h"
#include "tui/wrap.h"

enum { WHOLE_QUESTION = 33, QUESTION_ROWS = 3, CHOICE_COLUMNS = 17, EXPLANATION_MOST = 256 };

static const char *const sides[] = { [CLIENT] = "client", [SERVER] = "server" };

static struct lab_script script_of(const struct tui *tui)
{
	struct lab_script script;

	tui->options.lab->script(tui->options.lab->context, &script);
	return script;
}

/* ---- Asking ------------------------------------------------------------------------------------ */

void quiz_begin(struct tui *tui, size_t row)
{
	const struct lab_port *lab = tui->options.lab;
	struct error err = { .what = "" };
	struct lab_row what;

	lab->row(lab->context, row, &what);
	if (what.is_service || !what.has_states) {
		tui_say(tui,
		        what.is_service ? "a quiz needs a scenario: %s is a service"
		                        : "a quiz needs states: %s is UDP, which has none",
		        what.name);
		return;
	}
	if (lab->run(lab->context, row, true, &err) < 0) {
		tui_complain(tui, &err);
		return;
	}
	/* So it is before anything was seen; a server that is not there is CLOSED, too. */
	tui->lab.quiz = (struct quiz){
		.is_on = true,
		.row = row,
		.known = { ST_CLOSED, ST_LISTEN },
	};
	tui_say(tui, "Space does the first act; then say which state each end is in");
}

void quiz_end(struct tui *tui)
{
	tui->lab.quiz.is_on = false;
}

static bool has_moved(const struct quiz *quiz, const struct flow *flow, enum side side)
{
	enum tcp_state state = flow_state(flow, side);

	return state != quiz->known[side] && state != ST_UNKNOWN &&
	       !flow_state_is_doubtful(flow, side) && !(side == SERVER && flow->self_connected);
}

static void ask_next(struct tui *tui, const struct lab_script *script)
{
	struct quiz *quiz = &tui->lab.quiz;
	enum side side = quiz->pending & 1U << CLIENT ? CLIENT : SERVER;
	struct lab_row row;

	quiz->is_asking = quiz->pending != 0 && script->flow != NULL;
	if (!quiz->is_asking)
		return;
	quiz->pending &= ~(1U << side);
	tui->options.lab->row(tui->options.lab->context, quiz->row, &row);
	question_make(&quiz->question, row.name, script->done, side, quiz->known[side],
	              script->flow);
}

void quiz_observe(struct tui *tui)
{
	struct quiz *quiz = &tui->lab.quiz;
	struct lab_script script;

	if (!quiz->is_on)
		return;
	script = script_of(tui);
	if (script.row != quiz->row || !script.is_stepwise)
		quiz_end(tui);
	if (!quiz->is_on || quiz->is_asking || !script.is_quiet || script.done == quiz->act)
		return;
	quiz->act = script.done;
	if (script.flow == NULL || script.flow->key.protocol != PROTOCOL_TCP)
		return;
	for (int side = 0; side < 2; side++)
		if (has_moved(quiz, script.flow, (enum side)side))
			quiz->pending |= 1U << side;
	ask_next(tui, &script);
}

/* ---- Answering --------------------------------------------------------------------------------- */

bool quiz_is_open(const struct quiz *quiz)
{
	return quiz->is_on && quiz->is_asking && quiz->question.given == QUIZ_NOT_ANSWERED;
}

static void answer(struct quiz *quiz, uint32_t code)
{
	struct question *question = &quiz->question;

	if (!quiz_is_open(quiz) || code < '1' || code >= '1' + QUIZ_CHOICES)
		return;
	question->given = (int)(code - '1');
	quiz->asked++;
	quiz->right += question->given == question->right;
	quiz->known[question->side] = question->choices[question->right];
}

static void go_on(struct tui *tui)
{
	struct quiz *quiz = &tui->lab.quiz;
	const struct lab_port *lab = tui->options.lab;
	struct lab_script script = script_of(tui);

	if (quiz_is_open(quiz)) {
		tui_say(tui, "first the answer: 1 to 4");
		return;
	}
	if (quiz->is_asking) {
		ask_next(tui, &script);
		if (quiz->is_asking)
			return;
	}
	if (!script.is_quiet)
		tui_say(tui, "wait: the wire is not quiet yet");
	else if (!script.is_over)
		lab->next_act(lab->context);
}

void quiz_known(const struct quiz *quiz, enum tcp_state known[2])
{
	for (int side = 0; side < 2; side++) {
		bool is_asked = quiz_is_open(quiz) && quiz->question.side == (enum side)side;
		bool is_pending = quiz->pending & 1U << side;

		known[side] = is_asked || is_pending ? ST_UNKNOWN : quiz->known[side];
	}
}

bool quiz_act(struct tui *tui, enum action action, const struct key *key)
{
	if (!tui->lab.quiz.is_on)
		return false;
	switch (action) {
	case ACTION_ANSWER:
		answer(&tui->lab.quiz, key->code);
		return true;
	case ACTION_NEXT_ACT:
		go_on(tui);
		return true;
	case ACTION_BACK:
		tui_say(tui, "the quiz has ended: %u of %u", tui->lab.quiz.right,
		        tui->lab.quiz.asked);
		quiz_end(tui);
		return true;
	default:
		return false;
	}
}

/* ---- Drawing ----------------------------------------------------------------------------------- */

static void explain(const struct question *question, char storage[EXPLANATION_MOST])
{
	struct text text = text_over(storage, EXPLANATION_MOST);

	question_explain(question, &text);
}

int quiz_rows(const struct tui *tui, int columns)
{
	const struct quiz *quiz = &tui->lab.quiz;
	char storage[EXPLANATION_MOST];

	if (!quiz->is_on)
		return 0;
	if (!quiz->is_asking)
		return 1;
	if (quiz_is_open(quiz))
		return QUESTION_ROWS + 1;
	explain(&quiz->question, storage);
	return QUESTION_ROWS + 1 + 1 + wrap_rows(storage, columns);
}

static void draw_choice(const struct question *question, struct canvas *canvas, int row, int column,
                        int number)
{
	bool is_answered = question->given != QUIZ_NOT_ANSWERED;
	struct look look = look_of(PAINT_PLAIN);
	const char *mark = " ";

	if (is_answered && number == question->right) {
		look = (struct look){ PAINT_OPENING, LOOK_BOLD };
		mark = "✓";
	} else if (is_answered) {
		look.paint = number == question->given ? PAINT_TROUBLE : PAINT_DIM;
		mark = number == question->given ? "✗" : " ";
	}
	canvas_put(canvas, row, column, 1, look, mark);
	canvas_format(canvas, row, column + 1, 1, look_of(PAINT_KEY), "%d", number + 1);
	canvas_put(canvas, row, column + 3, CHOICE_COLUMNS - 4, look,
	           state_name(question->choices[number]));
}

static void draw_question(const struct question *question, struct canvas *canvas, struct area area)
{
	canvas_format(canvas, area.row, area.column, area.columns,
	              (struct look){ PAINT_STRONG, LOOK_BOLD }, "Which state is the %s in%s?",
	              sides[question->side], area.columns < WHOLE_QUESTION ? "" : " now");
	for (int i = 0; i < QUIZ_CHOICES; i++)
		if (1 + i / 2 < area.rows)
			draw_choice(question, canvas, area.row + 1 + i / 2,
			            area.column + i % 2 * CHOICE_COLUMNS, i);
}

static void draw_verdict(const struct question *question, struct canvas *canvas, struct area area)
{
	bool is_right = question->given == question->right;
	char storage[EXPLANATION_MOST];

	if (area.rows <= 0)
		return;
	if (is_right)
		canvas_put(canvas, area.row, area.column, area.columns,
		           (struct look){ PAINT_OPENING, LOOK_BOLD }, "✓ Right.");
	else
		canvas_format(canvas, area.row, area.column, area.columns,
		              (struct look){ PAINT_TROUBLE, LOOK_BOLD }, "✗ No: it is %s.",
		              state_name(question->choices[question->right]));
	explain(question, storage);
	area.row++;
	area.rows--;
	wrap_put(canvas, area, look_of(PAINT_PLAIN), storage);
}

static void draw_score(const struct tui *tui, struct canvas *canvas, struct area area)
{
	const struct quiz *quiz = &tui->lab.quiz;
	struct lab_script script = script_of(tui);
	const char *next = script.is_quiet ? "Space does the next act" : "listening…";

	if (quiz_is_open(quiz))
		next = "1 to 4 answers";
	else if (quiz->is_asking && quiz->pending != 0)
		next = "Space: the other end";
	else if (script.is_over && script.is_quiet)
		next = "the quiz is over";
	canvas_format(canvas, area.row + area.rows - 1, area.column, area.columns,
	              look_of(PAINT_DIM), "%u of %u    %s", quiz->right, quiz->asked, next);
}

void quiz_draw(const struct tui *tui, struct canvas *canvas, struct area area)
{
	const struct quiz *quiz = &tui->lab.quiz;
	struct area verdict = { area.row + QUESTION_ROWS, area.column,
		                area.rows - QUESTION_ROWS - 1, area.columns };

	if (!quiz->is_on || area.rows <= 0)
		return;
	if (quiz->is_asking)
		draw_question(&quiz->question, canvas, area);
	if (quiz->is_asking && !quiz_is_open(quiz))
		draw_verdict(&quiz->question, canvas, verdict);
	draw_score(tui, canvas, area);
}
