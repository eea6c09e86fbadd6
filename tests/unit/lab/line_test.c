/* line_test.c: what every word of a segment's line means, and what is refused. */

#include "lab/line.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "unit/lab/played.h"

static struct line read_line(const char *text)
{
	struct error err = { 0 };
	struct reader reader = reader_over(text, &err);
	struct line line;

	cr_assert(reader_line(&reader));
	cr_assert_eq(line_read(&reader, ACTOR_CLIENT, &line), 0, "%s", err.what);
	return line;
}

Test(line, shouted_words_are_flags)
{
	cr_assert_eq(read_line("SYN").flags, TCP_SYN);
	cr_assert_eq(read_line("SYN-ACK").flags, TCP_SYN | TCP_ACK);
	cr_assert_eq(read_line("ACK").flags, TCP_ACK);
	cr_assert_eq(read_line("FIN").flags, TCP_FIN | TCP_ACK);
	cr_assert_eq(read_line("RST").flags, TCP_RST);
	cr_assert_eq(read_line("RST-ACK").flags, TCP_RST | TCP_ACK);
	cr_assert_eq(read_line("PSH").flags, TCP_PSH | TCP_ACK);
	cr_assert_eq(read_line("SYN FIN").flags, TCP_SYN | TCP_FIN | TCP_ACK);
}

Test(line, reads_counted_and_quoted_payload)
{
	struct line line = read_line("1460 bytes");

	cr_assert(line_has(&line, MARK_PAYLOAD));
	cr_assert_eq(line.payload, 1460);
	cr_assert_null(line.text);
	line = read_line("1 byte");
	cr_assert_eq(line.payload, 1);
	line = read_line("\"it's\"");
	cr_assert_eq(line.payload, 4);
	cr_assert_eq(strncmp(line.text, "it's", 4), 0);
}

Test(line, reads_every_number)
{
	static const char *const words[NUMBER_COUNT] = {
		[NUMBER_SEQ] = "seq", [NUMBER_ACK] = "ack", [NUMBER_WINDOW] = "win",
		[NUMBER_TTL] = "ttl", [NUMBER_MSS] = "mss", [NUMBER_SCALE] = "ws",
		[NUMBER_MTU] = "mtu",
	};

	for (int number = 0; number < NUMBER_COUNT; number++) {
		char text[32];
		struct line line;

		snprintf(text, sizeof(text), "ACK %s %d", words[number], 100 + number);
		line = read_line(text);
		cr_assert_eq(line.given, 1u << number);
		cr_assert_eq(line.numbers[number], 100u + (unsigned)number);
	}
}

Test(line, reads_every_mark)
{
	cr_assert_eq(read_line("ACK lost").marks, MARK_LOST);
	cr_assert_eq(read_line("ACK unseen").marks, MARK_UNSEEN);
	cr_assert_eq(read_line("ACK crossing").marks, MARK_CROSSING);
	cr_assert_eq(read_line("ACK again").marks, MARK_AGAIN);
	cr_assert_eq(read_line("ACK stray").marks, MARK_STRAY);
	cr_assert_eq(read_line("SYN sack ts").marks, MARK_SACK | MARK_TIMESTAMPS);
	cr_assert_eq(read_line("SYN again lost").marks, MARK_AGAIN | MARK_LOST);
}

Test(line, reads_fast_open_cookies)
{
	struct line line = read_line("SYN fast-open 00ff9a");

	cr_assert_eq(line.cookie_length, 3);
	cr_assert_eq(memcmp(line.cookie, "\x00\xff\x9a", 3), 0);
	line = read_line("SYN fast-open request");
	cr_assert_eq(line.cookie_length, 0);
	cr_assert(line_has(&line, MARK_FAST_OPEN));
}

Test(line, refuses_what_it_does_not_know)
{
	play_refused("client syn", "line 1: syn: no such word");
	play_refused("client SYN\nserver SYN-ACK maybe", "line 2: maybe: no such word");
	play_refused("client", "line 1: client: the line sends nothing");
	play_refused("client lost", "line 1: lost: the line sends nothing");
	play_refused("nobody SYN", "line 1: nobody: neither an actor nor a setting");
}

Test(line, refuses_numbers_that_do_not_fit)
{
	play_refused("client SYN mss", "line 1: mss: wants a number");
	play_refused("client SYN mss x", "line 1: x: not a number from 0 to 65535");
	play_refused("client SYN mss 65536", "line 1: 65536: not a number from 0 to 65535");
	play_refused("client SYN ttl 256", "line 1: 256: not a number from 0 to 255");
	play_refused("client SYN seq 4294967296",
	             "line 1: 4294967296: not a number from 0 to 4294967295");
}

Test(line, refuses_payload_that_makes_no_sense)
{
	play_refused("client 100", "line 1: 100: wants \"bytes\"");
	play_refused("client 100 words", "line 1: words: a bare number counts \"bytes\"");
	play_refused("client 32769 bytes",
	             "line 1: 32769: not a count of bytes that fits one segment");
	play_refused("client 'hello", "line 1: 'hello: the quote is never closed");
	play_refused("client '", "line 1: ': the quote is never closed");
}

Test(line, refuses_bad_cookies)
{
	const char *why = "line 1: %s: a cookie is 1 to 16 bytes in hexadecimal";
	static const char *const cookies[] = { "abc", "zz", "a-",
		                               "0011223344556677889900112233445566" };

	for (size_t i = 0; i < sizeof(cookies) / sizeof(cookies[0]); i++) {
		char text[80], message[128];

		snprintf(text, sizeof(text), "client SYN fast-open %s", cookies[i]);
		snprintf(message, sizeof(message), why, cookies[i]);
		play_refused(text, message);
	}
	play_refused("client SYN fast-open", "line 1: fast-open: wants request or a cookie");
}

Test(line, refuses_a_router_that_talks)
{
	play_refused("router SYN", "line 1: SYN: a router only says what is unreachable");
	play_refused("client SYN\nrouter unreachable",
	             "line 2: unreachable: wants what cannot be reached");
	play_refused("client SYN\nrouter unreachable moon",
	             "line 2: moon: not net, host, protocol, port, prohibited or fragmentation");
}
