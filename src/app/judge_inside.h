/* judge_inside.h: what the files of the judge share. */
#ifndef APP_JUDGE_INSIDE_H
#define APP_JUDGE_INSIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/judge.h"
#include "host/sockets.h"
#include "lab/wait.h"
#include "packet/decode.h"
#include "packet/segment.h"

struct case_file {
	struct performance *performance;
	struct judgement judgement;
	struct wait wait;
	bool is_pending;    /* an act was done, and its moment not yet judged */
	bool is_ended;      /* no act is left, or one failed */
	bool is_in_doubt;   /* it differed at the last moment */
	unsigned attempts;  /* to find it quiet since its last act */
	int64_t last_frame; /* time of its latest frame, TIME_NONE if none */
	bool was_heard;     /* a frame of it came by since it was in doubt */
};

struct judge {
	struct judge_options options;
	struct case_file *cases;
	size_t count, room;
	struct decoder decoder;
	struct segment batch[TRACKER_BATCH];
	size_t batched;
	struct sockets sockets;
	bool has_sockets;

	/* Numbered datagrams to itself say how far the capture has come. */
	int caller;
	uint16_t port;
	uint64_t called;    /* number of the latest one sent */
	uint64_t heard;     /* and of the latest one that was captured */
	int64_t first_call; /* frame time of the first one of a moment */
};

/* ---- judge_moment.c: what the capture says, up to a moment ------------------------------------- */

int calls_open(struct judge *judge, struct error *err);
void calls_close(struct judge *judge);

/* Two numbered datagrams, and the kernel's tables as they were between them. */
int moment_take(struct judge *judge, struct error *err);

/* All that the source has; judges the moment when its second datagram comes by. -1 and err as from the source. */
int capture_visit(struct judge *judge, struct error *err);

/* ---- judge_compare.c: the tracker's states beside the kernel's --------------------------------- */

/* Compares every end of the performance; false where one differs and must not. Writes down the first difference. */
bool states_agree(const struct judge *judge, struct case_file *file, char *difference, size_t size);

/* At the end: finds the flow that the scenario is about, and holds it against the row. */
void life_compare(const struct judge *judge, struct case_file *file);

#endif
