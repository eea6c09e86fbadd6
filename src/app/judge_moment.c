/* judge_moment.c: moments of quiet, and what the capture shows up to them. */

/*
 * The capture is delivered late, so silence there proves nothing. The judge
 * sends itself two numbered datagrams and reads the kernel's tables in between;
 * when the second comes out of the capture, everything before it has, too. The
 * moment counts for those who had no frame between the two, nor in the 60 ms
 * before: Linux may delay the ACK of a FIN by 40 ms.
 */

#include "app/judge_inside.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "app/cast.h"
#include "base/text.h"
#include "capture/source.h"

#define QUIET (60 * TIME_MILLISECOND)
/* Somebody who is never quiet goes on unjudged. */
#define ATTEMPTS_MOST 8

int calls_open(struct judge *judge, struct error *err)
{
	struct sockaddr_in here = { .sin_family = AF_INET };
	socklen_t length = sizeof(here);

	here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	judge->caller = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (judge->caller < 0 || bind(judge->caller, (struct sockaddr *)&here, sizeof(here)) < 0 ||
	    getsockname(judge->caller, (struct sockaddr *)&here, &length) < 0 ||
	    connect(judge->caller, (struct sockaddr *)&here, sizeof(here)) < 0) {
		error_set(err, "cannot send to loopback: %s", strerror(errno));
		return -1;
	}
	judge->port = ntohs(here.sin_port);
	return 0;
}

void calls_close(struct judge *judge)
{
	if (judge->caller >= 0)
		close(judge->caller);
}

static int call(struct judge *judge, struct error *err)
{
	uint64_t number = ++judge->called;
	uint64_t back;

	if (send(judge->caller, &number, sizeof(number), 0) < 0) {
		error_set(err, "cannot send to loopback: %s", strerror(errno));
		return -1;
	}
	while (recv(judge->caller, &back, sizeof(back), 0) >= 0)
		;
	return 0;
}

int moment_take(struct judge *judge, struct error *err)
{
	if (call(judge, err) < 0 || sockets_read(&judge->sockets, true, false, err) < 0)
		return -1;
	return call(judge, err);
}

static void flush(struct judge *judge)
{
	tracker_feed(judge->options.tracker, judge->batch, judge->batched);
	judge->batched = 0;
}

static bool was_quiet(const struct judge *judge, const struct case_file *file)
{
	return file->last_frame == TIME_NONE ||
	       time_between(file->last_frame, judge->first_call) > QUIET;
}

/* One difference is believed only if it stays though nothing of it passed meanwhile. */
static void judge_one(const struct judge *judge, struct case_file *file)
{
	struct judgement *judgement = &file->judgement;
	char difference[sizeof(judgement->disagreement)] = "";
	bool agrees;

	if (!was_quiet(judge, file)) {
		if (++file->attempts >= ATTEMPTS_MOST)
			file->is_pending = false;
		return;
	}
	agrees = states_agree(judge, file, difference, sizeof(difference));
	if (!agrees && (!file->is_in_doubt || file->was_heard)) {
		file->is_in_doubt = true;
		file->was_heard = false;
		return;
	}
	file->is_in_doubt = false;
	file->is_pending = false;
	judgement->moments++;
	judgement->agreed += agrees;
	if (!agrees && judgement->disagreement[0] == '\0') {
		struct text text =
			text_over(judgement->disagreement, sizeof(judgement->disagreement));

		text_format(&text, "after act %zu: %s", performance_done(file->performance),
		            difference);
	}
}

static void judge_all(struct judge *judge)
{
	flush(judge);
	for (size_t i = 0; i < judge->count; i++)
		if (!judge->cases[i].is_ended || judge->cases[i].is_pending ||
		    judge->cases[i].is_in_doubt)
			judge_one(judge, &judge->cases[i]);
}

static bool is_call(const struct judge *judge, const struct segment *segment)
{
	return segment->kind == SEGMENT_UDP && segment->source_port == judge->port &&
	       segment->destination_port == judge->port;
}

static void hear_call(struct judge *judge, const struct frame *frame)
{
	const uint8_t *payload;
	uint64_t number;

	if (decode_payload(frame, &payload) < sizeof(number))
		return;
	memcpy(&number, payload, sizeof(number));
	judge->heard = number;
	if (number % 2 == 1)
		judge->first_call = frame->time;
	else if (number == judge->called)
		judge_all(judge);
}

static void hear_frame(void *context, const struct frame *frame)
{
	struct judge *judge = context;
	struct segment *segment = &judge->batch[judge->batched];
	bool has_segment = verdict_has_segment(decoder_decode(&judge->decoder, frame, segment));

	if (has_segment && is_call(judge, segment)) {
		hear_call(judge, frame);
		return;
	}
	if (judge->options.frame != NULL)
		judge->options.frame(judge->options.context, frame);
	if (!has_segment)
		return;
	for (size_t i = 0; i < judge->count; i++)
		if (cast_has_segment(judge->cases[i].performance, segment)) {
			judge->cases[i].last_frame = frame->time;
			judge->cases[i].was_heard = true;
		}
	if (++judge->batched == TRACKER_BATCH)
		flush(judge);
}

int capture_visit(struct judge *judge, struct error *err)
{
	int count;

	while ((count = source_visit(judge->options.source, TRACKER_BATCH, hear_frame, judge,
	                             err)) > 0)
		;
	flush(judge);
	return count == SOURCE_FAILED ? -1 : 0;
}
