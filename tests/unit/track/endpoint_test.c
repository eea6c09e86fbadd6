/* endpoint_test.c: proofs, presumptions, and taking them back. */

#include "track/endpoint.h"

#include <criterion/criterion.h>

static void prove(struct endpoint *end, enum proof proof)
{
	endpoint_show(end, proof, PROVEN);
}

static void presume(struct endpoint *end, enum proof proof)
{
	endpoint_show(end, proof, PRESUMED);
}

static struct endpoint established_client(void)
{
	struct endpoint end = { .state = ST_UNKNOWN };

	prove(&end, PROOF_SENT_SYN);
	presume(&end, PROOF_SYN_ACKED);
	prove(&end, PROOF_SENT_ACK);
	cr_assert_eq(end.state, ST_ESTABLISHED);
	return end;
}

static struct endpoint answering_server(void)
{
	struct endpoint end = { .state = ST_UNKNOWN };

	presume(&end, PROOF_PEER_SYN);
	prove(&end, PROOF_PEER_SYN);
	prove(&end, PROOF_SENT_SYN_ACK);
	cr_assert_eq(end.state, ST_SYN_RECEIVED);
	return end;
}

Test(endpoint, keeps_syn_sent_until_its_ack)
{
	struct endpoint end = { .state = ST_UNKNOWN };

	prove(&end, PROOF_SENT_SYN);
	presume(&end, PROOF_SYN_ACKED);
	cr_assert_eq(end.state, ST_SYN_SENT);
	prove(&end, PROOF_SENT_ACK);
	cr_assert_eq(end.state, ST_ESTABLISHED);
}

Test(endpoint, says_whether_anything_changed)
{
	struct endpoint end = { .state = ST_UNKNOWN };

	cr_assert(endpoint_show(&end, PROOF_SENT_SYN, PROVEN));
	cr_assert_not(endpoint_show(&end, PROOF_SENT_SYN, PROVEN));
	cr_assert_not(endpoint_show(&end, PROOF_SENT_SYN, PRESUMED));
	cr_assert_not(endpoint_show(&end, PROOF_FIN_ACKED, PRESUMED));
	cr_assert_eq(end.state, ST_SYN_SENT);
}

Test(endpoint, follows_an_arrow_that_a_late_segment_held_up)
{
	struct endpoint end = established_client();

	presume(&end, PROOF_FIN_ACKED);
	cr_assert_eq(end.state, ST_ESTABLISHED);
	prove(&end, PROOF_SENT_FIN);
	cr_assert_eq(end.state, ST_FIN_WAIT_2);
}

Test(endpoint, moves_to_a_fixed_point)
{
	struct endpoint end = established_client();

	prove(&end, PROOF_GOT_FIN);
	cr_assert_eq(end.state, ST_CLOSE_WAIT);
	presume(&end, PROOF_FIN_ACKED);
	prove(&end, PROOF_SENT_FIN);
	cr_assert_eq(end.state, ST_CLOSED);
}

Test(endpoint, takes_first_what_was_shown_first)
{
	struct endpoint got_first = established_client();
	struct endpoint sent_first = established_client();

	prove(&got_first, PROOF_GOT_FIN);
	prove(&got_first, PROOF_SENT_FIN);
	cr_assert_eq(got_first.state, ST_LAST_ACK);
	prove(&sent_first, PROOF_SENT_FIN);
	prove(&sent_first, PROOF_GOT_FIN);
	cr_assert_eq(sent_first.state, ST_CLOSING);
}

Test(endpoint, the_state_is_presumed_when_its_last_move_was)
{
	struct endpoint end = answering_server();

	cr_assert_eq(end.certainty, PROVEN);
	presume(&end, PROOF_SYN_ACKED);
	cr_assert_eq(end.state, ST_ESTABLISHED);
	cr_assert_eq(end.certainty, PRESUMED);
	cr_assert(endpoint_show(&end, PROOF_SYN_ACKED, PROVEN));
	cr_assert_eq(end.state, ST_ESTABLISHED);
	cr_assert_eq(end.certainty, PROVEN);
}

Test(endpoint, a_presumption_never_weakens_a_proof)
{
	struct endpoint end = answering_server();

	prove(&end, PROOF_SYN_ACKED);
	presume(&end, PROOF_SYN_ACKED);
	cr_assert_eq(end.certainty, PROVEN);
	cr_assert_not(endpoint_take_back(&end, PROOF_SYN_ACKED));
	cr_assert_eq(end.state, ST_ESTABLISHED);
}

Test(endpoint, takes_a_presumption_back)
{
	struct endpoint end = answering_server();

	presume(&end, PROOF_SYN_ACKED);
	cr_assert(endpoint_take_back(&end, PROOF_SYN_ACKED));
	cr_assert_eq(end.state, ST_SYN_RECEIVED);
	cr_assert_eq(end.certainty, PROVEN);
	cr_assert_not(endpoint_has(&end, PROOF_SYN_ACKED));
	cr_assert_not(endpoint_take_back(&end, PROOF_SYN_ACKED));
}

Test(endpoint, taking_back_leaves_what_came_later)
{
	struct endpoint end = answering_server();

	presume(&end, PROOF_SYN_ACKED);
	prove(&end, PROOF_GOT_FIN);
	cr_assert_eq(end.state, ST_CLOSE_WAIT);
	endpoint_take_back(&end, PROOF_SYN_ACKED);
	cr_assert_eq(end.state, ST_SYN_RECEIVED);
	presume(&end, PROOF_SYN_ACKED);
	cr_assert_eq(end.state, ST_CLOSE_WAIT);
}

Test(endpoint, has_what_was_proven_or_presumed)
{
	struct endpoint end = answering_server();

	cr_assert(endpoint_has(&end, PROOF_SENT_SYN_ACK));
	cr_assert_not(endpoint_has(&end, PROOF_SENT_SYN));
	presume(&end, PROOF_SYN_ACKED);
	cr_assert(endpoint_has(&end, PROOF_SYN_ACKED));
}

static void expect_path(const struct endpoint *end, const enum tcp_state *expected, int count)
{
	enum tcp_state path[PATH_MAX_STATES];

	cr_assert_eq(endpoint_path(end, path), count);
	for (int i = 0; i < count; i++)
		cr_assert_eq(path[i], expected[i]);
}

#define EXPECT_PATH(end, ...)                                                                      \
	expect_path(end, (const enum tcp_state[]){ __VA_ARGS__ },                                  \
	            (int)(sizeof((enum tcp_state[]){ __VA_ARGS__ }) / sizeof(enum tcp_state)))

Test(endpoint, the_path_lists_the_moves_that_were_not_taken_back)
{
	struct endpoint end = answering_server();

	presume(&end, PROOF_SYN_ACKED);
	EXPECT_PATH(&end, ST_LISTEN, ST_SYN_RECEIVED, ST_ESTABLISHED);
	endpoint_take_back(&end, PROOF_SYN_ACKED);
	EXPECT_PATH(&end, ST_LISTEN, ST_SYN_RECEIVED);
}

Test(endpoint, listen_enters_the_path_only_when_it_is_proven)
{
	struct endpoint end = { .state = ST_UNKNOWN };
	enum tcp_state path[PATH_MAX_STATES];

	presume(&end, PROOF_PEER_SYN);
	cr_assert_eq(end.state, ST_LISTEN);
	cr_assert_eq(endpoint_path(&end, path), 0);
	prove(&end, PROOF_PEER_SYN);
	EXPECT_PATH(&end, ST_LISTEN);
}

Test(endpoint, the_longest_path_fits)
{
	struct endpoint end = answering_server();

	for (int proof = 0; proof < PROOF_COUNT; proof++)
		prove(&end, (enum proof)proof);
	cr_assert_eq(end.state, ST_CLOSED);
	EXPECT_PATH(&end, ST_LISTEN, ST_SYN_RECEIVED, ST_ESTABLISHED, ST_FIN_WAIT_1, ST_CLOSING,
	            ST_TIME_WAIT, ST_CLOSED);
}

Test(endpoint, a_reset_closes_any_state)
{
	struct endpoint end = established_client();

	cr_assert(endpoint_reset(&end, PRESUMED));
	cr_assert_eq(end.state, ST_CLOSED);
	cr_assert_eq(end.certainty, PRESUMED);
	cr_assert_eq(endpoint_state_before_reset(&end), ST_ESTABLISHED);
	EXPECT_PATH(&end, ST_SYN_SENT, ST_ESTABLISHED, ST_CLOSED);
}

Test(endpoint, its_own_reset_proves_what_another_only_presumed)
{
	struct endpoint end = established_client();

	endpoint_reset(&end, PRESUMED);
	cr_assert_not(endpoint_reset(&end, PRESUMED));
	cr_assert(endpoint_reset(&end, PROVEN));
	cr_assert(end.reset_proven);
	cr_assert_eq(end.certainty, PROVEN);
	cr_assert_not(endpoint_reset(&end, PROVEN));
	cr_assert_not(endpoint_reset(&end, PRESUMED));
	cr_assert(end.reset_proven);
}

Test(endpoint, evidence_goes_on_behind_a_reset)
{
	struct endpoint end = established_client();

	endpoint_reset(&end, PRESUMED);
	cr_assert_not(endpoint_show(&end, PROOF_SENT_FIN, PROVEN));
	cr_assert_eq(end.state, ST_CLOSED);
	cr_assert_eq(endpoint_state_before_reset(&end), ST_FIN_WAIT_1);
	presume(&end, PROOF_GOT_FIN);
	cr_assert_not(endpoint_show(&end, PROOF_GOT_FIN, PROVEN));
	cr_assert_eq(end.state, ST_CLOSED);
}

Test(endpoint, revives_in_the_state_it_would_be_in)
{
	struct endpoint end = established_client();

	cr_assert_not(endpoint_revive(&end));
	endpoint_reset(&end, PROVEN);
	prove(&end, PROOF_SENT_FIN);
	cr_assert(endpoint_revive(&end));
	cr_assert_eq(end.state, ST_FIN_WAIT_1);
	cr_assert_not(end.was_reset);
	cr_assert_not(end.reset_proven);
}

Test(endpoint, a_closed_end_closes_once_in_its_path)
{
	struct endpoint end = established_client();

	prove(&end, PROOF_GOT_FIN);
	prove(&end, PROOF_SENT_FIN);
	prove(&end, PROOF_FIN_ACKED);
	endpoint_reset(&end, PRESUMED);
	EXPECT_PATH(&end, ST_SYN_SENT, ST_ESTABLISHED, ST_CLOSE_WAIT, ST_LAST_ACK, ST_CLOSED);
}

Test(endpoint, a_postponed_proof_comes_after_what_was_shown_since)
{
	struct endpoint end = established_client();

	prove(&end, PROOF_GOT_FIN);
	prove(&end, PROOF_SENT_FIN);
	cr_assert_eq(end.state, ST_LAST_ACK);
	cr_assert(endpoint_postpone(&end, PROOF_GOT_FIN), "it moves to where the FINs crossed");
	cr_assert_eq(end.state, ST_CLOSING);
	EXPECT_PATH(&end, ST_SYN_SENT, ST_ESTABLISHED, ST_FIN_WAIT_1, ST_CLOSING);
	cr_assert_not(endpoint_postpone(&end, PROOF_GOT_FIN), "it is the last one already");
}

Test(endpoint, what_was_never_shown_cannot_be_postponed)
{
	struct endpoint end = established_client();

	cr_assert_not(endpoint_postpone(&end, PROOF_GOT_FIN));
	cr_assert_not(endpoint_has(&end, PROOF_GOT_FIN));
	prove(&end, PROOF_SENT_FIN);
	cr_assert_eq(end.state, ST_FIN_WAIT_1);
}
