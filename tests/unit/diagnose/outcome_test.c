/* outcome_test.c: what became of short conversations, in a word or two. */

#include "diagnose/finding.h"

#include "unit/diagnose/talk.h"

static void expect(const struct talk *talk, const char *outcome)
{
	cr_expect_str_eq(flow_outcome(talk_flow(talk, 1)), outcome);
}

Test(outcome, follows_a_connection_from_its_syn_to_its_end)
{
	struct talk talk = talk_new();

	say(&talk, CLIENT, 0, TCP_SYN, 0, 0, 0);
	expect(&talk, "no answer");
	say(&talk, SERVER, MS, TCP_SYN | TCP_ACK, 0, 1, 0);
	expect(&talk, "half-open");
	say(&talk, CLIENT, MS, TCP_ACK, 1, 1, 0);
	expect(&talk, "open");
	say(&talk, CLIENT, MS, TCP_FIN | TCP_ACK, 1, 1, 0);
	expect(&talk, "half-closed");
	say(&talk, SERVER, MS, TCP_FIN | TCP_ACK, 1, 2, 0);
	expect(&talk, "closing");
	say(&talk, CLIENT, MS, TCP_ACK, 2, 2, 0);
	expect(&talk, "closed");
	tracker_free(talk.tracker);
}

Test(outcome, tells_resets_apart_by_what_they_ended)
{
	struct talk refused = talk_new();
	struct talk disowned = talk_new();
	struct talk reset = talk_new();

	say(&refused, CLIENT, 0, TCP_SYN, 0, 0, 0);
	say(&refused, SERVER, MS, TCP_RST | TCP_ACK, 2, 1, 0);
	expect(&refused, "refused");
	say(&disowned, CLIENT, 0, TCP_SYN, 0, 0, 0);
	say(&disowned, SERVER, MS, TCP_SYN | TCP_ACK, 0, 1, 0);
	say(&disowned, CLIENT, MS, TCP_RST, 1, 0, 0);
	expect(&disowned, "disowned");
	shake_hands(&reset);
	say(&reset, CLIENT, MS, TCP_RST, 1, 0, 0);
	expect(&reset, "reset");
	tracker_free(refused.tracker);
	tracker_free(disowned.tracker);
	tracker_free(reset.tracker);
}

Test(outcome, stays_closed_when_a_reset_comes_late)
{
	struct talk talk = talk_new();

	shake_hands(&talk);
	part(&talk, 0, 0);
	say(&talk, CLIENT, MS, TCP_RST, 2, 0, 0);
	expect(&talk, "closed");
	tracker_free(talk.tracker);
}

Test(outcome, of_a_socket_connected_to_itself_is_closed_by_one_fin)
{
	struct talk talk = talk_new();

	talk.address[SERVER] = talk.address[CLIENT];
	talk.port[SERVER] = talk.port[CLIENT];
	say(&talk, CLIENT, 0, TCP_SYN, 0, 0, 0);
	say(&talk, CLIENT, 20 * US, TCP_SYN | TCP_ACK, 0, 1, 0);
	expect(&talk, "open");
	say(&talk, CLIENT, MS, TCP_FIN | TCP_ACK, 1, 1, 0);
	say(&talk, CLIENT, MS, TCP_ACK, 2, 2, 0);
	expect(&talk, "closed");
	tracker_free(talk.tracker);
}

Test(outcome, of_datagrams_is_whether_one_came_back)
{
	struct talk talk = talk_new();

	talk.kind = SEGMENT_UDP;
	say(&talk, CLIENT, 0, 0, 0, 0, 5);
	expect(&talk, "unreplied");
	say(&talk, SERVER, MS, 0, 0, 0, 5);
	expect(&talk, "replied");
	tracker_free(talk.tracker);
}
