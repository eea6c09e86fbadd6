/* log_test.c: records of whole connections in every format. */

#include "report/log.h"

#include <stdio.h>

#include "report/column.h"
#include "report/formats.h"
#include "report/json.h"
#include "report/record.h"
#include "unit/report/paper.h"

static struct paper paper;

static void write_record(const char *format, uint64_t id)
{
	log_format_find(format)->record(&paper.page, talk_flow(&paper.talk, id));
}

/* A connection that sends 3 bytes, gets 5000 and is closed by its client. */
static void say_all(void)
{
	shake_hands(&paper.talk);
	say(&paper.talk, CLIENT, MS, TCP_PSH | TCP_ACK, 1, 1, 3);
	say(&paper.talk, SERVER, MS, TCP_PSH | TCP_ACK, 1, 4, 5000);
	part(&paper.talk, 3, 5000);
}

Test(log, writes_a_whole_json_record)
{
	paper_start(&paper);
	say_all();
	write_record("json", 1);
	paper_expect(
		&paper,
		"{\"id\":1,\"proto\":\"tcp\",\"client\":\"192.0.2.10\",\"client_port\":50000,"
		"\"server\":\"198.51.100.80\",\"server_port\":80,"
		"\"start\":1700000000.000000000,\"duration\":0.006030000,"
		"\"client_state\":\"TIME_WAIT\",\"server_state\":\"CLOSED\","
		"\"client_path\":[\"SYN_SENT\",\"ESTABLISHED\",\"FIN_WAIT_1\",\"FIN_WAIT_2\","
		"\"TIME_WAIT\"],\"server_path\":[\"LISTEN\",\"SYN_RECEIVED\",\"ESTABLISHED\","
		"\"CLOSE_WAIT\",\"LAST_ACK\",\"CLOSED\"],\"opening\":\"handshake\","
		"\"closing\":\"client_first\",\"conn_state\":\"SF\",\"history\":\"ShADdFaf\","
		"\"completeness\":31,\"client_packets\":5,\"server_packets\":4,"
		"\"client_bytes\":3,\"server_bytes\":5000,\"client_payload\":3,"
		"\"server_payload\":5000,\"stream\":0,\"irtt\":0.000030000,"
		"\"syn_rtt\":0.000020000,\"ack_rtt\":0.000010000,\"syn_count\":1,"
		"\"synack_count\":1,\"retransmissions\":{\"client\":0,\"server\":0},"
		"\"fast_retransmissions\":{\"client\":0,\"server\":0},"
		"\"spurious_retransmissions\":{\"client\":0,\"server\":0},"
		"\"out_of_order\":{\"client\":0,\"server\":0},\"duplicate_acks\":{\"client\":0,"
		"\"server\":0},\"lost_segments\":{\"client\":0,\"server\":0},"
		"\"zero_windows\":{\"client\":0,\"server\":0},\"window_full\":{\"client\":0,"
		"\"server\":0},\"keep_alives\":{\"client\":0,\"server\":0},"
		"\"resets\":{\"client\":0,\"server\":0},\"duplicates\":{\"client\":0,"
		"\"server\":0},\"findings\":[],"
		"\"community_id\":\"1:bDqU2VK/rF1N6R7ZSCAXrobd3Q8=\","
		"\"client_state_presumed\":false,\"server_state_presumed\":true,"
		"\"outcome\":\"closed\",\"first_frame\":1,\"last_frame\":9,\"tunnel\":null,"
		"\"acked_unseen\":{\"client\":0,\"server\":0},"
		"\"zero_window_probes\":{\"client\":0,\"server\":0},"
		"\"zero_window_probe_acks\":{\"client\":0,\"server\":0},"
		"\"keep_alive_acks\":{\"client\":0,\"server\":0},"
		"\"window_updates\":{\"client\":0,\"server\":0},\"reused_ports\":{\"client\":0,"
		"\"server\":0},\"tfo_syns\":{\"client\":0,\"server\":0},"
		"\"tfo_acks\":{\"client\":0,\"server\":0},\"tfo_ignored\":{\"client\":0,"
		"\"server\":0},\"dsacks\":{\"client\":0,\"server\":0},"
		"\"unique_bytes\":{\"client\":3,\"server\":5000},"
		"\"repeated_packets\":{\"client\":0,\"server\":0},"
		"\"repeated_bytes\":{\"client\":0,\"server\":0},\"missed_bytes\":{\"client\":0,"
		"\"server\":0},\"data_packets\":{\"client\":1,\"server\":1},"
		"\"pure_acks\":{\"client\":2,\"server\":1},\"mss\":{\"client\":null,"
		"\"server\":null},\"max_segment\":{\"client\":3,\"server\":5000},"
		"\"window_scale\":{\"client\":null,\"server\":null},"
		"\"max_window\":{\"client\":65000,\"server\":65000},"
		"\"initial_window\":{\"client\":3,\"server\":5000},"
		"\"max_in_flight\":{\"client\":3,\"server\":5000},"
		"\"rtt_samples\":{\"client\":2,\"server\":2},"
		"\"rtt_min\":{\"client\":0.001000000,\"server\":0.001000000},"
		"\"rtt_median\":{\"client\":0.001000000,\"server\":0.001000000},"
		"\"rtt_p99\":{\"client\":0.001000000,\"server\":0.001000000},"
		"\"bad_checksums\":{\"client\":0,\"server\":0},"
		"\"offloaded_checksums\":{\"client\":0,\"server\":0},"
		"\"super_segments\":{\"client\":0,\"server\":0},\"cut_segments\":{\"client\":0,"
		"\"server\":0},\"backwards\":{\"client\":0,\"server\":0},\"one_sided\":false,"
		"\"analysis_complete\":true}\n");
	paper_end(&paper);
}

Test(log, puts_findings_with_their_frames_into_json)
{
	paper_start(&paper);
	say(&paper.talk, CLIENT, 0, TCP_SYN, 0, 0, 0);
	say(&paper.talk, SERVER, 30 * US, TCP_RST | TCP_ACK, 2, 1, 0);
	write_record("json", 1);
	cr_expect_not_null(
		strstr(paper_text(&paper),
	               "\"findings\":[{\"code\":\"refused\",\"text\":\"198.51.100.80:80 "
	               "answered the SYN with a reset after 30 µs: nobody listens there, or "
	               "a firewall rejects\",\"evidence\":[1,2]}],"));
	paper_end(&paper);
}

Test(log, knows_no_states_of_datagrams)
{
	paper_start(&paper);
	paper.talk.kind = SEGMENT_UDP;
	say(&paper.talk, CLIENT, 0, 0, 0, 0, 5);
	say(&paper.talk, SERVER, MS, 0, 0, 0, 7);
	write_record("json", 1);
	paper_expect(
		&paper,
		"{\"id\":1,\"proto\":\"udp\",\"client\":\"192.0.2.10\",\"client_port\":50000,"
		"\"server\":\"198.51.100.80\",\"server_port\":80,"
		"\"start\":1700000000.000000000,\"duration\":0.001000000,\"client_state\":null,"
		"\"server_state\":null,\"client_path\":null,\"server_path\":null,"
		"\"opening\":null,\"closing\":null,\"conn_state\":\"SF\",\"history\":\"Dd\","
		"\"completeness\":null,\"client_packets\":1,\"server_packets\":1,"
		"\"client_bytes\":5,\"server_bytes\":7,\"client_payload\":5,"
		"\"server_payload\":7,\"stream\":null,\"irtt\":null,\"syn_rtt\":null,"
		"\"ack_rtt\":null,\"syn_count\":null,\"synack_count\":null,"
		"\"retransmissions\":null,\"fast_retransmissions\":null,"
		"\"spurious_retransmissions\":null,\"out_of_order\":null,"
		"\"duplicate_acks\":null,\"lost_segments\":null,\"zero_windows\":null,"
		"\"window_full\":null,\"keep_alives\":null,\"resets\":null,\"duplicates\":null,"
		"\"findings\":[],\"community_id\":\"1:NIN69/Vf5cJz81U0KpOCZws/Co0=\","
		"\"client_state_presumed\":null,\"server_state_presumed\":null,"
		"\"outcome\":\"replied\",\"first_frame\":1,\"last_frame\":2,\"tunnel\":null,"
		"\"acked_unseen\":null,\"zero_window_probes\":null,"
		"\"zero_window_probe_acks\":null,\"keep_alive_acks\":null,"
		"\"window_updates\":null,\"reused_ports\":null,\"tfo_syns\":null,"
		"\"tfo_acks\":null,\"tfo_ignored\":null,\"dsacks\":null,\"unique_bytes\":null,"
		"\"repeated_packets\":null,\"repeated_bytes\":null,\"missed_bytes\":null,"
		"\"data_packets\":null,\"pure_acks\":null,\"mss\":null,\"max_segment\":null,"
		"\"window_scale\":null,\"max_window\":null,\"initial_window\":null,"
		"\"max_in_flight\":null,\"rtt_samples\":null,\"rtt_min\":null,"
		"\"rtt_median\":null,\"rtt_p99\":null,\"bad_checksums\":null,"
		"\"offloaded_checksums\":null,\"super_segments\":null,\"cut_segments\":null,"
		"\"backwards\":null,\"one_sided\":null,\"analysis_complete\":null}\n");
	paper_end(&paper);
}

Test(log, titles_csv_with_the_keys_and_quotes_what_needs_it)
{
	const char *text;

	paper_start(&paper);
	say_all();
	log_format_find("csv")->head(&paper.page);
	write_record("csv", 1);
	text = paper_text(&paper);
	cr_expect_eq(strncmp(text, "id,proto,client,client_port,", 28), 0);
	cr_expect_not_null(strstr(text, ",one_sided,analysis_complete\n1,tcp,192.0.2.10,50000,"));
	cr_expect_not_null(strstr(text,
	                          ",\"[\"\"SYN_SENT\"\",\"\"ESTABLISHED\"\",\"\"FIN_WAIT_1\"\","
	                          "\"\"FIN_WAIT_2\"\",\"\"TIME_WAIT\"\"]\","));
	cr_expect_not_null(strstr(text, ",\"{\"\"client\"\":3,\"\"server\"\":5000}\","));
	cr_expect_not_null(strstr(text, ",false,true\n"));
	paper_end(&paper);
}

/* Commas outside of quotes. */
static size_t count_fields(const char *line, const char *end)
{
	size_t fields = 1;
	bool quoted = false;

	for (; line < end; line++) {
		quoted ^= *line == '"';
		fields += *line == ',' && !quoted;
	}
	return fields;
}

Test(log, gives_every_csv_line_as_many_fields)
{
	const char *text, *second;
	size_t columns;

	paper_start(&paper);
	say(&paper.talk, CLIENT, 0, TCP_SYN, 0, 0, 0);
	say(&paper.talk, SERVER, 30 * US, TCP_RST | TCP_ACK, 2, 1, 0);
	log_format_find("csv")->head(&paper.page);
	write_record("csv", 1);
	text = paper_text(&paper);
	second = strchr(text, '\n') + 1;
	columns = count_fields(text, second);
	cr_expect_gt(columns, 40);
	cr_expect_eq(count_fields(second, strchr(second, '\n')), columns);
	paper_end(&paper);
}

Test(log, aligns_its_text_by_columns_not_bytes)
{
	paper_start(&paper);
	say_all();
	paper_turn(&paper, 50001);
	say(&paper.talk, CLIENT, 0, TCP_SYN, 0, 0, 0);
	log_format_find("text")->head(&paper.page);
	write_record("text", 1);
	write_record("text", 2);
	paper_expect(
		&paper,
		"Start                    Prt  Client                -> Server                 "
	        "Open   "
		"Close   Client state  Server state  Outcome         iRTT     Sent     Rcvd\n"
		"2023-11-14 22:13:20.000  tcp  192.0.2.10:50000      -> 198.51.100.80:80       ▶◀▶ "
	        "   "
		"▶◀◀▶    TIME_WAIT     CLOSED        closed         30 µs      3 B   5000 B\n"
		"2023-11-14 22:13:20.006  tcp  192.0.2.10:50001      -> 198.51.100.80:80       ▶·· "
	        "   "
		"        SYN_SENT      LISTEN?       no answer          -      0 B      0 B\n");
	paper_end(&paper);
}

Test(log, has_each_format_once)
{
	size_t count;
	const struct log_format *format = log_formats(&count);

	for (size_t i = 0; i < count; i++)
		cr_expect_eq(log_format_find(format[i].name), &format[i]);
	cr_expect_null(log_format_find("xml"));
}

/* Column by column, as the table has them. */
static void add_columns(struct text *text, const struct page *page, const struct flow *flow)
{
	static char storage[COLUMN_VALUE_MAX];
	size_t count;
	const struct column *column = columns(&count);
	struct record record;

	record_start(&record, page, flow);
	for (size_t i = 0; i < count; i++) {
		const char *quote = column[i].form == FORM_STRING ? "\"" : "";
		char *end = column[i].value(storage, &record);

		text_format(text, "%c\"%s\":", i > 0 ? ',' : '{', column[i].key);
		if (end == storage)
			text_add(text, "null");
		else
			text_format(text, "%s%.*s%s", quote, (int)(end - storage), storage, quote);
	}
	text_add(text, "}\n");
}

static uint32_t draw(uint64_t *random, uint32_t below)
{
	*random = *random * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (uint32_t)(*random >> 33) % below;
}

/* In order or not, on a few connections at once; some never open, some never close. */
static void babble(struct talk *talk, uint64_t *random)
{
	static const unsigned flags[] = { TCP_SYN, TCP_SYN | TCP_ACK, TCP_ACK, TCP_PSH | TCP_ACK,
		                          TCP_PSH | TCP_ACK, TCP_FIN | TCP_ACK, TCP_RST };
	static const int64_t spans[] = { US, MS, 300 * MS, 3 * TIME_SECOND };
	unsigned said = flags[draw(random, 7)];
	enum side side = (enum side)draw(random, 2);

	talk->kind = draw(random, 9) == 0 ? SEGMENT_UDP : SEGMENT_TCP;
	talk->port[CLIENT] = (uint16_t)(50000 + draw(random, 9));
	say(talk, side, spans[draw(random, 4)], talk->kind == SEGMENT_UDP ? 0 : said,
	    said & TCP_SYN ? 0 : 1 + draw(random, 3) * 700, 1 + draw(random, 3) * 700,
	    said & TCP_PSH ? 1 + draw(random, 2000) : 0);
}

/* Whether it has marks or none: what is copied at once is what is written one by one. */
Test(log, has_in_a_json_record_what_the_table_of_columns_has)
{
	static char storage[RECORD_MAX];
	uint64_t random = 1;
	const struct flow *flow = NULL;
	unsigned records[2] = { 0 };

	for (int round = 0; round < 60; round++) {
		paper_start(&paper);
		shake_hands(&paper.talk);
		part(&paper.talk, 0, 0);
		for (unsigned said = draw(&random, 120); said > 0; said--)
			babble(&paper.talk, &random);
		while ((flow = tracker_next(paper.talk.tracker, flow)) != NULL) {
			struct text expected = text_over(storage, sizeof(storage));

			add_columns(&expected, &paper.page, flow);
			log_format_find("json")->record(&paper.page, flow);
			cr_assert_not(expected.cut);
			paper_expect(&paper, storage);
			records[flow->aside != 0]++;
		}
		paper_end(&paper);
	}
	cr_expect_gt(records[false], 60);
	cr_expect_gt(records[true], 60);
}

static void expect_json(const char *string, const char *expected)
{
	char storage[128];
	struct text text = text_over(storage, sizeof(storage));

	json_add_string(&text, string);
	cr_expect_str_eq(storage, expected);
}

Test(json, escapes_what_would_break_a_string)
{
	expect_json("", "\"\"");
	expect_json("a\"b\\c", "\"a\\\"b\\\\c\"");
	expect_json("\n\t\x01\x7f", "\"\\n\\t\\u0001\\u007f\"");
	expect_json("30 µs ▶ 😀", "\"30 µs ▶ 😀\"");
}

/* Eight letters are looked at together; what one of them becomes depends on none of the others. */
Test(json, escapes_a_letter_wherever_it_stands)
{
	char string[] = "01234567890123456789012", alone[] = "?";
	char alone_storage[16], storage[64], expected[64];

	for (int byte = 1; byte < 0x80; byte++) {
		struct text one = text_over(alone_storage, sizeof(alone_storage));

		alone[0] = (char)byte;
		json_add_string(&one, alone);
		for (int place = 0; place < 23; place++) {
			struct text text = text_over(storage, sizeof(storage));
			char before = string[place];

			string[place] = (char)byte;
			json_add_string(&text, string);
			snprintf(expected, sizeof(expected), "\"%.*s%.*s%s\"", place, string,
			         (int)one.length - 2, one.start + 1, string + place + 1);
			cr_expect_str_eq(storage, expected);
			string[place] = before;
		}
	}
}

Test(json, replaces_what_is_no_utf_8)
{
	expect_json("\xff", "\"\xef\xbf\xbd\"");
	expect_json("a\xc2", "\"a\xef\xbf\xbd\"");
	expect_json("\xc0\xaf", "\"\xef\xbf\xbd\xef\xbf\xbd\"");
	expect_json("\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
	expect_json("\xf4\x90\x80\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
}
