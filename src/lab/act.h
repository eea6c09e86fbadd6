/* act.h: what the people of a scenario can do. */
#ifndef LAB_ACT_H
#define LAB_ACT_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "lab/performance.h"
#include "lab/wait.h"

/* name, for people. */
#define ACTORS(X)                                                                                  \
	X(SERVER, "server")                                                                        \
	X(CLIENT, "client")                                                                        \
	X(SECOND_SERVER, "second server")                                                          \
	X(SECOND_CLIENT, "second client")                                                          \
	X(CROWD, "crowd")

enum actor {
#define X(name, words) name,
	ACTORS(X)
#undef X
		ACTOR_COUNT
};

/*
 * name, function, whether it is done with EACH socket of the group or ONCE,
 * for people: @ is the server's place, # the amount, " the text.
 */
/* clang-format off */
#define VERBS(X) \
	X(IS_ABSENT,           act_absent,             ONCE, "is not there: nobody listens on @")                                 \
	X(BINDS,               act_bind,               ONCE, "binds @, but does not listen")                                      \
	X(LISTENS,             act_listen,             ONCE, "listens on @")                                                      \
	X(LISTENS_SHORTLY,     act_listen,             ONCE, "listens on @ with a backlog of #")                                  \
	X(SWALLOWS_EVERYWHERE, act_swallow_everywhere, ONCE, "listens on every address, and swallows what arrives")               \
	X(FINDS_PORT_TAKEN,    act_find_taken,         ONCE, "tries to bind @: address already in use")                           \
	X(STOPS_LISTENING,     act_stop_listening,     ONCE, "stops listening")                                                   \
	X(ACCEPTS,             act_accept,             ONCE, "accepts")                                                           \
	X(ACCEPTS_ALL,         act_accept,             ONCE, "accepts # connections")                                             \
	X(DIALS,               act_dial,               ONCE, "sends a SYN to @")                                                  \
	X(CONNECTS,            act_connect,            ONCE, "connects to @")                                                     \
	X(COME_TOGETHER,       act_connect,            ONCE, "of # connects to @")                                                \
	X(CONNECTS_AGAIN,      act_connect_again,      ONCE, "connects to @ again, from the same port")                           \
	X(CONNECTS_TO_ITSELF,  act_connect_to_itself,  ONCE, "connects a socket to itself")                                       \
	X(DIALS_BACK,          act_dial_back,          ONCE, "connects to the client's port, from the port it listened on")       \
	X(GETS_THROUGH,        act_get_through,        EACH, "is connected")                                                      \
	X(IS_REFUSED,          act_be_refused,         ONCE, "connects to @: connection refused")                                 \
	X(SENDS_AT_ONCE,       act_send_at_once,       ONCE, "connects to @ with data on the SYN, where a cookie allows it: \"")  \
	X(SENDS,               act_send,               EACH, "sends # bytes")                                                     \
	X(SAYS,                act_send,               EACH, "says \"")                                                           \
	X(SAYS_IN_PIECES,      act_send_in_pieces,     EACH, "says, in many small writes, \"")                                    \
	X(SENDS_SEGMENTS,      act_send_segments,      EACH, "sends # bytes in many small segments")                              \
	X(HOLDS_BACK,          act_hold_back,          EACH, "writes # bytes, and more is to come")                               \
	X(SENDS_FRAMES,        act_send_frames,        EACH, "sends # messages, each behind its length, cut anywhere")            \
	X(FILLS_THE_WINDOW,    act_fill_window,        EACH, "sends until nothing more fits")                                     \
	X(READS,               act_read,               EACH, "reads # bytes")                                                     \
	X(READS_AT_ONCE,       act_read_at_once,       EACH, "reads once, and gets all # bytes together")                         \
	X(READS_FRAMES,        act_read_frames,        EACH, "reads # whole messages, whatever the pieces were")                  \
	X(READS_ALL,           act_read_all,           EACH, "reads all that was sent")                                           \
	X(NOTICES,             act_notice,             EACH, "has data waiting and does not read it")                             \
	X(SEES_EOF,            act_see_eof,            EACH, "reads end of file")                                                 \
	X(IS_RESET,            act_be_reset,           EACH, "learns of the reset")                                               \
	X(SHUTS,               act_shut,               EACH, "shuts its sending side")                                            \
	X(CLOSES,              act_close,              EACH, "closes")                                                            \
	X(ABORTS,              act_abort,              EACH, "closes with SO_LINGER 0")                                           \
	X(HANDS_TO_CHILD,      act_hand_to_child,      EACH, "hands the connection to a child process")                           \
	X(IS_KILLED,           act_be_killed,          ONCE, "child is killed")                                                   \
	X(SWALLOWS,            act_swallow,            ONCE, "is cut off: a filter swallows what arrives")                        \
	X(LOSES,               act_lose,               ONCE, "loses # % of what arrives")                                         \
	X(HEARS_AGAIN,         act_hear_again,         ONCE, "hears everything again")                                            \
	X(KEEPS_ALIVE,         act_keep_alive,         ONCE, "asks after 1 s of silence whether the peer lives (SO_KEEPALIVE)")   \
	X(DELAYS_ACKS,         act_delay_acks,         ONCE, "delays its ACKs")                                                   \
	X(DEFERS_ACCEPT,       act_defer_accept,       ONCE, "will accept only once data comes (TCP_DEFER_ACCEPT)")               \
	X(OFFERS_FAST_OPEN,    act_offer_fast_open,    ONCE, "offers fast open")                                                  \
	X(HAS_LITTLE_ROOM,     act_shrink_room,        ONCE, "has small buffers")                                                 \
	X(WAITS,               act_wait,               ONCE, "waits # ms")                                                        \
	X(FLOODS,              act_flood,              ONCE, "sends # SYNs from addresses of others in 127/8")                    \
	X(BINDS_UDP,           act_bind_udp,           ONCE, "binds UDP @")                                                       \
	X(ASKS,                act_ask,                ONCE, "sends a datagram to @: \"")                                         \
	X(HEARS,               act_hear,               ONCE, "receives the datagram")                                             \
	X(HEARS_OF_NOBODY,     act_hear_unreachable,   ONCE, "learns that nobody is bound there: port unreachable")               \
	X(ANSWERS,             act_answer,             ONCE, "receives it and sends it back")                                     \
	X(PASSES_ON,           act_pass_on,            ONCE, "passes it on to everybody else")
/* clang-format on */

enum verb {
	END_OF_STEPS,
#define X(name, function, frequency, words) name,
	VERBS(X)
#undef X
		VERB_COUNT
};

/* One line of a scenario. */
struct act {
	uint8_t actor; /* enum actor */
	uint8_t verb;  /* enum verb */
	int amount;
	const char *text;
	bool at_once; /* the next act is part of this one */
};

enum { SOCKETS_MAX = 16, FRAME_TEXT_MAX = 16 };

/*
 * Somebody with sockets. Acts are done with the latest group: the connections
 * made or accepted by the latest act that did so. Earlier ones are kept open.
 */
struct party {
	int fresh;    /* made ready for the next listen or connect; -1: none */
	int listener; /* -1: none */
	int sockets[SOCKETS_MAX];
	unsigned first, count; /* the latest group is [first, count) */
	uint16_t port;         /* where it listens, or connected from last; 0: nowhere yet */
	int child;             /* process that holds its connection; 0: none */
	uint64_t sent;         /* bytes that FILLS_THE_WINDOW got rid of */
};

struct performance {
	const struct scenario *scenario;
	struct performance_options options;
	struct party parties[ACTOR_COUNT];
	size_t next;     /* index of the next act */
	bool is_begun;   /* it, or part of it, was tried already */
	int64_t begun;   /* when */
	unsigned socket; /* progress within an act: which of the group... */
	uint64_t moved;  /* ...and how many bytes or datagrams */
	size_t end_count;
	struct lab_end ends[PERFORMANCE_ENDS_MAX];
	struct lab_end subject;
	bool is_flooding; /* the subject's port is that of all forged senders */
	struct sockaddr_in peers[SOCKETS_MAX]; /* who has sent the server datagrams */
	unsigned peer_count;
	unsigned peer_latest;
};

enum act_outcome { ACT_DONE, ACT_WAITS, ACT_FAILED };

/* What an act's function gets. */
struct cue {
	struct performance *performance;
	struct party *party;
	const struct act *act;
	int *socket; /* acts that are done with each socket of the group: this one, -1 once it is closed */
	bool is_first; /* nothing was tried yet (with this socket) */
	int64_t now;
	struct wait *wait; /* filled where the outcome is ACT_WAITS */
	struct error *err; /* "WHY" where it is ACT_FAILED */
};

/* ACT_WAITS: for the descriptor, or for a time. */
enum act_outcome cue_wait(struct cue *cue, int descriptor, short events);
enum act_outcome cue_wait_until(struct cue *cue, int64_t due);

/* ACT_FAILED with errno's words after `what`. */
enum act_outcome cue_fail(struct cue *cue, const char *what);

/* For things that must not fail on a healthy system: ACT_DONE, or ACT_FAILED if `result` is negative. */
enum act_outcome cue_judge(struct cue *cue, int result, const char *what);

typedef enum act_outcome act_function(struct cue *cue);

#define X(name, function, frequency, words) act_function function;
VERBS(X)
#undef X

enum frequency { ONCE, EACH };

struct verb_row {
	act_function *perform;
	enum frequency frequency;
	const char *words;
};

const struct verb_row *verb_row(enum verb verb);
const char *actor_words(enum actor actor);

#endif
