/* progress_test.c: handshakes and goodbyes as arrows. */

#include "report/column.h"

#include "unit/diagnose/talk.h"

static void expect(const struct talk *talk, const char *open, const char *close)
{
	char storage[64];
	struct text text = text_over(storage, sizeof(storage));

	column_open_progress(&text, talk_flow(talk, 1), false);
	cr_expect_str_eq(storage, open);
	text_clear(&text);
	column_close_progress(&text, talk_flow(talk, 1), false);
	cr_expect_str_eq(storage, close);
}

static void expect_ascii(const struct talk *talk, const char *both)
{
	char storage[64];
	struct text text = text_over(storage, sizeof(storage));

	column_open_progress(&text, talk_flow(talk, 1), true);
	text_add_char(&text, ' ');
	column_close_progress(&text, talk_flow(talk, 1), true);
	cr_expect_str_eq(storage, both);
}

Test(progress, grows_with_the_handshake_and_the_goodbye)
{
	struct talk talk = talk_new();

	say(&talk, CLIENT, 0, TCP_SYN, 0, 0, 0);
	expect(&talk, "▶··", "");
	say(&talk, SERVER, MS, TCP_SYN | TCP_ACK, 0, 1, 0);
	expect(&talk, "▶◀·", "");
	say(&talk, CLIENT, MS, TCP_ACK, 1, 1, 0);
	expect(&talk, "▶◀▶", "");
	say(&talk, CLIENT, MS, TCP_FIN | TCP_ACK, 1, 1, 0);
	expect(&talk, "▶◀▶", "▶···");
	say(&talk, SERVER, MS, TCP_ACK, 1, 2, 0);
	expect(&talk, "▶◀▶", "▶◀··");
	say(&talk, SERVER, MS, TCP_FIN | TCP_ACK, 1, 2, 0);
	expect(&talk, "▶◀▶", "▶◀◀·");
	say(&talk, CLIENT, MS, TCP_ACK, 2, 2, 0);
	expect(&talk, "▶◀▶", "▶◀◀▶");
	expect_ascii(&talk, "><> ><<>");
	tracker_free(talk.tracker);
}

Test(progress, points_the_other_way_when_the_server_closes_first)
{
	struct talk talk = talk_new();

	shake_hands(&talk);
	say(&talk, SERVER, MS, TCP_FIN | TCP_ACK, 1, 1, 0);
	say(&talk, CLIENT, MS, TCP_ACK, 1, 2, 0);
	expect(&talk, "▶◀▶", "◀▶··");
	say(&talk, CLIENT, MS, TCP_FIN | TCP_ACK, 1, 2, 0);
	say(&talk, SERVER, MS, TCP_ACK, 2, 2, 0);
	expect(&talk, "▶◀▶", "◀▶▶◀");
	tracker_free(talk.tracker);
}

Test(progress, draws_one_arrow_for_a_fin_that_brings_the_ack)
{
	struct talk talk = talk_new();

	shake_hands(&talk);
	say(&talk, CLIENT, MS, TCP_FIN | TCP_ACK, 1, 1, 0);
	say(&talk, SERVER, MS, TCP_FIN | TCP_ACK, 1, 2, 0);
	expect(&talk, "▶◀▶", "▶◀·");
	say(&talk, CLIENT, MS, TCP_ACK, 2, 2, 0);
	expect(&talk, "▶◀▶", "▶◀▶");
	tracker_free(talk.tracker);
}

Test(progress, draws_three_repeats_and_counts_more)
{
	struct talk talk = talk_new();

	for (int i = 0; i < 3; i++)
		say(&talk, CLIENT, TIME_SECOND, TCP_SYN, 0, 0, 0);
	expect(&talk, "▶▶▶··", "");
	say(&talk, CLIENT, TIME_SECOND, TCP_SYN, 0, 0, 0);
	expect(&talk, "▶×4··", "");
	for (int i = 0; i < 2; i++)
		say(&talk, CLIENT, TIME_SECOND, TCP_SYN, 0, 0, 0);
	expect(&talk, "▶×6··", "");
	expect_ascii(&talk, ">x6.. ");
	tracker_free(talk.tracker);
}

Test(progress, crosses_out_what_was_refused)
{
	struct talk talk = talk_new();

	say(&talk, CLIENT, 0, TCP_SYN, 0, 0, 0);
	say(&talk, SERVER, MS, TCP_RST | TCP_ACK, 2, 1, 0);
	expect(&talk, "▶✗", "");
	expect_ascii(&talk, ">X ");
	tracker_free(talk.tracker);
}

Test(progress, says_who_reset)
{
	struct talk client = talk_new();
	struct talk server = talk_new();

	shake_hands(&client);
	say(&client, CLIENT, MS, TCP_RST, 1, 0, 0);
	expect(&client, "▶◀▶", "✗▶");
	shake_hands(&server);
	say(&server, SERVER, MS, TCP_RST, 1, 0, 0);
	expect(&server, "▶◀▶", "✗◀");
	expect_ascii(&server, "><> X<");
	tracker_free(client.tracker);
	tracker_free(server.tracker);
}

Test(progress, ends_a_goodbye_with_the_reset_that_cut_it)
{
	struct talk talk = talk_new();

	shake_hands(&talk);
	say(&talk, CLIENT, MS, TCP_FIN | TCP_ACK, 1, 1, 0);
	say(&talk, SERVER, MS, TCP_ACK, 1, 2, 0);
	say(&talk, CLIENT, MS, TCP_RST, 2, 0, 0);
	expect(&talk, "▶◀▶", "▶◀✗▶");
	tracker_free(talk.tracker);
}

Test(progress, marks_what_both_ends_did_at_the_same_time)
{
	struct talk talk = talk_new();

	say(&talk, CLIENT, 0, TCP_SYN, 0, 0, 0);
	say(&talk, SERVER, 10 * US, TCP_SYN, 0, 0, 0);
	expect(&talk, "⧓▶◀··", "");
	say(&talk, CLIENT, 10 * US, TCP_SYN | TCP_ACK, 0, 1, 0);
	say(&talk, SERVER, 10 * US, TCP_SYN | TCP_ACK, 0, 1, 0);
	say(&talk, CLIENT, MS, TCP_FIN | TCP_ACK, 1, 1, 0);
	say(&talk, SERVER, 10 * US, TCP_FIN | TCP_ACK, 1, 1, 0);
	say(&talk, CLIENT, 10 * US, TCP_ACK, 2, 2, 0);
	expect(&talk, "⧓▶◀▶◀", "⧓▶◀▶·");
	say(&talk, SERVER, 10 * US, TCP_ACK, 2, 2, 0);
	expect(&talk, "⧓▶◀▶◀", "⧓▶◀▶◀");
	expect_ascii(&talk, "*><>< *><><");
	tracker_free(talk.tracker);
}

Test(progress, dots_what_was_before_the_capture_or_beside_it)
{
	struct talk midstream = talk_new();
	struct talk deaf = talk_new();

	say(&midstream, CLIENT, 0, TCP_ACK, 1, 1, 10);
	expect(&midstream, "···", "");
	say(&deaf, CLIENT, 0, TCP_SYN, 0, 0, 0);
	say(&deaf, CLIENT, MS, TCP_ACK, 1, 1, 0);
	expect(&deaf, "▶·▶", "");
	tracker_free(midstream.tracker);
	tracker_free(deaf.tracker);
}

Test(progress, of_datagrams_is_whether_one_came_back)
{
	struct talk talk = talk_new();

	talk.kind = SEGMENT_UDP;
	say(&talk, CLIENT, 0, 0, 0, 0, 5);
	expect(&talk, "▶·", "");
	say(&talk, SERVER, MS, 0, 0, 0, 5);
	expect(&talk, "▶◀", "");
	tracker_free(talk.tracker);
}
