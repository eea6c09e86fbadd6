/* visitor.h: a client of one of our servers, and what is kept for it. */
#ifndef LAB_VISITOR_H
#define LAB_VISITOR_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "lab/frames.h"
#include "lab/service.h"

enum {
	IN_MAX = 65536,
	OUT_MAX = 2 * IN_MAX, /* who lets more pile up is cut off */
	ANSWER_MAX = 16384,   /* of a command's output, the rest is left out */
};

struct service;

struct visitor {
	struct service *service;
	unsigned slot;
	unsigned number; /* from 1, in the order of coming */
	int socket;
	uint32_t watched; /* what epoll was told to wait for */
	int64_t heard;    /* when it last said something, or took something */
	bool said_all;    /* its end of file came */
	bool has_more;    /* in `in`, when there is room for the answers */
	bool is_leaving;  /* flush, say goodbye, hear it out for a moment, close */
	bool has_goodbye; /* our end of file is sent */
	int64_t deadline; /* of leaving, or of the task */

	int task;    /* -1, or a file to be sent, or the output of a command */
	pid_t child; /* the command; 0: none */

	size_t in_count;
	size_t answer_count; /* the task's output so far */
	size_t out_start, out_count;
	uint8_t answer[ANSWER_MAX];
	uint8_t in[IN_MAX];
	uint8_t out[OUT_MAX];
};

/* What makes a service what it is. All may be NULL. */
struct service_ops {
	void (*greet)(struct visitor *visitor);
	/* Looks at what came in; says how many bytes of it are done with; 0: it needs more. */
	size_t (*take)(struct visitor *visitor);
	/* There is room in `out`, or the task has something. */
	void (*go_on)(struct visitor *visitor);
	/* It is about to be forgotten. */
	void (*leave)(struct visitor *visitor);
	/* UDP: a datagram came. */
	void (*datagram)(struct service *service, const struct sockaddr_storage *from,
	                 socklen_t length, const uint8_t *bytes, size_t count);
};

enum { PEERS_MAX = SERVICE_CLIENTS_MAX };

/* Somebody who sends datagrams. */
struct peer {
	struct sockaddr_storage address;
	socklen_t length;
	int64_t heard;
};

struct service {
	const struct service_row *row;
	struct service_options options;
	int socket; /* listening, or the one for datagrams */
	int poll;   /* epoll: the one descriptor to wait for */
	int folder; /* -1: none */
	int64_t now;
	bool is_stirred; /* somebody has something new to hear */
	unsigned came;
	unsigned count;
	struct visitor *visitors[SERVICE_CLIENTS_MAX];
	unsigned peer_count;
	struct peer peers[PEERS_MAX];
};

/* Puts bytes in its queue; cuts it off when it lets too much pile up. */
void visitor_send(struct visitor *visitor, const void *bytes, size_t count);
void visitor_say(struct visitor *visitor, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
size_t visitor_room(const struct visitor *visitor);

/* Says goodbye after what is queued. `why` (not NULL: it was cut off) is told to our people. */
void visitor_dismiss(struct visitor *visitor, const char *why);

/* The task has its own place in the poll. */
int visitor_watch_task(struct visitor *visitor, int descriptor);
void visitor_end_task(struct visitor *visitor);

void service_tell(const struct service *service, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The next line in `in`, its newline (and a carriage return) cut off and replaced by a NUL; NULL: not whole yet. */
char *visitor_line(struct visitor *visitor, size_t *taken);

extern const struct service_ops echo_ops, chat_ops, exec_ops, files_ops, udp_echo_ops, udp_chat_ops;

#endif
