/* quiz.h: questions about the states of a scenario's ends. */
#ifndef TUI_QUIZ_H
#define TUI_QUIZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "track/flow.h"
#include "tui/canvas.h"
#include "tui/key.h"

struct tui;

enum { QUIZ_CHOICES = 4, QUIZ_NOT_ANSWERED = -1 };

/* "Which state is the server in now?" */
struct question {
	enum side side;
	enum tcp_state from;  /* as it was shown last */
	enum tcp_state via;   /* the one before `right` on the way there */
	bool was_reset;
	enum tcp_state choices[QUIZ_CHOICES];
	int right;            /* index of the true one */
	int given;            /* QUIZ_NOT_ANSWERED: still open */
};

/* The same scenario, act and side give the same choices in the same order, always. */
void question_make(struct question *question, const char *scenario, size_t act, enum side side,
                   enum tcp_state from, const struct flow *flow);

/* One sentence, with the section of the RFC. */
void question_explain(const struct question *question, struct text *text);

struct quiz {
	bool is_on;
	size_t row;              /* of the scenario in the lab's list */
	size_t act;              /* so many acts were done when it was looked at last */
	enum tcp_state known[2]; /* the states that were shown */
	unsigned pending;        /* sides that have moved and are not asked about yet: 1 << side */
	bool is_asking;          /* `question` stands, answered or not */
	struct question question;
	unsigned asked, right;
};

/* Runs the scenario in this row of the list stepwise; says so where it cannot. */
void quiz_begin(struct tui *tui, size_t row);
void quiz_end(struct tui *tui);

/* Asks once an act has moved an end, and the wire is quiet. Before drawing, and before keys. */
void quiz_observe(struct tui *tui);

/* False: the key is not about the quiz. */
bool quiz_act(struct tui *tui, enum action action, const struct key *key);

/* Whether a question waits for its answer. */
bool quiz_is_open(const struct quiz *quiz);

/* What may be shown of both ends; UNKNOWN where that would give the answer away. */
void quiz_known(const struct quiz *quiz, enum tcp_state known[2]);

/* Rows that it wants of so many columns, and what it draws there. */
int quiz_rows(const struct tui *tui, int columns);
void quiz_draw(const struct tui *tui, struct canvas *canvas, struct area area);

#endif
