/* story_test.c: settings, connections and times of a story. */

#include "lab/story.h"

#include <criterion/criterion.h>
#include <string.h>

#include "unit/lab/played.h"
#include "lab/scenario.h"
#include "packet/link.h"

static void expect_address(enum family family, const struct address *address, const char *expected)
{
	char storage[64];
	struct text text = text_over(storage, sizeof(storage));

	address_add(&text, family, address);
	cr_assert_str_eq(storage, expected);
}

static void expect_addresses(const struct segment *segment, const char *source,
                             const char *destination)
{
	expect_address(segment->family, &segment->source, source);
	expect_address(segment->family, &segment->destination, destination);
}

static int64_t micros(const struct played *played, int index)
{
	return (played->segments[index].time - STORY_START) / TIME_MICROSECOND;
}

Test(story, an_empty_text_is_an_empty_story)
{
	cr_assert_eq(play("").count, 0);
	cr_assert_eq(play("\n\n# nothing\n  \n").count, 0);
}

Test(story, has_usual_addresses_ports_and_link)
{
	struct played played = play("client SYN\nserver SYN-ACK\n");

	cr_assert_eq(played.link_type, LINK_ETHERNET);
	expect_addresses(&played.segments[0], "192.0.2.10", "198.51.100.80");
	expect_addresses(&played.segments[1], "198.51.100.80", "192.0.2.10");
	cr_assert_eq(played.segments[0].source_port, 50000);
	cr_assert_eq(played.segments[0].destination_port, 80);
	cr_assert_eq(played.segments[0].ttl, 64);
	cr_assert_eq(played.segments[1].ttl, 57);
}

Test(story, settings_change_them)
{
	struct played played = play("addresses 10.0.0.1 10.0.0.2\nports 1 65535\nvlan 7\n"
	                            "isn client 5\nisn server 6\nclient SYN\nserver SYN-ACK\n");

	expect_addresses(&played.segments[0], "10.0.0.1", "10.0.0.2");
	cr_assert_eq(played.segments[0].source_port, 1);
	cr_assert_eq(played.segments[0].destination_port, 65535);
	cr_assert_eq(played.segments[0].vlan, 7);
	cr_assert_eq(played.segments[0].seq, 5);
	cr_assert_eq(played.segments[1].seq, 6);
}

Test(story, speaks_ipv6_and_loopback)
{
	struct played played = play("ipv6\nclient SYN\n");

	expect_addresses(&played.segments[0], "2001:db8::10", "2001:db8:1::80");
	played = play("loopback\nclient SYN\nserver SYN-ACK\n");
	expect_addresses(&played.segments[0], "127.0.0.1", "127.0.0.1");
	cr_assert_eq(played.segments[1].ttl, 64);
	played = play("ipv6\nloopback\nclient SYN\n");
	expect_addresses(&played.segments[0], "::1", "::1");
	played = play("loopback\nipv6\nclient SYN\n");
	expect_addresses(&played.segments[0], "::1", "::1");
	played = play("addresses fe80::1 fe80::2\nclient SYN\n");
	expect_addresses(&played.segments[0], "fe80::1", "fe80::2");
}

Test(story, knows_the_link_types)
{
	static const struct {
		const char *text;
		uint16_t link_type;
	} cases[] = {
		{ "link ethernet\nclient SYN\n", LINK_ETHERNET },
		{ "link sll\nclient SYN\n", LINK_LINUX_SLL },
		{ "link sll2\nclient SYN\n", LINK_LINUX_SLL2 },
		{ "link null\nclient SYN\n", LINK_NULL },
		{ "link loop\nclient SYN\n", LINK_LOOP },
		{ "link raw\nclient SYN\n", LINK_RAW },
		{ "link ipv4\nclient SYN\n", LINK_IPV4 },
		{ "link ipv6\nipv6\nclient SYN\n", LINK_IPV6 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct played played = play(cases[i].text);

		cr_assert_eq(played.count, 1);
		cr_assert_eq(played.link_type, cases[i].link_type);
	}
}

Test(story, tells_udp_conversations)
{
	struct played played = play("udp\nports 40000 53\nclient 'who?'\nserver 3 bytes\n");

	cr_assert_eq(played.segments[0].kind, SEGMENT_UDP);
	cr_assert_eq(played.segments[0].payload, 4);
	cr_assert_str_eq(played.text[0], "who?");
	cr_assert_str_eq(played.text[1], "abc");
}

Test(story, answers_come_a_round_trip_later_and_the_client_is_quick)
{
	struct played played = play("client SYN\nserver SYN-ACK\nclient ACK\nclient 1 byte\n"
	                            "server ACK\nserver 1 byte\n");

	cr_assert_eq(micros(&played, 1) - micros(&played, 0), 30000);
	cr_assert_eq(micros(&played, 2) - micros(&played, 1), 20);
	cr_assert_eq(micros(&played, 3) - micros(&played, 2), 20);
	cr_assert_eq(micros(&played, 4) - micros(&played, 3), 30000);
	cr_assert_eq(micros(&played, 5) - micros(&played, 4), 20);
}

Test(story, the_round_trip_can_be_chosen)
{
	struct played played = play("rtt 0.25\nclient SYN\nserver SYN crossing\n");

	cr_assert_eq(micros(&played, 1) - micros(&played, 0), 125000);
	played = play("rtt 0.25\nclient SYN\nserver SYN-ACK\n");
	cr_assert_eq(micros(&played, 1) - micros(&played, 0), 250000);
	played = play("loopback\nclient SYN\nserver SYN-ACK\n");
	cr_assert_eq(micros(&played, 1) - micros(&played, 0), 20);
}

Test(story, a_plus_says_how_long_after_the_line_before)
{
	struct played played = play("+0 client SYN\n+1.5 server SYN-ACK\n+60\n"
	                            "+0.000001 client ACK\nclient FIN\n");

	cr_assert_eq(micros(&played, 0), 0);
	cr_assert_eq(micros(&played, 1), 1500000);
	cr_assert_eq(micros(&played, 2), 61500001);
	cr_assert_eq(micros(&played, 3), 61500021);
}

Test(story, time_passes_for_what_the_capture_missed)
{
	struct played played = play("+0 client SYN\n+1 server SYN-ACK unseen\n+1 client ACK\n");

	cr_assert_eq(micros(&played, 1), 2000000);
}

Test(story, several_connections_keep_their_own_numbers)
{
	struct played played = play("ports 50000 443\nclient SYN\n2: client SYN\nserver SYN-ACK\n"
	                            "client ACK\n1: server SYN-ACK\n2:\nclient 5 bytes\n");

	cr_assert_eq(played.segments[1].source_port, 50001);
	cr_assert_eq(played.segments[1].destination_port, 443);
	cr_assert_eq(played.segments[4].destination_port, 50000);
	cr_assert_eq(played.segments[4].ack, played.segments[0].seq + 1);
	cr_assert_eq(played.segments[5].source_port, 50001);
	cr_assert_eq(played.segments[5].seq, played.segments[1].seq + 1);
}

Test(story, begins_a_second_connection_on_the_same_ports)
{
	struct played played = play("client SYN\nserver SYN-ACK\n2: ports 50000 80\nisn client 9\n"
	                            "client SYN\n1: client RST\n");

	cr_assert_eq(played.segments[2].source_port, 50000);
	cr_assert_eq(played.segments[2].seq, 9);
	cr_assert_eq(played.segments[3].seq, 4294967291u);
}

Test(story, refuses_settings_that_come_late_or_make_no_sense)
{
	play_refused("client SYN\nports 1 2", "line 2: ports: the connection has begun");
	play_refused("client SYN\n2: link sll", "line 2: sll: a capture has one link type");
	play_refused("link", "line 1: link: wants a link type");
	play_refused("link token-ring", "line 1: token-ring: no such link type");
	play_refused("ports 1", "line 1: 1: wants a number");
	play_refused("ports 1 65536", "line 1: 65536: not a number from 0 to 65535");
	play_refused("vlan 4095", "line 1: 4095: not a number from 0 to 4094");
	play_refused("addresses 10.0.0.1", "line 1: 10.0.0.1: wants two addresses");
	play_refused("addresses 10.0.0.1 ten", "line 1: ten: no IPv4 or IPv6 address");
	play_refused("addresses 10.0.0.1 ::1", "line 1: ::1: not of the same family as the other");
	play_refused("isn", "line 1: isn: wants client or server");
	play_refused("isn router 5", "line 1: router: neither client nor server");
	play_refused("isn client -5", "line 1: -5: not a number from 0 to 4294967295");
	play_refused("rtt soon", "line 1: soon: not a number of seconds");
	play_refused("udp now", "line 1: now: one word too many");
}

Test(story, refuses_labels_and_times_that_make_no_sense)
{
	play_refused("0: client SYN", "line 1: 0:: connections are numbered from 1 to 32");
	play_refused("33: client SYN", "line 1: 33:: connections are numbered from 1 to 32");
	play_refused("two: client SYN", "line 1: two:: connections are numbered from 1 to 32");
	play_refused("+ client SYN", "line 1: +: not a number of seconds");
	play_refused("+x client SYN", "line 1: +x: not a number of seconds");
	play_refused("+-1 client SYN", "line 1: +-1: not a number of seconds");
	play_refused("+400000000 client SYN", "line 1: +400000000: longer than ten years");
	play_refused("+200000000\n+200000000",
	             "line 2: +200000000: the story is longer than ten years");
}

Test(story, refuses_what_the_link_type_cannot_carry)
{
	play_refused("link ipv4\nipv6\nclient SYN",
	             "line 3: this link type cannot carry the segment");
}

static void count_frame(void *context, const struct frame *frame)
{
	uint64_t *frames = context;

	cr_assert_eq(frame->number, *frames + 1);
	*frames = frame->number;
}

/* Cut anywhere, or with a byte struck out, a story is played or refused, and says why. */
Test(story, survives_damage)
{
	const char *story = scenario_find("mixed")->story;
	char text[4096];
	size_t length = strlen(story);

	cr_assert_lt(length, sizeof(text));
	for (size_t place = 0; place < length; place++) {
		struct error err = { 0 };
		uint64_t frames = 0;

		memcpy(text, story, length + 1);
		text[place] = '\0';
		if (story_play(text, NULL, count_frame, &frames, &err) < 0)
			cr_assert_neq(err.what[0], '\0');
		frames = 0;
		text[place] = '\'';
		if (story_play(text, NULL, count_frame, &frames, &err) < 0)
			cr_assert_neq(err.what[0], '\0');
	}
}
