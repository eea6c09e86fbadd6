/* record.c: writes the frames that were seen to a savefile (-w). */
#include "app/record.h"

#include "app/clock.h"
#include "app/intake.h"
#include "base/time.h"
#include "capture/live.h"
#include "packet/link.h"

bool record_rotates(const struct settings *settings)
{
	return settings->write && (settings->file_size > 0 || settings->file_seconds > 0);
}

static uint32_t count_or_zero(uint64_t count)
{
	return count == UINT64_MAX ? 0 : (uint32_t)count;
}

static int open_dump(struct record *record, uint16_t link_type, struct error *err)
{
	const struct settings *settings = record->settings;
	struct dump_rotation rotation = {
		.size = settings->file_size,
		.seconds = (uint32_t)(settings->file_seconds / TIME_SECOND),
		.files = count_or_zero(settings->files_most),
		.start = intake_is_live(settings) ? clock_now() : TIME_NONE,
	};

	record->is_awaited = false;
	record->link_type = link_type;
	if (record_rotates(settings))
		record->dump = dump_open_rotating(settings->write, link_type, LIVE_SNAPLEN_WHOLE,
		                                  &rotation, err);
	else
		record->dump = dump_open(settings->write, link_type, LIVE_SNAPLEN_WHOLE, err);
	return record->dump ? 0 : -1;
}

int record_open(struct record *record, const struct settings *settings,
                const struct source *source, struct error *err)
{
	struct source_facts facts = source_facts(source);

	*record = (struct record){ .settings = settings };
	if (!settings->write)
		return 0;
	record->is_awaited = facts.container == NULL;
	return record->is_awaited ? 0 : open_dump(record, facts.link_type, err);
}

void record_frame(struct record *record, const struct frame *frame)
{
	int outcome;

	if (record->is_awaited)
		record->has_failed = open_dump(record, frame->link_type, &record->err) < 0;
	if (!record->dump || record->is_full || record->has_failed)
		return;
	if (frame->link_type != record->link_type) {
		record->other_links++;
		return;
	}
	outcome = dump_frame(record->dump, frame, &record->err);
	record->is_full = outcome == DUMP_FULL;
	record->has_failed = outcome == DUMP_FAILED;
}

void record_flush(struct record *record)
{
	if (record->dump && !record->has_failed)
		record->has_failed = dump_flush(record->dump, &record->err) < 0;
}

int record_close(struct record *record, struct error *err)
{
	struct dump *dump;

	/* Nothing came: that is a capture, too. */
	if (record->is_awaited && open_dump(record, LINK_ETHERNET, err) < 0)
		return -1;
	dump = record->dump;
	record->dump = NULL;
	if (dump && dump_close(dump, err) < 0 && !record->has_failed)
		return -1;
	if (record->has_failed) {
		*err = record->err;
		return -1;
	}
	if (record->other_links == 0)
		return 0;
	error_set(err, "%llu frames were not written: their link type is not that of the first one",
	          (unsigned long long)record->other_links);
	error_remedy(err, "write them apart, with a filter for each");
	return -1;
}
