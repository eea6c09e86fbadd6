/* overview_test.c: what a capture is, worst connections first, on pages of several widths. */

#include "report/overview.h"

#include "report/where.h"
#include "unit/report/paper.h"

static struct paper paper;

/* A connection that went well, a refused one, a datagram and its reply. */
static void say_all(void)
{
	shake_hands(&paper.talk);
	part(&paper.talk, 0, 0);
	paper_turn(&paper, 50001);
	say(&paper.talk, CLIENT, 0, TCP_SYN, 0, 0, 0);
	say(&paper.talk, SERVER, 20 * US, TCP_RST | TCP_ACK, 2, 1, 0);
	paper.talk.kind = SEGMENT_UDP;
	say(&paper.talk, CLIENT, 0, 0, 0, 0, 5);
	say(&paper.talk, SERVER, MS, 0, 0, 0, 5);
	paper_count(&paper);
	paper.decoder.frames++;
	paper.input.frames++;
	paper.decoder.verdicts[VERDICT_NOT_IP] = 1;
}

/* From the table of outcomes on. */
static void expect_below(int top, const char *expected)
{
	const char *below;

	overview_write(&paper.page, top);
	below = strstr(paper_text(&paper), "\nOutcome");
	cr_assert_not_null(below);
	cr_expect_str_eq(below, expected, "got:\n%s\nexpected:\n%s", below, expected);
	output_start(&paper.output, -1);
}

Test(overview, says_what_the_capture_is)
{
	paper_start(&paper);
	say_all();
	overview_write(&paper.page, 0);
	*strstr(paper_text(&paper), "\nOutcome") = '\0';
	cr_expect_str_eq(
		paper.output.bytes,
		"capture  talk.pcap, pcap, EN10MB\n"
		"frames   12 frames, 660 B\n"
		"time     5.05 ms, 2023-11-14 22:13:20.000 to 2023-11-14 22:13:20.005 UTC\n"
		"TCP      2 connections, 9 segments, 0 B of payload\n"
		"UDP      1 conversation, 2 datagrams\n"
		"other    not IP (1)\n"
		"quality  good: every frame was decoded\n",
		"%s", paper.output.bytes);
	paper_end(&paper);
}

Test(overview, shows_what_somebody_else_wrote_without_obeying_it)
{
	static const struct remark remarks[] = {
		{ "lab\tone", REMARK_CAPTURE, 0 },
		{ "eth\033[2J", REMARK_INTERFACE, 0 },
		{ "caf\xc3\xa9 \xe2\x80\xae" "evil \xff", REMARK_FRAME, 7 },
	};
	const char *lines;

	paper_start(&paper);
	say_all();
	paper.input.remarks = remarks;
	paper.input.remark_count = 3;
	paper.input.remark_total = 1203;
	overview_write(&paper.page, 0);
	*strstr(paper_text(&paper), "quality") = '\0';
	lines = strstr(paper.output.bytes, "comment");
	cr_assert_not_null(lines);
	cr_expect_str_eq(lines, "comment  on the capture: lab one\n"
	                        "comment  on interface 0: eth?[2J\n"
	                        "comment  on frame 7: caf\xc3\xa9 ?evil ?\n"
	                        "comment  and 1,200 more\n");
	paper_end(&paper);
}

Test(overview, puts_the_worst_first)
{
	paper_start(&paper);
	say_all();
	expect_below(
		20, "\nOutcome             TCP        UDP\n"
		    "refused               1          -\n"
		    "closed                1          -\n"
		    "replied               -          1\n"
		    "\n"
		    "#  Client            Server            Open  Close  Outcome  Client state  "
		    "Server state  Sent  Rcvd   iRTT      Age  Finding\n"
		    "2  192.0.2.10:50001  198.51.100.80:80  ▶✗           refused  CLOSED        "
		    "CLOSED         0 B   0 B  20 µs    20 µs  nobody listens there, or a firewall "
		    "rejects\n"
		    "1  192.0.2.10:50000  198.51.100.80:80  ▶◀▶   ▶◀◀▶   closed   TIME_WAIT     "
		    "CLOSED         0 B   0 B  30 µs  4.03 ms\n"
		    "3  192.0.2.10:50001  198.51.100.80:80  ▶◀           replied                "
		    "               5 B   5 B      -     1 ms\n");
	paper_end(&paper);
}

Test(overview, drops_columns_until_a_narrow_page_holds_it)
{
	paper_start(&paper);
	say_all();
	paper.page.width = 60;
	paper.page.ascii = true;
	expect_below(20, "\nOutcome             TCP        UDP\n"
	                 "refused               1          -\n"
	                 "closed                1          -\n"
	                 "replied               -          1\n"
	                 "\n"
	                 "#  Client            Server            Open  Close  Outcome\n"
	                 "2  192.0.2.10:50001  198.51.100.80:80  >X           refused\n"
	                 "1  192.0.2.10:50000  198.51.100.80:80  ><>   ><<>   closed\n"
	                 "3  192.0.2.10:50001  198.51.100.80:80  ><           replied\n");
	paper.page.width = 40;
	expect_below(1, "\nOutcome             TCP        UDP\n"
	                "refused               1          -\n"
	                "closed                1          -\n"
	                "replied               -          1\n"
	                "\n"
	                "#  Client         Server         Outcome\n"
	                "2  192.0.~:50001  198.51~.80:80  refused\n"
	                "and 2 more\n");
	paper_end(&paper);
}

Test(overview, shows_only_the_flows_that_are_wanted)
{
	struct error err;
	struct where *where = where_new("proto:udp", &err);

	paper_start(&paper);
	say_all();
	paper.page.where = where;
	paper.page.width = 50;
	expect_below(20, "\nOutcome             UDP\n"
	                 "replied               1\n"
	                 "\n"
	                 "#  Client            Server            Outcome\n"
	                 "3  192.0.2.10:50001  198.51.100.80:80  replied\n");
	where_free(where);
	paper_end(&paper);
}

Test(overview, folds_long_facts_into_a_narrow_page)
{
	const char *text;

	paper_start(&paper);
	say_all();
	paper.page.width = 40;
	overview_write(&paper.page, 0);
	text = paper_text(&paper);
	cr_expect_not_null(strstr(text, "time     5.05 ms, 2023-11-14\n"
	                                "         22:13:20.000 to 2023-11-14\n"
	                                "         22:13:20.005 UTC\n"),
	                   "%s", text);
	paper_end(&paper);
}

Test(overview, says_how_many_it_no_longer_remembers)
{
	const char *text;

	paper_start(&paper);
	for (uint16_t port = 50000; port < 50034; port++) {
		paper_turn(&paper, port);
		shake_hands(&paper.talk);
		part(&paper.talk, 0, 0);
	}
	tracker_advance(paper.talk.tracker, paper.talk.now + 600 * TIME_SECOND);
	paper_count(&paper);
	overview_write(&paper.page, 1);
	text = paper_text(&paper);
	cr_expect_not_null(
		strstr(text, "closed               32\n"
	                     "not counted here: 2 connections that ended earlier (see --keep)\n"),
		"%s", text);
	cr_expect_not_null(strstr(text, "\nand 31 more\n"), "%s", text);
	paper_end(&paper);
}

Test(overview, of_nothing_is_still_an_answer)
{
	paper_start(&paper);
	overview_write(&paper.page, 20);
	paper_expect(&paper, "capture  talk.pcap, pcap, EN10MB\n"
	                     "frames   0 frames, 0 B\n"
	                     "TCP      0 connections, 0 segments, 0 B of payload\n"
	                     "quality  good: every frame was decoded\n");
	paper_end(&paper);
}
