/* tunnels_test.c: tunnels and odd link types, in the records of the program. */

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "capture/dump.h"
#include "packet/link.h"
#include "packet/tunnel.h"
#include "program/program.h"
#include "unit/capture/folder.h"
#include "unit/packet/samples.h"

static const char *wires_write(const struct folder *folder, const struct wire *wires, size_t count,
                               uint16_t link_type)
{
	const char *path = folder_path(folder, "tunnel.pcap");
	struct error err;
	struct dump *dump = dump_open(path, link_type, 65535, &err);

	cr_assert_not_null(dump, "%s", err.what);
	for (size_t i = 0; i < count; i++) {
		struct frame frame = {
			.bytes = wires[i].bytes,
			.time = (1700000000 + (int64_t)i) * TIME_SECOND,
			.captured = wires[i].captured,
			.length = wires[i].length,
			.link_type = link_type,
		};

		cr_assert_eq(dump_frame(dump, &frame, &err), 0, "%s", err.what);
	}
	cr_assert_eq(dump_close(dump, &err), 0, "%s", err.what);
	return path;
}

static struct outcome wires_run(const struct wire *wires, size_t count, uint16_t link_type,
                                const char *option)
{
	struct folder folder = folder_new();
	const char *path = wires_write(&folder, wires, count, link_type);
	const char *words[] = { "log", "--format=json", "-r", path, option, NULL };
	struct outcome outcome = program_run(words);

	folder_free(&folder);
	return outcome;
}

static void expect_record(const struct outcome *outcome, const char *name, const char *part)
{
	cr_expect_eq(outcome->status, 0, "%s: %s", name, outcome->err);
	cr_expect_eq(line_count(outcome->out), 1, "%s: %s", name, outcome->out);
	cr_expect(strstr(outcome->out, part), "%s: no %s in %s", name, part, outcome->out);
}

/* A connection is known by what is inside, wherever it was found; the record says where. */
Test(tunnels, are_told_in_the_record_of_the_connection_inside)
{
	bool seen[TUNNEL_KIND_COUNT] = { false };

	for (size_t i = 0; i < sample_count; i++) {
		const struct sample *sample = &samples[i];
		struct wire wire = sample_wire(sample);
		struct outcome outcome = wires_run(&wire, 1, sample->link_type, NULL);
		char expected[160], name[16];

		snprintf(expected, sizeof(expected), "\"tunnel\":%s%s%s",
		         *sample->tunnel ? "\"" : "", *sample->tunnel ? sample->tunnel : "null",
		         *sample->tunnel ? "\"" : "");
		expect_record(&outcome, sample->name, expected);
		/* The reset's sender is taken for the server. */
		expect_record(&outcome, sample->name, "_port\":1234,");
		if (sscanf(sample->tunnel, "%15[^ ]", name) == 1)
			seen[tunnel_find(name)] = true;
		outcome_free(&outcome);
	}
	for (size_t kind = TUNNEL_OTHER + 1; kind < TUNNEL_KIND_COUNT; kind++)
		cr_expect(seen[kind], "no sample of %s", tunnel_name((enum tunnel_kind)kind));
}

Test(tunnels, are_found_at_a_port_that_is_given)
{
	struct wire wire =
		wire_counted(LINK_RAW, OUTER_UDP("d431", "2710") "08000000 00000700" ETHERNET_RST);
	struct outcome outcome = wires_run(&wire, 1, LINK_RAW, "--tunnel-port=vxlan=10000");

	expect_record(&outcome, "vxlan", "\"tunnel\":\"vxlan vni 7 10.0.0.1-10.0.0.2\"");
	outcome_free(&outcome);
	outcome = wires_run(&wire, 1, LINK_RAW, NULL);
	expect_record(&outcome, "udp", "\"proto\":\"udp\"");
	outcome_free(&outcome);
}

Test(tunnels, with_the_same_addresses_inside_hold_connections_of_their_own)
{
	struct wire wires[] = {
		wire_counted(LINK_RAW, OUTER_UDP("d431", "12b5") "08000000 00000700" ETHERNET_RST),
		wire_counted(LINK_RAW, OUTER_UDP("d431", "12b5") "08000000 00000800" ETHERNET_RST),
	};
	struct outcome outcome = wires_run(wires, 2, LINK_RAW, NULL);

	cr_expect_eq(line_count(outcome.out), 2, "%s", outcome.out);
	outcome_free(&outcome);
}

Test(tunnels, are_no_vlans_unless_that_is_asked_for)
{
	struct wire wires[] = {
		wire_counted(LINK_ETHERNET, STATIONS "8100 0007 0800" RST_IPV4),
		wire_counted(LINK_ETHERNET, STATIONS "8100 0008 0800" RST_IPV4),
	};
	struct outcome outcome = wires_run(wires, 2, LINK_ETHERNET, NULL);

	cr_expect_eq(line_count(outcome.out), 1, "%s", outcome.out);
	outcome_free(&outcome);
	outcome = wires_run(wires, 2, LINK_ETHERNET, "--by-vlan");
	cr_expect_eq(line_count(outcome.out), 2, "%s", outcome.out);
	outcome_free(&outcome);
}

Test(tunnels, and_user_link_types_are_read_as_they_are_said_to_be)
{
	struct wire wire = wire_counted(LINK_USER0, ETHERNET_RST);
	struct outcome outcome = wires_run(&wire, 1, LINK_USER0, "--link-type=1");

	expect_record(&outcome, "USER0", "_port\":1234,");
	outcome_free(&outcome);
	outcome = wires_run(&wire, 1, LINK_USER0, NULL);
	cr_expect_eq(outcome.status, 1);
	cr_expect(strstr(outcome.err, "link type 147 "), "%s", outcome.err);
	outcome_free(&outcome);
}
