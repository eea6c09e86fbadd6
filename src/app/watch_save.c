/* watch_save.c: one connection of the view to a file: its packets, or its ladder. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "app/session_inside.h"
#include "app/watch_inside.h"
#include "capture/dump.h"
#include "capture/live.h"
#include "report/ladder.h"
#include "report/output.h"

/* Whoever has a file of that name wants to keep it. Its folder may belong to another user than we are by now. */
static int refuse(const char *path, struct error *err)
{
	error_set(err, "%s: %s", path, strerror(errno));
	if (errno == EEXIST)
		error_remedy(err, "choose another name");
	else if (errno == EACCES)
		error_remedy(err, "choose another folder, such as /tmp");
	return -1;
}

static int create(const char *path, struct error *err)
{
	int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

	return descriptor < 0 ? refuse(path, err) : descriptor;
}

/* ---- Its ladder ---- */

static void ladder(struct watch *watch, struct output *output, const struct flow *flow,
                   const struct rung *rungs, size_t count, bool is_whole)
{
	struct page page = *session_page(watch->session);
	struct ladder_options options = {
		.has_gap = !is_whole && count > TRAIL_FIRST,
		.gap = TRAIL_FIRST,
		.time_wait = watch->session->limits.time_wait,
	};

	page.output = output;
	page.colour = false;
	page.width = 0;
	ladder_write(&page, flow, rungs, count, &options);
}

int watch_save_ladder(void *context, const struct flow *flow, const char *path, struct text *said,
                      struct error *err)
{
	struct watch *watch = context;
	size_t count;
	bool is_whole;
	const struct rung *rungs = watch->wire.rungs(watch, flow, &count, &is_whole);
	int descriptor = create(path, err);
	struct output output;
	int outcome;

	if (descriptor < 0)
		return -1;
	output_start(&output, descriptor);
	ladder(watch, &output, flow, rungs, count, is_whole);
	outcome = output_flush(&output, err);
	if (outcome < 0 && output.failed)
		error_set(err, "%s: %s", path, strerror(output.failed));
	if (close(descriptor) < 0 && outcome == 0) {
		error_set(err, "%s: %s", path, strerror(errno));
		outcome = -1;
	}
	if (outcome == 0)
		text_format(said, "ladder saved: %s", path);
	return outcome;
}

/* ---- Its packets ---- */

struct saving {
	const struct selection *wanted;
	const char *path;
	struct dump *dump;
	uint16_t link_type;
	uint64_t written, other_links, cut;
	bool has_failed;
	struct error *err;
};

static void packet_save(void *context, const struct frame *frame)
{
	struct saving *saving = context;

	if (saving->has_failed || !selection_has(saving->wanted, frame->number))
		return;
	if (!saving->dump) {
		saving->link_type = frame->link_type;
		saving->dump = dump_open(saving->path, frame->link_type, LIVE_SNAPLEN_WHOLE,
		                         saving->err);
	}
	if (frame->link_type != saving->link_type) {
		saving->other_links++;
		return;
	}
	saving->has_failed =
		!saving->dump || dump_frame(saving->dump, frame, saving->err) == DUMP_FAILED;
	saving->cut += frame->captured < frame->length;
	saving->written++;
}

/* The files once more, as far as the last packet; where they are damaged, as far as they are good. */
static int save_from_files(struct watch *watch, struct saving *saving)
{
	uint64_t last = saving->wanted->ids[saving->wanted->count - 1];
	struct source *source = intake_source(&watch->session->intake, saving->err);
	struct error ignored;

	if (!source)
		return -1;
	while (source_facts(source).frames < last && !saving->has_failed &&
	       source_visit(source, TRACKER_BATCH, packet_save, saving, &ignored) >= 0)
		;
	source_close(source);
	return 0;
}

static void save_from_ring(const struct watch *watch, struct saving *saving)
{
	struct frame frame;

	for (size_t i = 0; i < saving->wanted->count; i++)
		if (frame_ring_find(watch->live.frames, saving->wanted->ids[i], &frame))
			packet_save(saving, &frame);
}

static uint64_t packets_of(const struct flow *flow)
{
	return flow->sent[CLIENT].packets + flow->sent[SERVER].packets;
}

static void say(const struct saving *saving, const struct flow *flow, struct text *said)
{
	uint64_t found = saving->written + saving->other_links;
	unsigned long long missing = packets_of(flow) > found ? packets_of(flow) - found : 0;

	text_format(said, "%llu packet%s saved: %s", (unsigned long long)saving->written,
	            saving->written == 1 ? "" : "s", saving->path);
	if (missing > 0)
		text_format(said, "; %llu were gone already", missing);
	if (saving->other_links > 0)
		text_format(said, "; %llu have another link type", (unsigned long long)saving->other_links);
	if (saving->cut > 0)
		text_add(said, "; not all of each was captured");
}

static int save(struct watch *watch, struct saving *saving, const struct flow *flow,
                struct text *said)
{
	int outcome = 0;

	if (watch->kind == &watch_replay)
		outcome = save_from_files(watch, saving);
	else
		save_from_ring(watch, saving);
	if (saving->dump && dump_close(saving->dump, saving->err) < 0)
		saving->has_failed = true;
	if (outcome < 0 || saving->has_failed)
		return -1;
	if (saving->written == 0) {
		unlink(saving->path);
		error_set(saving->err, "%s: not saved: its packets are gone already", saving->path);
		return -1;
	}
	say(saving, flow, said);
	return 0;
}

int watch_save_packets(void *context, const struct flow *flow, const char *path,
                       struct text *said, struct error *err)
{
	struct watch *watch = context;
	struct selection frames = { .ids = NULL };
	struct saving saving = { .wanted = &frames, .path = path, .err = err };
	int outcome = -1;
	int descriptor;

	if (!tape_frames(watch->store, flow, watch->session->limits.by_vlan, &frames))
		error_set(err, "%s: not saved: out of memory", path);
	else if (frames.count == 0)
		error_set(err, "%s: not saved: its packets are gone already", path);
	else if ((descriptor = create(path, err)) >= 0) {
		close(descriptor);
		outcome = save(watch, &saving, flow, said);
	}
	selection_free(&frames);
	return outcome;
}
