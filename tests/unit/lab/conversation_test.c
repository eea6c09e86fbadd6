/* conversation_test.c: the numbers that follow by themselves. */

#include "lab/conversation.h"

#include <criterion/criterion.h>

#include "unit/lab/played.h"
#include "packet/option.h"

#define HANDSHAKE "client SYN\nserver SYN-ACK\nclient ACK\n"

static const uint32_t client_isn = 4294967290u;
static const uint32_t server_isn = 4294967200u;

/* Relative numbers of the segment at `index`, sent by the client or by the server. */
static void expect_client(const struct played *played, int index, uint32_t seq, uint32_t ack)
{
	const struct segment *segment = &played->segments[index];

	cr_assert_eq(segment->destination_port, 80);
	cr_assert_eq(segment->seq, client_isn + seq, "seq %u", segment->seq - client_isn);
	cr_assert_eq(segment->ack, server_isn + ack, "ack %u", segment->ack - server_isn);
}

static void expect_server(const struct played *played, int index, uint32_t seq, uint32_t ack)
{
	const struct segment *segment = &played->segments[index];

	cr_assert_eq(segment->source_port, 80);
	cr_assert_eq(segment->seq, server_isn + seq, "seq %u", segment->seq - server_isn);
	cr_assert_eq(segment->ack, client_isn + ack, "ack %u", segment->ack - client_isn);
}

Test(conversation, counts_a_whole_life)
{
	struct played played = play(HANDSHAKE "client 100 bytes\nserver ACK\nclient FIN\n"
	                                      "server FIN 'bye'\nclient ACK\n");

	cr_assert_eq(played.count, 8);
	cr_assert_eq(played.segments[0].seq, client_isn);
	cr_assert_eq(played.segments[0].ack, 0);
	expect_server(&played, 1, 0, 1);
	expect_client(&played, 2, 1, 1);
	expect_client(&played, 3, 1, 1);
	expect_server(&played, 4, 1, 101);
	expect_client(&played, 5, 101, 1);
	expect_server(&played, 6, 1, 102);
	expect_client(&played, 7, 102, 5);
	cr_assert_eq(played.segments[6].payload, 3);
	cr_assert_str_eq(played.text[6], "bye");
}

Test(conversation, data_pushes_and_everything_but_a_syn_and_a_bare_reset_acknowledges)
{
	struct played played = play(HANDSHAKE "client 5 bytes\nserver FIN 5 bytes\nclient FIN\n"
	                                      "client RST\nclient RST-ACK\n");

	cr_assert_eq(played.segments[3].flags, TCP_PSH | TCP_ACK);
	cr_assert_eq(played.segments[4].flags, TCP_FIN | TCP_PSH | TCP_ACK);
	cr_assert_eq(played.segments[5].flags, TCP_FIN | TCP_ACK);
	cr_assert_eq(played.segments[6].flags, TCP_RST);
	cr_assert_eq(played.segments[6].ack, 0);
	expect_client(&played, 7, 2 + 5, 1 + 6);
}

Test(conversation, what_the_line_says_goes_first)
{
	struct played played = play("client SYN seq 7 win 9 ttl 3\nserver SYN-ACK ack 5 seq 6\n");

	cr_assert_eq(played.segments[0].seq, client_isn + 7);
	cr_assert_eq(played.segments[0].window, 9);
	cr_assert_eq(played.segments[0].ttl, 3);
	expect_server(&played, 1, 6, 5);
}

Test(conversation, what_is_lost_is_not_acknowledged_until_it_is_sent_again)
{
	struct played played = play(HANDSHAKE "client 10 bytes lost\nclient 20 bytes\nclient FIN\n"
	                                      "server ACK\nclient 10 bytes seq 1\nserver ACK\n"
	                                      "client ACK\n");

	expect_client(&played, 4, 11, 1);
	expect_server(&played, 6, 1, 1);
	expect_client(&played, 7, 1, 1);
	expect_server(&played, 8, 1, 1 + 10 + 20 + 1);
	expect_client(&played, 9, 1 + 10 + 20 + 1, 1);
}

Test(conversation, again_repeats_the_last_one_of_its_kind)
{
	struct played played = play(HANDSHAKE "client 'hello' lost\nclient 'hello' again\n"
	                                      "client FIN 'bye' lost\nclient FIN again\n"
	                                      "server SYN-ACK again\nserver ACK\n");

	expect_client(&played, 4, 1, 1);
	expect_client(&played, 6, 6, 1);
	cr_assert_eq(played.segments[6].payload, 3);
	cr_assert_str_eq(played.text[6], "bye");
	expect_server(&played, 7, 0, 10);
	expect_server(&played, 8, 1, 10);
}

Test(conversation, repeated_bytes_are_the_same_bytes)
{
	struct played played =
		play(HANDSHAKE "client 30 bytes\nclient 5 bytes\nclient 10 bytes seq 26\n");

	cr_assert_str_eq(played.text[3], "abcdefghijklmnopqrstuvwxyzabcd");
	cr_assert_str_eq(played.text[4], "efghi");
	cr_assert_str_eq(played.text[5], "zabcdefghi");
}

Test(conversation, what_is_unseen_moves_the_numbers_without_a_frame)
{
	struct played played = play("client SYN unseen\nserver SYN-ACK unseen\nclient ACK unseen\n"
	                            "client 10 bytes\nserver 7 bytes unseen\nclient ACK\n");

	cr_assert_eq(played.count, 2);
	expect_client(&played, 0, 1, 1);
	expect_client(&played, 1, 11, 8);
}

Test(conversation, crossing_leaves_the_peers_last_segment_out)
{
	struct played played = play(HANDSHAKE "client 10 bytes\nclient FIN\nserver FIN crossing\n"
	                                      "client ACK\nserver ACK\n");

	expect_server(&played, 5, 1, 11);
	expect_client(&played, 6, 12, 2);
	expect_server(&played, 7, 2, 12);
}

Test(conversation, what_is_stray_moves_nothing)
{
	struct played played = play(HANDSHAKE "server RST seq 5000 stray\nserver FIN stray\n"
	                                      "client ACK\nserver 3 bytes\n");

	cr_assert_eq(played.segments[3].seq, server_isn + 5000);
	expect_client(&played, 5, 1, 1);
	expect_server(&played, 6, 1, 1);
}

Test(conversation, refuses_with_seq_zero_and_the_ack_of_the_syn)
{
	struct played played = play_shifted("client SYN 'early'\nserver RST-ACK\n", 1000, 2000);

	cr_assert_eq(played.segments[1].seq, 0);
	cr_assert_eq(played.segments[1].ack, played.segments[0].seq + 6);
	cr_assert_eq(played.segments[1].window, 0);
}

Test(conversation, shifts_every_number_of_every_connection_alike)
{
	static const char *const text = HANDSHAKE "client 5 bytes\nserver FIN\n2: client SYN\n"
						  "server SYN-ACK\nclient RST\n";
	struct played plain = play(text), shifted = play_shifted(text, 77, 99);

	for (int i = 0; i < plain.count; i++) {
		bool from_client = plain.segments[i].destination_port == 80;
		const struct segment *segment = &plain.segments[i];

		cr_assert_eq(shifted.segments[i].seq, segment->seq + (from_client ? 77 : 99));
		if (segment_has(segment, TCP_ACK))
			cr_assert_eq(shifted.segments[i].ack,
			             segment->ack + (from_client ? 99 : 77));
	}
}

Test(conversation, one_socket_counts_once_when_it_talks_to_itself)
{
	struct played played =
		play("loopback\nports 80 80\nclient SYN\nclient SYN-ACK\nclient ACK\n"
	             "client 4 bytes\nclient FIN\nclient ACK\n");

	for (int i = 0; i < played.count; i++) {
		cr_assert_eq(played.segments[i].source_port, 80);
		cr_assert_eq(played.segments[i].destination_port, 80);
	}
	cr_assert_eq(played.segments[1].seq, client_isn);
	cr_assert_eq(played.segments[1].ack, client_isn + 1);
	cr_assert_eq(played.segments[4].ack, client_isn + 5);
	cr_assert_eq(played.segments[5].ack, client_isn + 6);
}

static struct tcp_options options_of(const struct segment *segment)
{
	struct tcp_options options;

	options_parse(segment, &options);
	cr_assert_not(options.malformed);
	return options;
}

Test(conversation, a_syn_that_names_no_option_has_the_usual_three)
{
	struct played played = play(HANDSHAKE);
	struct tcp_options options = options_of(&played.segments[0]);

	cr_assert(options.has_mss);
	cr_assert_eq(options.mss, 1460);
	cr_assert(options.sack_permitted);
	cr_assert(options.has_window_scale);
	cr_assert_eq(options.window_scale, 7);
	cr_assert_not(options.has_timestamps);
	cr_assert_eq(played.segments[2].options_length, 0);
}

Test(conversation, a_syn_that_names_an_option_has_only_what_it_names)
{
	struct played played = play("client SYN mss 536\nserver SYN-ACK ws 3\n");
	struct tcp_options options = options_of(&played.segments[0]);

	cr_assert_eq(options.mss, 536);
	cr_assert_not(options.sack_permitted);
	cr_assert_not(options.has_window_scale);
	options = options_of(&played.segments[1]);
	cr_assert_not(options.has_mss);
	cr_assert_eq(options.window_scale, 3);
}

Test(conversation, timestamps_last_and_echo_the_peers)
{
	struct played played = play("client SYN ts\nserver SYN-ACK ts\n+0.5 client ACK\n");
	struct tcp_options syn_ack = options_of(&played.segments[1]);
	struct tcp_options ack = options_of(&played.segments[2]);

	cr_assert_eq(syn_ack.timestamp_echo, 1000000);
	cr_assert_eq(syn_ack.timestamp, 2000030);
	cr_assert(ack.has_timestamps);
	cr_assert_eq(ack.timestamp_echo, 2000030);
	cr_assert_eq(ack.timestamp, 1000530);
}

Test(conversation, fast_open_takes_request_and_cookie)
{
	struct played played = play("client SYN fast-open request\n"
	                            "server SYN-ACK fast-open 0102030405060708\n");

	cr_assert(options_of(&played.segments[0]).has_fast_open);
	cr_assert_eq(options_of(&played.segments[0]).fast_open_cookie, 0);
	cr_assert_eq(options_of(&played.segments[1]).fast_open_cookie, 8);
}

Test(conversation, a_router_quotes_the_last_segment_of_all)
{
	struct played played = play("client SYN\nrouter unreachable prohibited\n");
	const struct segment *quote = &played.segments[1];

	cr_assert_eq(quote->kind, SEGMENT_TCP_QUOTE);
	cr_assert_eq(quote->seq, client_isn);
	cr_assert_eq(quote->source_port, 50000);
	cr_assert_eq(quote->icmp.type, 3);
	cr_assert_eq(quote->icmp.code, 13);
	cr_assert_eq(quote->icmp.reporter.bytes[3], 1);
}

Test(conversation, an_end_quotes_the_other_one)
{
	struct played played = play("udp\nipv6\nclient 'hello'\nserver unreachable port\n");
	const struct segment *quote = &played.segments[1];

	cr_assert_eq(quote->kind, SEGMENT_UDP_QUOTE);
	cr_assert_eq(quote->destination_port, 80);
	cr_assert_eq(quote->icmp.type, 1);
	cr_assert_eq(quote->icmp.code, 4);
	cr_assert(address_equal(&quote->icmp.reporter, &quote->destination));
}

Test(conversation, fragmentation_needed_names_the_mtu)
{
	struct played played = play(HANDSHAKE "client 1460 bytes lost\n"
	                                      "router unreachable fragmentation mtu 1400\n");

	cr_assert_eq(played.segments[4].icmp.type, 3);
	cr_assert_eq(played.segments[4].icmp.code, 4);
	cr_assert_eq(played.segments[4].icmp.mtu, 1400);
}

Test(conversation, objects_to_what_cannot_be_said)
{
	play_refused("client FIN again", "line 1: again: that end sent nothing like it before");
	play_refused("client SYN\nclient 5 bytes again",
	             "line 2: again: that end sent nothing like it before");
	play_refused("client SYN\nclient unreachable port",
	             "line 2: port: there is no segment to quote yet");
	play_refused("router unreachable host", "line 1: host: there is no segment to quote yet");
	play_refused("udp\nclient SYN", "line 2: SYN: a datagram has no flags");
}
