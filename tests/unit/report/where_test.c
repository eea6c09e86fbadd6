/* where_test.c: which flows an expression selects, and what is said of a wrong one. */

#include "report/where.h"

#include "unit/diagnose/talk.h"

/* A refused connection of 192.0.2.10:50000 to 198.51.100.80:80. */
static struct talk refused(void)
{
	struct talk talk = talk_new();

	say(&talk, CLIENT, 0, TCP_SYN, 0, 0, 0);
	say(&talk, SERVER, MS, TCP_RST | TCP_ACK, 2, 1, 0);
	return talk;
}

static bool selects(const char *expression, const struct talk *talk)
{
	struct error err = { .what = "" };
	struct where *where = where_new(expression, &err);
	bool accepted;

	cr_assert_not_null(where, "%s: %s", expression, err.what);
	accepted = where_accepts(where, talk_flow(talk, 1));
	where_free(where);
	return accepted;
}

/* clang-format off */
static const struct { const char *expression; bool selects; } cases[] = {
	{ "", true },
	{ "   ", true },
	{ "state:closed", true },
	{ "state:CLOSE", true },
	{ "state:time-wait", false },
	{ "state:time_wait,closed", true },
	{ "client_state:closed", true },
	{ "server_state:listen", false },
	{ "port:80", true },
	{ "port:50000", true },
	{ "port:81", false },
	{ "port:1-100", true },
	{ "server_port:80", true },
	{ "client_port:80", false },
	{ "client_port:80,50000", true },
	{ "host:192.0.2.10", true },
	{ "host:192.0.2.0/24", true },
	{ "host:192.0.2.8/29", true },
	{ "host:192.0.2.0/29", false },
	{ "host:0.0.0.0/0", true },
	{ "host:::/0", false },
	{ "client:198.51.100.80", false },
	{ "server:198.51.100.80", true },
	{ "opening:refused", true },
	{ "opening:handshake,half_open", false },
	{ "closing:reset_by_server", true },
	{ "finding:refused", true },
	{ "finding:no_answer", false },
	{ "proto:tcp", true },
	{ "proto:udp", false },
	{ "family:4", true },
	{ "family:ipv6", false },
	{ "id:1", true },
	{ "id:2-9", false },
	{ "198.51", true },
	{ "10.0.0", false },
	{ "100.80:80", true },
	{ "port:80 proto:udp", false },
	{ "port:80 proto:tcp", true },
	{ "!port:80", false },
	{ "-proto:udp", true },
	{ "!finding:refused,no_answer", false },
	{ "!port:443 !port:22", true },
};
/* clang-format on */

Test(where, selects_by_every_word_of_its_table)
{
	struct talk talk = refused();

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		cr_expect_eq(selects(cases[i].expression, &talk), cases[i].selects, "%s",
		             cases[i].expression);
	tracker_free(talk.tracker);
}

Test(where, finds_ipv6_with_and_without_brackets)
{
	struct talk talk = talk_new();

	talk.family = FAMILY_IPV6;
	address_parse("2001:db8::10", &talk.address[CLIENT]);
	address_parse("::1", &talk.address[SERVER]);
	say(&talk, CLIENT, 0, TCP_SYN, 0, 0, 0);
	cr_expect(selects("host:2001:db8::/32", &talk));
	cr_expect(selects("host:[2001:db8::10]", &talk));
	cr_expect(selects("server:::1", &talk));
	cr_expect(selects("2001:db8::10", &talk));
	cr_expect(selects("[::1]:80", &talk));
	cr_expect_not(selects("host:0.0.0.0/0", &talk));
	cr_expect(selects("family:6", &talk));
	tracker_free(talk.tracker);
}

Test(where, asks_datagrams_for_no_states)
{
	struct talk talk = talk_new();

	talk.kind = SEGMENT_UDP;
	say(&talk, CLIENT, 0, 0, 0, 0, 5);
	cr_expect_not(selects("state:unknown", &talk));
	cr_expect_not(selects("opening:midstream", &talk));
	cr_expect(selects("proto:udp finding:udp_unreplied", &talk));
	tracker_free(talk.tracker);
}

static void expect_error(const char *expression, const char *what, const char *remedy)
{
	struct error err = { .what = "" };

	cr_assert_null(where_new(expression, &err), "%s", expression);
	cr_expect_str_eq(err.what, what);
	cr_expect_str_eq(err.remedy, remedy);
}

Test(where, explains_what_it_does_not_understand)
{
	expect_error(
		"colour:red", "colour:red: no such word to select flows by",
		"the words are: state client_state server_state port client_port server_port host "
		"client server opening closing finding proto family id");
	expect_error("port:http", "port:http: not understood",
	             "it takes a port or a range, as in port:1-1023");
	expect_error("port:9-1", "port:9-1: not understood",
	             "it takes a port or a range, as in port:1-1023");
	expect_error("port:65536", "port:65536: not understood",
	             "it takes a port or a range, as in port:1-1023");
	expect_error("host:10.0.0.0/33", "host:10.0.0.0/33: not understood",
	             "it takes an address or network, as in host:10.0.0.0/8");
	expect_error("state:open", "state:open: not understood",
	             "it takes a TCP state, as in state:close_wait");
	expect_error("port:80 finding:", "finding:: not understood",
	             "it takes the code of a finding, as in finding:refused");
	expect_error("family:5", "family:5: not understood", "it takes 4 or 6");
}

Test(where, frees_nothing_without_complaint)
{
	where_free(NULL);
}
