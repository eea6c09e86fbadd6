/* relay_play.h: exchanges between two kernels, and whether they were understood. */
#ifndef TESTS_UNIT_APP_RELAY_PLAY_H
#define TESTS_UNIT_APP_RELAY_PLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "unit/app/relay.h"

/* name, what it does. "Such a packet" is the oldest of that kind from that end. */
/* clang-format off */
#define VERBS(X)                                                                                   \
	/* What the ends do. */                                                                    \
	X(LISTENS, act_listen)                                                                     \
	X(CONNECTS, act_connect)  /* sends its SYN, and does not wait */                           \
	X(ACCEPTS, act_accept)                                                                     \
	X(SENDS, act_send)        /* `amount` bytes */                                             \
	X(SHUTS, act_shut)                                                                         \
	X(CLOSES, act_close)                                                                       \
	X(ABORTS, act_abort)      /* SO_LINGER 0 */                                                \
	X(STOPS_LISTENING, act_stop_listening)                                                     \
	/* What becomes of such a packet from them. */                                             \
	X(GOES, act_go)           /* on past the middle, if it has not, and to the other end */    \
	X(PASSES, act_pass)       /* the middle, and waits there */                                \
	X(LOSES, act_lose)        /* it is lost where it is */                                     \
	X(DOUBLES, act_double)    /* it has arrived, and comes past the middle once more */        \
	X(ECHOES, act_echo)       /* the same, doubled behind the middle */                        \
	X(GOES_WRONG, act_go_wrong)           /* its acknowledgment is `amount` too high */        \
	X(ALL_GO, act_all_go)                 /* everything, until it is quiet */                  \
	/* What somebody in the middle sends in its name. */                                       \
	X(SEEMS_TO_RESET, act_seem_to_reset)  /* `amount` past what the peer has received */       \
	X(SEEMS_TO_REFUSE, act_seem_to_refuse) /* acknowledges `amount` more than the SYN */       \
	X(SEEMS_TO_CALL, act_seem_to_call)    /* a SYN, `amount` past its own */                   \
	/* And time. */                                                                            \
	X(LATER, act_wait)                    /* by `amount` ms on the captures' clock */          \
	X(IS_IN, act_be)                      /* so says its kernel */                             \
	X(MUST_BE_IN, act_have_to_be)         /* or this kernel has another rule: it ends here */  \
	X(IS_SEEN_IN, act_be_seen)            /* so says the capture in the middle */              \
	X(JUDGED, act_judge)                  /* kernels against observers, once it is quiet */
/* clang-format on */

enum verb {
#define X(name, act) name,
	VERBS(X)
#undef X
};

struct move {
	enum side who;
	enum verb verb;
	int what; /* enum kind, amount, or enum tcp_state */
};

/*
 * Where an observer cannot know better. What it merely presumes, it must say so of. What was
 * shown by packets that it saw, it may say without doubt, although the end is already further
 * (something that the end sent or got never came by there), or although the end never sent
 * what bears its name.
 */
enum excuse { PRESUMES, LAGS, IS_DECEIVED };

/* Every row is needed by somebody. */
struct allowance {
	enum place place;
	enum side side;
	enum excuse excuse;
	enum tcp_state inferred;
	enum tcp_state kernel; /* ST_UNKNOWN: it has no such socket */
	const char *why;       /* NULL ends the list */
};

struct exchange {
	const char *name;
	const struct move *moves;
	size_t count;
	const struct allowance *allowed; /* may be NULL */
	const char *opening, *closing;   /* at every place; NULL: not said */
	uint16_t odd;                    /* oddities that must be noticed in the middle */
	bool is_lossy;                   /* kernels shall repeat soon what is not acknowledged */
};

enum theme { OPENING, CLOSING, RESETS };

struct exchanges {
	const struct exchange *rows;
	size_t count;
};

struct exchanges exchanges_about(enum theme theme);

/* Plays it; what went wrong is told in `failures`. */
void exchange_play(struct relay *relay, const struct exchange *exchange, char *failures,
                   size_t size);

/* ---- Between the files of the player ----------------------------------------------------------- */

enum { ALLOWANCES_MAX = 16 };

struct play {
	struct relay *relay;
	const struct exchange *exchange;
	char *failures;
	size_t size;
	size_t done; /* moves */
	bool is_used[ALLOWANCES_MAX];
};

void play_fail(struct play *play, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* All three captures against both kernels. */
void play_judge(struct play *play);

/* What only the end can show: oddities, opening and closing, allowances that nobody needed. */
void play_judge_whole(struct play *play);

#endif
