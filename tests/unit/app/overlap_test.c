/* overlap_test.c: frames that two of the files repeat. */
#include "app/overlap.h"

#include <criterion/criterion.h>

static const uint8_t bytes[4] = { 1, 2, 3, 4 };
static const uint8_t others[4] = { 1, 2, 3, 5 };

/* A frame of file `file` at `time`. */
static struct frame frame_of(uint32_t file, int64_t time, const uint8_t *content)
{
	return (struct frame){
		.bytes = content,
		.time = time,
		.captured = sizeof bytes,
		.length = 60,
		.interface = file << 16,
	};
}

Test(overlap, knows_a_frame_of_another_file_again)
{
	struct overlap overlap = { .is_watched = true };
	struct frame first = frame_of(1, 100, bytes), copy = frame_of(2, 100, bytes);
	struct frame third = frame_of(3, 100, bytes);

	cr_assert_not(overlap_has(&overlap, &first));
	cr_assert(overlap_has(&overlap, &copy));
	cr_assert(overlap_has(&overlap, &third), "three files may hold it");
}

/* Digests are taken only where they will be looked at: here behind each gap, and at both ends. */
Test(overlap, finds_copies_in_a_batch)
{
	struct overlap overlap = { .is_watched = true };
	struct frame frames[] = {
		frame_of(1, 100, bytes), frame_of(1, 101, others), frame_of(2, 101, others),
		frame_of(1, 102, bytes), frame_of(2, 102, others), frame_of(1, 103, bytes),
	};
	struct frame copy = frame_of(2, 103, bytes);

	cr_expect_eq(overlap_find(&overlap, frames, 6), 2);
	cr_expect_eq(overlap_find(&overlap, frames + 3, 3), 3);
	cr_expect_eq(overlap_find(&overlap, &copy, 1), 0, "of the batch before");
}

Test(overlap, leaves_what_one_file_repeats_to_the_tracker)
{
	struct overlap overlap = { .is_watched = true };
	struct frame frame = frame_of(1, 100, bytes);

	cr_assert_not(overlap_has(&overlap, &frame));
	cr_assert_not(overlap_has(&overlap, &frame));
}

Test(overlap, wants_the_same_time_and_the_same_bytes)
{
	struct overlap overlap = { .is_watched = true };
	struct frame first = frame_of(1, 100, bytes), later = frame_of(2, 101, bytes);
	struct frame other = frame_of(1, 101, others);

	cr_assert_not(overlap_has(&overlap, &first));
	cr_assert_not(overlap_has(&overlap, &later));
	cr_assert_not(overlap_has(&overlap, &other));
}

Test(overlap, does_not_look_when_there_is_one_file)
{
	struct overlap overlap = { .is_watched = false };
	struct frame first = frame_of(0, 100, bytes), second = frame_of(1, 100, bytes);

	cr_assert_not(overlap_has(&overlap, &first));
	cr_assert_not(overlap_has(&overlap, &second));
}

Test(overlap, marks_only_what_belongs_to_a_connection)
{
	struct segment tcp = { .kind = SEGMENT_TCP }, udp = { .kind = SEGMENT_UDP };
	struct segment quote = { .kind = SEGMENT_TCP_QUOTE };

	cr_assert(overlap_mark(&tcp) && tcp.kind == SEGMENT_TCP_COPY);
	cr_assert(overlap_mark(&udp) && udp.kind == SEGMENT_UDP_COPY);
	cr_assert_not(overlap_mark(&quote));
}
