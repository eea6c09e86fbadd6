/* calm_surprise_test.c: in every phase, from either end, something else than what is expected. */

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit/track/calm_talk.h"

enum { DRESSES = 4, ROOM = 6 };

/* What the surprise comes instead of. */
static const struct {
	unsigned flags;
	uint32_t payload;
} bases[] = {
	{ TCP_ACK, 0 },
	{ TCP_ACK, 10 },
	{ TCP_FIN | TCP_ACK, 0 },
};
enum { BASES = sizeof(bases) / sizeof(bases[0]) };

/* Nothing; everything; scales and cut payload; stamps and a small MSS. */
static void put_on(struct talk *talk, int which)
{
	for (int side = CLIENT; side <= SERVER; side++) {
		talk->dress.mss[side] = which == 1 ? 1460 : which == 3 ? 100 : 0;
		talk->dress.stamps[side] = which % 2 == 1;
		talk->dress.scale[side] = which == 1 || which == 2 ? (int8_t)(2 + side) : NO_SCALE;
		talk->is_cut[side] = which == 2;
	}
}

static struct segment surprise_of(struct talk *talk, const struct surprise_row *row, int base,
                                  enum side side)
{
	struct segment segment = talk_say(talk, side, bases[base].flags, bases[base].payload);

	talk_dress(talk, &segment, side);
	row->make(talk, &segment, side);
	return segment;
}

/* The surprise, what both say after it, and silence. */
static void converse(struct pair *pair, struct talk *talk, enum calm_phase phase,
                     const struct surprise_row *row, int base, enum side side)
{
	struct segment segment;

	cr_assert(ways[phase], "no way leads to phase %d", phase);
	talk_hear(talk, pair, ways[phase]);
	cr_assert_eq(pair_phase(pair, pair->play.tracker->next_id - 1), phase, "%s: %s", row->name,
	             ways[phase]);
	segment = surprise_of(talk, row, base, side);
	segment.time = pair->play.time += PLAY_STEP;
	segment.frame = ++pair->play.frame;
	pair_feed(pair, &segment);
	if (base == 0)
		pair_compare_woken(pair);
	talk_hear(talk, pair, "aAdD");
	pair_wait(pair, 6000);
}

static void surprise_all(const struct surprise_row *row, int dress)
{
	struct tracker_options options = pair_options();
	struct pair pair;
	uint16_t port = 40000;

	options.max_flows = ROOM;
	options.keep = 2;
	options.by_vlan = dress == 1;
	pair_begin_with(&pair, &options, dress == 2 ? 0 : PAIR_KINDS);
	for (int phase = CALM_ASKED; phase < CALM_PHASES; phase++) {
		for (int i = 0; i < 2 * BASES; i++) {
			struct talk talk;

			talk_begin_plainly(&talk, ++port);
			put_on(&talk, dress);
			converse(&pair, &talk, (enum calm_phase)phase, row, i / 2, (enum side)(i % 2));
		}
	}
	pair_end(&pair);
}

ParameterizedTestParameters(calm_surprise, changes_nothing_in_any_phase)
{
	static int rows[128];

	for (int i = 0; i < surprise_count; i++)
		rows[i] = i;
	return cr_make_param_array(int, rows, (size_t)surprise_count);
}

ParameterizedTest(int *row, calm_surprise, changes_nothing_in_any_phase)
{
	for (int dress = 0; dress < DRESSES; dress++)
		surprise_all(&surprises[*row], dress);
}
