/* zeek_test.c: records in the form of Zeek's conn.log, and the Community ID. */

#include "report/log.h"

#include <stdlib.h>

#include "report/community.h"
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

Test(zeek, writes_header_lines_around_the_records)
{
	paper_start(&paper);
	say_all();
	log_format_find("zeek")->head(&paper.page);
	write_record("zeek", 1);
	log_format_find("zeek")->foot(&paper.page);
	paper_expect(
		&paper,
		"#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n"
		"#path\tconn\n#open\t2023-11-14-22-13-20\n"
		"#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\t"
		"duration\torig_bytes\tresp_bytes\tconn_state\tlocal_orig\tlocal_resp\t"
		"missed_bytes\thistory\torig_pkts\torig_ip_bytes\tresp_pkts\tresp_ip_bytes\t"
		"tunnel_parents\tcommunity_id\n"
		"#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring\tinterval\tcount\t"
		"count\tstring\tbool\tbool\tcount\tstring\tcount\tcount\tcount\tcount\t"
		"set[string]\tstring\n"
		"1700000000.000000\tC2Cn6vZb8y5ciIMycK\t192.0.2.10\t50000\t198.51.100."
	        "80\t80\ttcp\t-\t0.005030\t"
		"3\t5000\tSF\t-\t-\t0\tShADdFaf\t5\t203\t4\t5160\t-\t1:bDqU2VK/"
	        "rF1N6R7ZSCAXrobd3Q8=\n"
		"#close\t2023-11-14-22-13-20\n");
	paper_end(&paper);
}

Test(zeek, writes_no_date_where_nothing_came)
{
	paper_start(&paper);
	log_format_find("zeek")->foot(&paper.page);
	paper_expect(&paper, "#close\t1970-01-01-00-00-00\n");
	paper_end(&paper);
}

Test(zeek, waits_with_its_head_until_it_knows_the_time)
{
	size_t count;
	const struct log_format *formats = log_formats(&count);

	for (size_t i = 0; i < count; i++)
		cr_expect_eq(formats[i].dated, strcmp(formats[i].name, "zeek") == 0);
}

Test(zeek, leaves_out_of_json_what_is_not_known)
{
	paper_start(&paper);
	say(&paper.talk, CLIENT, 0, TCP_SYN, 0, 0, 0);
	write_record("zeek-json", 1);
	paper_expect(&paper,
	             "{\"ts\":1700000000.000000,\"uid\":\"C2Cn6vZb8y5ciIMycK\",\"id.orig_h\":\"192."
	             "0.2.10\","
	             "\"id.orig_p\":50000,\"id.resp_h\":\"198.51.100.80\",\"id.resp_p\":80,"
	             "\"proto\":\"tcp\",\"conn_state\":\"S0\",\"missed_bytes\":0,"
	             "\"history\":\"S\",\"orig_pkts\":1,\"orig_ip_bytes\":40,\"resp_pkts\":0,"
	             "\"resp_ip_bytes\":0,\"community_id\":\"1:bDqU2VK/rF1N6R7ZSCAXrobd3Q8=\"}\n");
	paper_end(&paper);
}

Test(zeek, puts_the_originator_first_also_where_that_is_our_server)
{
	paper_start(&paper);
	paper.talk.kind = SEGMENT_UDP;
	paper_turn(&paper, 53);
	paper.talk.port[SERVER] = 33000;
	say(&paper.talk, CLIENT, 0, 0, 0, 0, 5);
	say(&paper.talk, SERVER, MS, 0, 0, 0, 7);
	write_record("zeek", 1);
	paper_expect(&paper, "1700000000.000000\tCGtkagbgqXGFJhULVC\t198.51.100.80\t33000\t192.0.2."
	                     "10\t53\tudp\t-\t"
	                     "0.001000\t7\t5\tSF\t-\t-\t0\t^dD\t1\t35\t1\t33\t-\t1:"
	                     "8L5ZSY4e0G3rcVAufO7ncvzDGXE=\n");
	write_record("json", 1);
	cr_expect_not_null(
		strstr(paper_text(&paper), "\"client\":\"192.0.2.10\",\"client_port\":53"));
	cr_expect_not_null(strstr(paper_text(&paper), "\"client_bytes\":5,\"server_bytes\":7"));
	paper_end(&paper);
}

/* The 18 characters after the first tab. */
static const char *uid_of(uint64_t id, char uid[19])
{
	output_start(&paper.output, -1);
	write_record("zeek", id);
	memcpy(uid, strchr(paper_text(&paper), '\t') + 1, 18);
	uid[18] = '\0';
	cr_expect_eq(strchr(paper.output.bytes, '\t')[19], '\t');
	return uid;
}

Test(zeek, names_each_connection_and_names_it_again)
{
	char first[19], again[19], second[19];

	paper_start(&paper);
	say_all();
	paper_turn(&paper, 50001);
	say_all();
	uid_of(1, first);
	uid_of(1, again);
	uid_of(2, second);
	cr_expect_eq(first[0], 'C');
	cr_expect_eq(
		strspn(first, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"),
		18);
	cr_expect_str_eq(first, again);
	cr_expect_str_neq(first, second);
	paper_end(&paper);
}

Test(zeek, tells_the_same_ports_used_again_apart)
{
	char first[19], second[19];

	paper_start(&paper);
	say_all();
	say(&paper.talk, CLIENT, MS, TCP_SYN, 900000, 0, 0);
	cr_expect_str_neq(uid_of(1, first), uid_of(2, second));
	paper_end(&paper);
}

/* The examples of the specification's own tests, and how tshark writes them. */

struct example {
	uint8_t protocol;
	const char *client;
	uint16_t client_port;
	const char *server;
	uint16_t server_port;
	const char *id;
};

/* clang-format off */
static const struct example examples[] = {
	{ PROTOCOL_TCP, "128.232.110.120", 34855, "66.35.250.204", 80, "1:LQU9qZlK+B5F3KDmev6m5PMibrg=" },
	{ PROTOCOL_TCP, "66.35.250.204", 80, "128.232.110.120", 34855, "1:LQU9qZlK+B5F3KDmev6m5PMibrg=" },
	{ PROTOCOL_UDP, "192.168.1.52", 54585, "8.8.8.8", 53, "1:d/FP5EW3wiY1vCndhwleRRKHowQ=" },
	{ PROTOCOL_UDP, "8.8.8.8", 53, "192.168.1.52", 54585, "1:d/FP5EW3wiY1vCndhwleRRKHowQ=" },
};
/* clang-format on */

Test(community, gives_the_ids_of_the_specification)
{
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		const struct example *example = &examples[i];
		struct flow flow = { .key.protocol = example->protocol };
		char storage[64];
		uint32_t digest[DIGEST_WORDS];

		flow.key.family =
			(uint8_t)address_parse(example->client, &flow.key.address[CLIENT]);
		address_parse(example->server, &flow.key.address[SERVER]);
		flow.key.port[CLIENT] = example->client_port;
		flow.key.port[SERVER] = example->server_port;
		community_digest(&flow, digest);
		*community_put(storage, digest) = '\0';
		cr_expect_str_eq(storage, example->id, "%s: %s", example->client, storage);
	}
}
