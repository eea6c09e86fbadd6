/* question.c: four states to choose from, and why one of them is right. */

#include <ctype.h>

#include "tui/quiz.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- The choices ------------------------------------------------------------------------------- */

struct hat {
	enum tcp_state states[STATE_COUNT];
	int count;
};

static void put_in(struct hat *hat, enum tcp_state state, enum tcp_state right)
{
	if (state == right || state == ST_UNKNOWN)
		return;
	for (int i = 0; i < hat->count; i++)
		if (hat->states[i] == state)
			return;
	hat->states[hat->count++] = state;
}

/* The most plausible ones first: it has not moved, it went another way, it came from somewhere else. */
static void fill(struct hat *hat, const struct question *question, enum tcp_state right)
{
	put_in(hat, question->from, right);
	put_in(hat, question->via, right);
	for (int proof = 0; proof < PROOF_COUNT; proof++)
		put_in(hat, state_next(question->via, (enum proof)proof), right);
	for (int proof = 0; proof < PROOF_COUNT; proof++)
		put_in(hat, state_next(right, (enum proof)proof), right);
	for (int state = ST_CLOSED; state < STATE_COUNT; state++)
		for (int proof = 0; proof < PROOF_COUNT; proof++)
			if (state_next((enum tcp_state)state, (enum proof)proof) == right)
				put_in(hat, (enum tcp_state)state, right);
	for (int state = ST_LISTEN; state < STATE_COUNT; state++)
		put_in(hat, (enum tcp_state)state, right);
}

/* FNV-1a, stirred: acts should have their answers in different places, but each run the same ones. */
static uint32_t stir(const char *scenario, size_t act, enum side side)
{
	uint32_t hash = UINT32_C(2166136261);

	for (; *scenario != '\0'; scenario++)
		hash = (hash ^ (unsigned char)*scenario) * UINT32_C(16777619);
	hash = (hash ^ (uint32_t)act) * UINT32_C(16777619);
	hash = (hash ^ (uint32_t)side) * UINT32_C(16777619);
	hash = (hash ^ hash >> 16) * UINT32_C(0x85ebca6b);
	return hash ^ hash >> 13;
}

/* The states on its way there, the last one first. */
static enum tcp_state state_before(const struct flow *flow, enum side side, enum tcp_state from)
{
	enum tcp_state path[PATH_MAX_STATES];
	int count = endpoint_path(flow_end(flow, side), path);

	return count > 1 ? path[count - 2] : from;
}

void question_make(struct question *question, const char *scenario, size_t act, enum side side,
                   enum tcp_state from, const struct flow *flow)
{
	enum tcp_state right = flow_state(flow, side);
	uint32_t order = stir(scenario, act, side);
	struct hat hat = { .count = 0 };

	*question = (struct question){
		.side = side,
		.from = from,
		.via = state_before(flow, side, from),
		.was_reset = flow_end(flow, side)->was_reset,
		.right = (int)(order % QUIZ_CHOICES),
		.given = QUIZ_NOT_ANSWERED,
	};
	fill(&hat, question, right);
	order /= QUIZ_CHOICES;
	for (int i = 0, taken = 0; i < QUIZ_CHOICES; i++) {
		if (i == question->right)
			question->choices[i] = right;
		else
			question->choices[i] = hat.states[(order + (uint32_t)taken++) %
			                                  (QUIZ_CHOICES - 1)];
	}
}

/* ---- Why --------------------------------------------------------------------------------------- */

/* clang-format off */
static const char *const sections[PROOF_COUNT] = {
	[PROOF_PEER_SYN]     = "3.5",
	[PROOF_SENT_SYN]     = "3.5",
	[PROOF_SENT_SYN_ACK] = "3.5",
	[PROOF_SENT_ACK]     = "3.5",
	[PROOF_SYN_ACKED]    = "3.5",
	[PROOF_IS_OPEN]      = "3.3.2",
	[PROOF_SENT_FIN]     = "3.6",
	[PROOF_GOT_FIN]      = "3.6",
	[PROOF_FIN_ACKED]    = "3.6",
	[PROOF_UNREACHABLE]  = "3.9.2.2",
	[PROOF_TIMED_OUT]    = "3.10.8",
};
/* clang-format on */

static enum proof proof_between(enum tcp_state from, enum tcp_state to)
{
	int proof = 0;

	while (proof < PROOF_COUNT &&
	       (from == to || state_next(from, (enum proof)proof) != to))
		proof++;
	return (enum proof)proof;
}

void question_explain(const struct question *question, struct text *text)
{
	enum tcp_state right = question->choices[question->right];
	enum proof proof = proof_between(question->via, right);
	const char *why = proof < PROOF_COUNT ? proof_words(proof) : "so its path ends";
	const char *section = proof < PROOF_COUNT ? sections[proof] : "3.3.2";

	if (question->was_reset) {
		why = "a reset ended the connection";
		section = "3.5.3";
	}
	text_add_char(text, (char)toupper((unsigned char)why[0]));
	text_format(text, "%s: %s, %s (RFC 9293 section %s).", why + 1, state_name(right),
	            state_meaning(right), section);
}
