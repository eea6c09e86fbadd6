/* state_test.c: the names of the states, and what the arrows as a whole promise. */

#include "track/state.h"

#include <criterion/criterion.h>

static int arrows_from(enum tcp_state state)
{
	int count = 0;

	for (int proof = 0; proof < PROOF_COUNT; proof++)
		count += state_next(state, (enum proof)proof) != state;
	return count;
}

Test(state, nothing_leads_back_to_unknown)
{
	for (int state = 0; state < STATE_COUNT; state++) {
		for (int proof = 0; proof < PROOF_COUNT; proof++) {
			enum tcp_state next = state_next((enum tcp_state)state, (enum proof)proof);

			cr_assert(state == ST_UNKNOWN || next != ST_UNKNOWN);
		}
	}
}

Test(state, closed_is_the_end)
{
	cr_assert_eq(arrows_from(ST_CLOSED), 0);
	for (int state = 0; state < STATE_COUNT; state++)
		cr_assert(state == ST_CLOSED || arrows_from((enum tcp_state)state) > 0);
}

/* The walk along all that was shown must end, whatever was shown. */
Test(state, the_arrows_have_no_cycle)
{
	bool reached[STATE_COUNT] = { [ST_UNKNOWN] = true };

	for (int round = 0; round < STATE_COUNT; round++) {
		bool next[STATE_COUNT] = { false };

		for (int state = 0; state < STATE_COUNT; state++) {
			for (int proof = 0; reached[state] && proof < PROOF_COUNT; proof++) {
				enum tcp_state to =
					state_next((enum tcp_state)state, (enum proof)proof);

				if (to != (enum tcp_state)state)
					next[to] = true;
			}
		}
		for (int state = 0; state < STATE_COUNT; state++)
			reached[state] = next[state];
	}
	for (int state = 0; state < STATE_COUNT; state++)
		cr_assert_not(reached[state], "%s is on a cycle",
		              state_name((enum tcp_state)state));
}

Test(state, an_empty_cell_means_stay)
{
	cr_assert_eq(state_next(ST_ESTABLISHED, PROOF_FIN_ACKED), ST_ESTABLISHED);
	cr_assert_eq(state_next(ST_TIME_WAIT, PROOF_GOT_FIN), ST_TIME_WAIT);
	cr_assert_eq(state_next(ST_SYN_SENT, PROOF_SYN_ACKED), ST_SYN_SENT);
	cr_assert_eq(state_next(ST_LISTEN, PROOF_UNREACHABLE), ST_LISTEN);
}

Test(state, has_both_spellings)
{
	cr_assert_str_eq(state_name(ST_FIN_WAIT_1), "FIN_WAIT_1");
	cr_assert_str_eq(state_netstat(ST_FIN_WAIT_1), "FIN_WAIT1");
	cr_assert_str_eq(state_name(ST_SYN_RECEIVED), "SYN_RECEIVED");
	cr_assert_str_eq(state_netstat(ST_SYN_RECEIVED), "SYN_RECV");
	cr_assert_str_eq(state_meaning(ST_LISTEN), "waiting for a SYN");
	cr_assert_str_eq(proof_words(PROOF_SENT_FIN), "it sent its FIN");
}

Test(state, reads_every_name_it_writes)
{
	for (int i = 0; i < STATE_COUNT; i++) {
		enum tcp_state read = STATE_COUNT;

		cr_assert(state_parse(state_name((enum tcp_state)i), &read));
		cr_assert_eq((int)read, i);
		cr_assert(state_parse(state_netstat((enum tcp_state)i), &read));
		cr_assert_eq((int)read, i);
	}
}

Test(state, reads_what_people_write)
{
	enum tcp_state state;

	cr_assert(state_parse("time-wait", &state));
	cr_assert_eq(state, ST_TIME_WAIT);
	cr_assert(state_parse("Syn_Rcvd", &state) == false);
	cr_assert(state_parse("finwait2", &state));
	cr_assert_eq(state, ST_FIN_WAIT_2);
	cr_assert(state_parse("LAST-ACK", &state));
	cr_assert_eq(state, ST_LAST_ACK);
}

Test(state, refuses_other_words)
{
	enum tcp_state state = ST_CLOSING;

	cr_assert_not(state_parse("", &state));
	cr_assert_not(state_parse("ESTABLISHEDX", &state));
	cr_assert_not(state_parse("ESTABLISH", &state));
	cr_assert_not(state_parse("-", &state));
	cr_assert_eq(state, ST_CLOSING);
}
