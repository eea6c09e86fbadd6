/* rungs_test.c: which segments a collection keeps. */
#include "app/rungs.h"

#include <criterion/criterion.h>

static bool wants_odd(const void *choice, uint64_t id)
{
	(void)choice;
	return id % 2 == 1;
}

/* Only what a collection looks at; the tracker is not needed for it. */
static void take(struct collection *collection, uint64_t id, uint32_t payload, enum event_kind kind)
{
	struct flow flow = { .id = id, .key = { .protocol = PROTOCOL_TCP } };
	struct segment segment = {
		.kind = SEGMENT_TCP,
		.flags = TCP_ACK,
		.payload = payload,
	};
	struct event event = { .kind = kind, .flow = &flow, .segment = &segment };

	flow.sent[CLIENT].payload = 1000000;
	collection_take(collection, &event);
}

Test(rungs, keeps_only_chosen_flows_by_ascending_id)
{
	struct collection collection = { .wants = wants_odd };

	take(&collection, 5, 1, EVENT_SEGMENT);
	take(&collection, 2, 1, EVENT_SEGMENT);
	take(&collection, 1, 1, EVENT_SEGMENT);
	take(&collection, 3, 1, EVENT_SEGMENT);
	take(&collection, 1, 1, EVENT_SEGMENT);
	cr_assert_eq(collection.count, 3);
	for (size_t i = 0; i < 3; i++)
		cr_assert_eq(collection.flows[i].id, 2 * i + 1);
	cr_assert_eq(collection.flows[0].count, 2);
	collection_free(&collection);
}

Test(rungs, remembers_a_flow_that_the_tracker_forgets)
{
	struct collection collection = { .wants = wants_odd };

	take(&collection, 7, 1, EVENT_SEGMENT);
	take(&collection, 7, 1, EVENT_FLOW_FORGOTTEN);
	cr_assert(collection.flows[0].is_forgotten);
	cr_assert_eq(collection.flows[0].flow.id, 7);
	cr_assert_eq(collection.flows[0].count, 1);
	collection_free(&collection);
}

Test(rungs, folds_plain_data_when_a_flow_is_very_long)
{
	struct collection collection = { .wants = wants_odd };
	uint64_t kept = 0;

	for (int i = 0; i < 30000; i++)
		take(&collection, 1, 10, EVENT_SEGMENT);
	kept = collection.flows[0].count;
	cr_assert_lt(kept, 30000);
	cr_assert_eq(collection.flows[0].rung[kept - 1].step.folded, 30000 - kept);
	cr_assert_eq(collection.flows[0].rung[kept - 1].step.folded_payload[CLIENT],
	             10 * (30000 - kept));
	collection_free(&collection);
}
