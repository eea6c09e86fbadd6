/* stat_test.c: netstat's tables, to the letter. */

#include "report/stat.h"

#include "unit/report/paper.h"

static struct paper paper;

static void expect_endpoints(const struct stat_options *options, const char *expected)
{
	paper_count(&paper);
	stat_endpoints(&paper.page, options);
	paper_expect(&paper, expected);
}

/* The client of 127.0.0.1:8000 has said goodbye, the server has not. */
static void half_close(void)
{
	address_parse("127.0.0.1", &paper.talk.address[CLIENT]);
	address_parse("127.0.0.1", &paper.talk.address[SERVER]);
	paper.talk.port[CLIENT] = 55832;
	paper.talk.port[SERVER] = 8000;
	shake_hands(&paper.talk);
	say(&paper.talk, CLIENT, MS, TCP_FIN | TCP_ACK, 1, 1, 0);
	say(&paper.talk, SERVER, MS, TCP_ACK, 1, 2, 0);
}

Test(stat, lists_both_ends_as_netstat_does)
{
	struct stat_options options = { .tcp = true, .all = true };

	paper_start(&paper);
	half_close();
	expect_endpoints(
		&options,
		"Connections at the end of talk.pcap (5 frames, 2.03 ms, quality: good)\n"
		"Proto Recv-Q Send-Q Local Address           Foreign Address         State\n"
		"tcp        -      0 127.0.0.1:8000          0.0.0.0:*               LISTEN\n"
		"tcp        -      0 127.0.0.1:8000          127.0.0.1:55832         "
		"CLOSE_WAIT\n"
		"tcp        -      0 127.0.0.1:55832         127.0.0.1:8000          "
		"FIN_WAIT2\n");
	paper_end(&paper);
}

Test(stat, lists_only_listeners_when_asked)
{
	struct stat_options options = { .listening = true };

	paper_start(&paper);
	half_close();
	expect_endpoints(
		&options,
		"Connections at the end of talk.pcap (5 frames, 2.03 ms, quality: good)\n"
		"Proto Recv-Q Send-Q Local Address           Foreign Address         State\n"
		"tcp        -      0 127.0.0.1:8000          0.0.0.0:*               "
		"LISTEN\n");
	paper_end(&paper);
}

Test(stat, counts_what_ended_and_shows_what_is_not_acknowledged)
{
	struct stat_options options = { .tcp = true };

	paper_start(&paper);
	shake_hands(&paper.talk);
	say(&paper.talk, CLIENT, MS, TCP_PSH | TCP_ACK, 1, 1, 1400);
	paper_turn(&paper, 50001);
	say(&paper.talk, CLIENT, 0, TCP_SYN, 0, 0, 0);
	say(&paper.talk, SERVER, MS, TCP_RST | TCP_ACK, 2, 1, 0);
	expect_endpoints(
		&options,
		"Connections at the end of talk.pcap (6 frames, 2.03 ms, quality: good)\n"
		"Proto Recv-Q Send-Q Local Address           Foreign Address         State\n"
		"tcp        -      0 198.51.100.80:80        192.0.2.10:50000        "
		"ESTABLISHED\n"
		"tcp        -   1400 192.0.2.10:50000        198.51.100.80:80        "
		"ESTABLISHED\n"
		"1 connection ended earlier\n");
	paper_end(&paper);
}

Test(stat, adds_netstats_timers)
{
	struct stat_options options = { .tcp = true, .timers = true };

	paper_start(&paper);
	shake_hands(&paper.talk);
	part(&paper.talk, 0, 0);
	paper_turn(&paper, 50001);
	say(&paper.talk, CLIENT, 0, TCP_SYN, 0, 0, 0);
	say(&paper.talk, CLIENT, TIME_SECOND, TCP_SYN, 0, 0, 0);
	tracker_advance(paper.talk.tracker, paper.talk.now + 500 * MS);
	expect_endpoints(&options,
	                 "Connections at the end of talk.pcap (9 frames, 1 s, quality: good)\n"
	                 "Proto Recv-Q Send-Q Local Address           Foreign Address         "
	                 "State       Timer\n"
	                 "tcp        -      0 192.0.2.10:50000        198.51.100.80:80        "
	                 "TIME_WAIT   timewait (58.50/0/0)\n"
	                 "tcp        -      0 192.0.2.10:50001        198.51.100.80:80        "
	                 "SYN_SENT    on (1.50/1/0)\n");
	paper_end(&paper);
}

Test(stat, widens_both_addresses_alike_for_ipv6)
{
	struct stat_options options = { .all = true };

	paper_start(&paper);
	paper.talk.family = FAMILY_IPV6;
	address_parse("2001:db8:1:2:3:4:5:10", &paper.talk.address[CLIENT]);
	address_parse("2001:db8::80", &paper.talk.address[SERVER]);
	shake_hands(&paper.talk);
	expect_endpoints(
		&options,
		"Connections at the end of talk.pcap (3 frames, 30 µs, quality: good)\n"
		"Proto Recv-Q Send-Q Local Address               Foreign Address             "
		"State\n"
		"tcp6       -      0 2001:db8::80:80             :::*                        "
		"LISTEN\n"
		"tcp6       -      0 2001:db8::80:80             2001:db8:1:2:3:4:5:10:50000 "
		"ESTABLISHED\n"
		"tcp6       -      0 2001:db8:1:2:3:4:5:10:50000 2001:db8::80:80             "
		"ESTABLISHED\n");
	paper_end(&paper);
}

Test(stat, marks_what_is_only_a_guess)
{
	struct stat_options options = { .tcp = true };

	paper_start(&paper);
	say(&paper.talk, CLIENT, 0, TCP_ACK, 1, 1, 0);
	expect_endpoints(
		&options,
		"Connections at the end of talk.pcap (1 frame, 0 s, quality: good)\n"
		"Proto Recv-Q Send-Q Local Address           Foreign Address         State\n"
		"tcp        -      0 198.51.100.80:80        192.0.2.10:50000        "
		"ESTABLISHED?\n"
		"tcp        -      0 192.0.2.10:50000        198.51.100.80:80        "
		"ESTABLISHED?\n");
	paper_end(&paper);
}

Test(stat, gives_a_socket_connected_to_itself_one_row)
{
	struct stat_options options = { .tcp = true };

	paper_start(&paper);
	paper.talk.address[SERVER] = paper.talk.address[CLIENT];
	paper.talk.port[SERVER] = paper.talk.port[CLIENT];
	say(&paper.talk, CLIENT, 0, TCP_SYN, 0, 0, 0);
	say(&paper.talk, CLIENT, 20 * US, TCP_SYN | TCP_ACK, 0, 1, 0);
	expect_endpoints(
		&options,
		"Connections at the end of talk.pcap (2 frames, 20 µs, quality: good)\n"
		"Proto Recv-Q Send-Q Local Address           Foreign Address         State\n"
		"tcp        -      0 192.0.2.10:50000        192.0.2.10:50000        "
		"ESTABLISHED\n");
	paper_end(&paper);
}

Test(stat, shows_datagram_sockets_while_they_talk)
{
	struct stat_options options = { .udp = true };

	paper_start(&paper);
	paper.talk.kind = SEGMENT_UDP;
	say(&paper.talk, CLIENT, 0, 0, 0, 0, 5);
	expect_endpoints(
		&options,
		"Connections at the end of talk.pcap (1 frame, 0 s, quality: good)\n"
		"Proto Recv-Q Send-Q Local Address           Foreign Address         State\n"
		"udp        -      0 198.51.100.80:80        192.0.2.10:50000\n"
		"udp        -      0 192.0.2.10:50000        198.51.100.80:80\n");
	say(&paper.talk, SERVER, MS, 0, 0, 0, 5);
	expect_endpoints(
		&options,
		"Connections at the end of talk.pcap (2 frames, 1 ms, quality: good)\n"
		"Proto Recv-Q Send-Q Local Address           Foreign Address         State\n"
		"udp        -      0 198.51.100.80:80        192.0.2.10:50000        "
		"ESTABLISHED\n"
		"udp        -      0 192.0.2.10:50000        198.51.100.80:80        "
		"ESTABLISHED\n");
	paper_end(&paper);
}

Test(stat, shows_only_the_protocol_and_family_asked_for)
{
	struct stat_options udp = { .udp = true };
	struct stat_options ipv6 = { .ipv6 = true, .all = true };
	static const char empty[] =
		"Connections at the end of talk.pcap (5 frames, 2.03 ms, quality: good)\n"
		"Proto Recv-Q Send-Q Local Address           Foreign Address         State\n";

	paper_start(&paper);
	half_close();
	expect_endpoints(&udp, empty);
	expect_endpoints(&ipv6, empty);
	paper_end(&paper);
}

Test(stat, warns_of_what_was_not_decoded_before_the_rows)
{
	struct stat_options options = { .udp = true };

	paper_start(&paper);
	half_close();
	paper_count(&paper);
	paper.input.frames += 3;
	paper.decoder.frames += 3;
	paper.decoder.verdicts[VERDICT_FRAGMENT_LOST] = 2;
	paper.decoder.verdicts[VERDICT_IP_CUT] = 1;
	paper.decoder.verdicts[VERDICT_NOT_IP] = 7;
	stat_endpoints(&paper.page, &options);
	paper_expect(
		&paper,
		"Connections at the end of talk.pcap (8 frames, 2.03 ms, 3 not wholly decoded)\n"
		"3 frames not wholly decoded: IP fragment without the rest (2), IP header cut short (1)\n"
		"Proto Recv-Q Send-Q Local Address           Foreign Address         State\n");
	paper_end(&paper);
}

Test(stat, lists_one_row_per_connection)
{
	struct stat_options options = { .tcp = true };

	paper_start(&paper);
	half_close();
	paper.talk.port[CLIENT] = 55834;
	paper.talk.port[SERVER] = 9;
	say(&paper.talk, CLIENT, 0, TCP_SYN, 0, 0, 0);
	say(&paper.talk, SERVER, 20 * US, TCP_RST | TCP_ACK, 2, 1, 0);
	paper_count(&paper);
	stat_connections(&paper.page, &options);
	paper_expect(
		&paper,
		"Connections of talk.pcap (7 frames, 2.05 ms, quality: good)\n"
		"#  Client           Server          Open  Close  Client state  Server state   "
		"iRTT  Sent  Rcvd      Age\n"
		"1  127.0.0.1:55832  127.0.0.1:8000  ▶◀▶   ▶◀··   FIN_WAIT_2    CLOSE_WAIT    "
		"30 µs   0 B   0 B  2.05 ms\n"
		"2  127.0.0.1:55834  127.0.0.1:9     ▶✗           CLOSED        CLOSED        "
		"20 µs   0 B   0 B    20 µs\n");
	paper_end(&paper);
}

Test(stat, gives_the_statistics_of_netstat)
{
	struct stat_options options = { .tcp = true };

	paper_start(&paper);
	half_close();
	paper.talk.port[CLIENT] = 55834;
	paper.talk.port[SERVER] = 9;
	say(&paper.talk, CLIENT, 0, TCP_SYN, 0, 0, 0);
	say(&paper.talk, SERVER, 20 * US, TCP_RST | TCP_ACK, 2, 1, 0);
	paper_count(&paper);
	stat_statistics(&paper.page, &options);
	paper_expect(&paper, "Statistics of talk.pcap (7 frames, 2.05 ms, quality: good)\n"
	                     "Tcp:\n"
	                     "    2 active connection openings\n"
	                     "    1 passive connection openings\n"
	                     "    1 failed connection attempts\n"
	                     "    0 connection resets received\n"
	                     "    1 connections established\n"
	                     "    7 segments sent out\n"
	                     "    4 segments sent out by clients\n"
	                     "    3 segments sent out by servers\n"
	                     "    0 segments retransmitted\n"
	                     "    0 bad segments received\n"
	                     "    1 resets sent\n");
	paper_end(&paper);
}
