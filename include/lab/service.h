/* service.h: small servers for playing by hand, and a client for each. */
#ifndef LAB_SERVICE_H
#define LAB_SERVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "lab/wait.h"
#include "packet/address.h"

/* Limits that no visitor can move. */
enum {
	SERVICE_CLIENTS_MAX = 64,
	SERVICE_LINE_MAX = 4096,    /* bytes, the newline left out */
	SERVICE_FRAME_MAX = 4096,   /* bytes of a request behind the four of its length */
	SERVICE_IDLE_SECONDS = 600, /* of silence that end a visit */
	SERVICE_TASK_SECONDS = 5,   /* that a command may run */
};

enum service_speech { SPEECH_BYTES, SPEECH_LINES, SPEECH_FRAMES };

struct service_ops;

struct service_row {
	const char *name;
	const char *summary;
	uint8_t protocol; /* 6 or 17 */
	uint16_t port;    /* unless another is given */
	enum service_speech
		speech; /* frames: four bytes of length, most significant first, then text */
	bool needs_folder;
	const struct service_ops *ops; /* private */
};

/* Every service, for lists and completions. */
const struct service_row *service_rows(size_t *count);
const struct service_row *service_find(const char *name);

/* A line for people: who came, who left, who was cut off and why; lent for the call. */
typedef void lab_teller(void *context, const char *words);

/* ---- Serving ---------------------------------------------------------------------------------- */

struct service_options {
	uint8_t family; /* enum family; FAMILY_NONE: 127.0.0.1 */
	struct address address;
	uint16_t port; /* 0: the row's own; to let the kernel choose, see any_port */
	bool any_port;
	const char *folder; /* what `files` serves: nothing outside of it can be reached */
	lab_teller *tell;   /* NULL: nobody listens */
	void *context;
};

struct service;

enum machine_outcome {
	MACHINE_FAILED = -1, /* err says why */
	MACHINE_WAITS = 0,   /* `wait` says for what */
	MACHINE_WORKED = 1,  /* there may be more to do at once */
	MACHINE_OVER = 2,    /* only a caller: the conversation is over */
};

struct service *service_new(const struct service_row *row, const struct service_options *options,
                            struct error *err);
void service_free(struct service *service);

/* Never blocks, and no visitor makes it fail. `now` never runs back, on any clock. */
enum machine_outcome service_step(struct service *service, int64_t now, struct wait *wait,
                                  struct error *err);

/* "127.0.0.1:8000". */
void service_place(const struct service *service, struct text *text);
uint16_t service_port(const struct service *service);
size_t service_clients(const struct service *service);

/* ---- Calling ---------------------------------------------------------------------------------- */

struct caller_options {
	uint8_t family; /* as above */
	struct address address;
	uint16_t port; /* 0: the row's own */
	int input;     /* lines are read from here; lent */
	void (*hear)(void *context, const void *bytes, size_t count); /* what the other side says */
	void *context;
};

struct caller;

/*
 * Speaks as the service expects: lines as they are, each in a frame, or in a
 * datagram. So a plain `nc -l` can be at the other end, too. At the end of
 * input it says goodbye and hears the rest.
 */
struct caller *caller_new(const struct service_row *row, const struct caller_options *options,
                          struct error *err);
void caller_free(struct caller *caller);
enum machine_outcome caller_step(struct caller *caller, int64_t now, struct wait *wait,
                                 struct error *err);

#endif
