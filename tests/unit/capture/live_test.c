/* live_test.c: interfaces of the test's own, with nothing on them but what it sends. */

#include "capture/live.h"

#include <criterion/criterion.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "capture/source.h"
#include "ground.h"
#include "packet/frame.h"
#include "packet/link.h"

/* Longer than any delivery takes; reached only by a test that fails. */
#define PATIENCE_MILLISECONDS 10000

/* Where an IPv4 UDP datagram's payload begins, on Ethernet. */
#define PAYLOAD (14 + 20 + 8)

struct seen {
	uint32_t count;
	uint32_t numbers[256];    /* the payloads of the first */
	struct frame first, last; /* their bytes are gone */
	bool whole_microseconds;
	bool backwards;
	uint8_t bytes[256]; /* of the last */
};

static void frame_see(void *context, const struct frame *frame)
{
	struct seen *seen = context;

	if (seen->count == 0)
		seen->first = *frame;
	else if (frame->time < seen->last.time)
		seen->backwards = true;
	if (frame->time % TIME_MICROSECOND)
		seen->whole_microseconds = false;
	if (seen->count < 256 && frame->captured >= PAYLOAD + sizeof(uint32_t))
		memcpy(&seen->numbers[seen->count], frame->bytes + PAYLOAD, sizeof(uint32_t));
	memcpy(seen->bytes, frame->bytes, frame->captured < 256 ? frame->captured : 256);
	seen->last = *frame;
	seen->count++;
}

/* Visits until `wanted` frames were seen or an outcome that is neither a count nor quiet. */
static int watch_by(struct source *source, int most, uint32_t wanted, struct seen *seen,
                    struct error *err)
{
	int outcome = SOURCE_QUIET;

	seen->whole_microseconds = true;
	while (seen->count < wanted && outcome >= 0) {
		struct pollfd ready = { .fd = source_descriptor(source), .events = POLLIN };
		uint32_t before = seen->count;

		if (ready.fd >= 0)
			cr_assert_eq(poll(&ready, 1, PATIENCE_MILLISECONDS), 1, "nothing came");
		outcome = source_visit(source, most, frame_see, seen, err);
		if (outcome < 0)
			break;
		cr_assert_eq(seen->count - before, (uint32_t)outcome);
		cr_assert_leq(outcome, most);
		cr_assert_eq(source_descriptor(source) == -1, outcome > 0);
	}
	return outcome;
}

static int watch(struct source *source, uint32_t wanted, struct seen *seen, struct error *err)
{
	return watch_by(source, 32, wanted, seen, err);
}

static struct source *open_with(const struct live_options *options)
{
	struct error err = { .what = "" };
	struct source *source = source_open_live(options, &err);

	cr_assert_not_null(source, "%s", err.what);
	return source;
}

static struct source *open_on(const char *device)
{
	struct live_options options = live_defaults(device);

	return open_with(&options);
}

Test(live, sees_every_packet_on_loopback_once)
{
	struct seen seen = { .count = 0 };
	struct source *source;
	struct source_facts facts;
	struct error err;
	struct wire wire;

	ground_enter();
	wire = wire_new();
	source = open_on("lo");
	for (uint32_t i = 0; i < 200; i++)
		wire_send(&wire, i);
	watch(source, 200, &seen, &err);
	cr_assert_eq(seen.count, 200);
	for (uint32_t i = 0; i < 200; i++)
		cr_assert_eq(seen.numbers[i], i);
	cr_expect_eq(seen.first.number, 1);
	cr_expect_eq(seen.last.number, 200);
	cr_expect_eq(seen.last.link_type, LINK_ETHERNET);
	facts = source_facts(source);
	cr_expect_str_eq(facts.name, "lo");
	cr_expect_str_eq(facts.container, "live");
	cr_expect_eq(facts.link_type, LINK_ETHERNET);
	cr_expect_eq(facts.snaplen, LIVE_SNAPLEN_HEADERS);
	cr_expect_eq(facts.frames, 200);
	cr_expect_eq(facts.dropped, 0);
	source_close(source);
}

static int64_t now(void)
{
	struct timespec clock;

	clock_gettime(CLOCK_REALTIME, &clock);
	return clock.tv_sec * TIME_SECOND + clock.tv_nsec;
}

Test(live, times_frames_in_nanoseconds)
{
	struct seen seen = { .count = 0 };
	struct source *source;
	struct error err;
	struct wire wire;
	int64_t before, after;

	ground_enter();
	wire = wire_new();
	source = open_on("lo");
	before = now();
	for (uint32_t i = 0; i < 100; i++)
		wire_send(&wire, i);
	after = now();
	watch(source, 100, &seen, &err);
	cr_expect_geq(seen.first.time, before);
	cr_expect_leq(seen.last.time, after);
	cr_expect_not(seen.backwards);
	cr_expect_not(seen.whole_microseconds, "of 100 times one has a fraction");
	source_close(source);
}

Test(live, does_not_block_on_a_quiet_interface, .timeout = 5)
{
	struct seen seen = { .count = 0 };
	struct source *source;
	struct error err;

	ground_enter();
	source = open_on("lo");
	for (int i = 0; i < 10; i++)
		cr_assert_eq(source_visit(source, 32, frame_see, &seen, &err), SOURCE_QUIET);
	cr_expect_geq(source_descriptor(source), 0);
	source_close(source);
}

Test(live, visits_no_more_than_it_is_asked_to)
{
	struct seen seen = { .count = 0 };
	struct source *source;
	struct error err;
	struct wire wire;

	ground_enter();
	wire = wire_new();
	source = open_on("lo");
	for (uint32_t i = 0; i < 8; i++)
		wire_send(&wire, i);
	watch_by(source, 3, 8, &seen, &err);
	cr_expect_eq(seen.count, 8);
	source_close(source);
}

Test(live, lets_through_what_the_filter_accepts)
{
	struct live_options options = live_defaults("lo");
	struct seen seen = { .count = 0 };
	struct wire wanted, unwanted;
	char expression[64];
	struct source *source;
	struct error err;

	ground_enter();
	wanted = wire_new();
	unwanted = wire_new();
	snprintf(expression, sizeof(expression), "udp and port %u", wanted.port);
	options.filter = expression;
	source = open_with(&options);
	for (uint32_t i = 0; i < 10; i++) {
		wire_send(&unwanted, 1000 + i);
		wire_send(&wanted, i);
	}
	watch(source, 10, &seen, &err);
	cr_expect_eq(seen.count, 10);
	for (uint32_t i = 0; i < 10; i++)
		cr_expect_eq(seen.numbers[i], i);
	source_close(source);
}

/* What was let through before the change may still be on its way. */
Test(live, takes_another_filter_while_it_is_open)
{
	struct live_options options = live_defaults("lo");
	struct seen before = { .count = 0 }, after = { .count = 0 }, all = { .count = 0 };
	struct wire one, other;
	char expression[64];
	struct source *source;
	struct error err;

	ground_enter();
	one = wire_new();
	other = wire_new();
	snprintf(expression, sizeof(expression), "udp and port %u", one.port);
	options.filter = expression;
	source = open_with(&options);
	wire_send(&other, 1);
	wire_send(&one, 2);
	watch(source, 1, &before, &err);
	cr_expect_eq(before.numbers[0], 2);
	cr_expect_eq(live_set_filter(source, "tcp prot 80", &err), -1);
	cr_expect(strstr(err.what, "syntax error"));
	snprintf(expression, sizeof(expression), "udp and port %u", other.port);
	cr_assert_eq(live_set_filter(source, expression, &err), 0);
	capabilities_drop();
	wire_send(&one, 3);
	wire_send(&other, 4);
	watch(source, 1, &after, &err);
	cr_expect_eq(after.numbers[0], 4);
	cr_assert_eq(live_set_filter(source, "", &err), 0);
	wire_send(&one, 5);
	wire_send(&other, 6);
	watch(source, 2, &all, &err);
	cr_expect_eq(all.numbers[0], 5);
	cr_expect_eq(all.numbers[1], 6);
	source_close(source);
}

Test(live, refuses_a_filter_in_the_words_of_libpcap)
{
	struct live_options options = live_defaults("lo");
	struct error err;

	ground_enter();
	options.filter = "tcp prot 80";
	cr_expect_null(source_open_live(&options, &err));
	cr_expect_str_eq(err.what,
	                 "filter \"tcp prot 80\": can't parse filter expression: syntax error");
}

Test(live, cuts_frames_at_the_snaplen)
{
	struct live_options options = live_defaults("lo");
	struct seen seen = { .count = 0 };
	struct source *source;
	struct error err;
	struct wire wire;

	ground_enter();
	wire = wire_new();
	options.snaplen = PAYLOAD;
	source = open_with(&options);
	wire_send(&wire, 1);
	watch(source, 1, &seen, &err);
	cr_expect_eq(seen.last.captured, PAYLOAD);
	cr_expect_eq(seen.last.length, PAYLOAD + 4);
	source_close(source);
}

/* A buffer for some hundred whole frames. */
Test(live, cuts_frames_before_they_take_room)
{
	enum { SENT = 1000 };
	struct live_options options = live_defaults("lo");
	static const uint8_t bytes[8000];
	struct seen seen = { .count = 0 };
	struct source *source;
	struct error err;
	struct wire wire;

	ground_enter();
	wire = wire_new();
	options.buffer = 1 << 20;
	source = open_with(&options);
	for (int i = 0; i < SENT; i++)
		cr_assert_eq(send(wire.sender, bytes, sizeof(bytes), 0), (ssize_t)sizeof(bytes));
	watch(source, SENT, &seen, &err);
	cr_expect_eq(seen.last.captured, LIVE_SNAPLEN_HEADERS);
	cr_expect_eq(seen.last.length, PAYLOAD + sizeof(bytes));
	cr_expect_eq(source_facts(source).dropped, 0);
	source_close(source);
}

Test(live, counts_what_was_lost_because_nobody_read)
{
	enum { SENT = 20000 };
	struct live_options options = live_defaults("lo");
	struct seen seen = { .count = 0 };
	struct source *source;
	struct error err;
	struct wire wire;
	int outcome = 1;

	ground_enter();
	wire = wire_new();
	options.buffer = 1;
	source = open_with(&options);
	for (uint32_t i = 0; i < SENT; i++)
		wire_send(&wire, i);
	while (outcome > 0)
		outcome = source_visit(source, 32, frame_see, &seen, &err);
	cr_expect_eq(outcome, SOURCE_QUIET);
	cr_expect_gt(seen.count, 0);
	cr_expect_gt(source_facts(source).dropped, 0);
	cr_expect_eq(seen.count + source_facts(source).dropped, SENT, "%u seen, %llu dropped",
	             seen.count, (unsigned long long)source_facts(source).dropped);
	source_close(source);
}

/* An Ethernet frame of an experimental type, 60 bytes. */
static void frame_inject(int descriptor, uint8_t number)
{
	uint8_t bytes[60] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x88, 0xb5, number };

	cr_assert_eq(write(descriptor, bytes, sizeof(bytes)), (ssize_t)sizeof(bytes));
}

static void expect_failure(struct source *source, const char *words)
{
	struct seen seen = { .count = 0 };
	struct error err = { .what = "" };

	cr_expect_eq(watch(source, UINT32_MAX, &seen, &err), SOURCE_FAILED);
	cr_expect_str_eq(err.what, words);
	cr_expect_eq(seen.count, 40, "what passed before is seen: %u", seen.count);
	cr_expect_eq(source_facts(source).frames, 40);
	cr_expect_eq(source_visit(source, 32, frame_see, &seen, &err), SOURCE_END);
	source_close(source);
}

Test(live, tells_that_the_interface_is_gone_after_all_that_it_brought)
{
	struct source *source;
	int tap;

	ground_enter();
	tap = interface_new("tap0", true);
	source = open_on("tap0");
	for (uint8_t i = 0; i < 40; i++)
		frame_inject(tap, i);
	close(tap);
	expect_failure(source, "tap0: the interface is gone");
}

Test(live, tells_that_the_interface_went_down_after_all_that_it_brought)
{
	struct source *source;
	int tap;

	ground_enter();
	tap = interface_new("tap0", true);
	source = open_on("tap0");
	for (uint8_t i = 0; i < 40; i++)
		frame_inject(tap, i);
	interface_lower("tap0");
	expect_failure(source, "tap0: the interface went down");
	close(tap);
}

Test(live, goes_on_when_the_interface_was_down_for_a_moment)
{
	struct seen seen = { .count = 0 };
	struct source *source;
	struct error err;
	int tap;

	ground_enter();
	tap = interface_new("tap0", true);
	source = open_on("tap0");
	frame_inject(tap, 1);
	interface_lower("tap0");
	interface_raise("tap0");
	frame_inject(tap, 2);
	watch(source, 2, &seen, &err);
	cr_expect_eq(seen.bytes[14], 2);
	cr_expect_eq(source_visit(source, 32, frame_see, &seen, &err), SOURCE_QUIET);
	frame_inject(tap, 3);
	watch(source, 3, &seen, &err);
	cr_expect_eq(seen.bytes[14], 3);
	source_close(source);
	close(tap);
}

Test(live, loses_neither_tags_nor_extension_headers)
{
	/* clang-format off */
	static const uint8_t frames[2][74] = {
		/* VLAN 7; IPv4 10.0.0.1 -> 10.0.0.2, TCP 40000 -> 80 [S] */
		{ 2, 0, 0, 0, 0, 1,  2, 0, 0, 0, 0, 2,  0x81, 0, 0, 7,  8, 0,
		  0x45, 0, 0, 40, 0, 1, 0, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2,
		  0x9c, 0x40, 0, 80, 0xff, 0xff, 0xff, 0xfa, 0, 0, 0, 0, 0x50, 2, 0xff, 0xff },
		/* IPv6 fe80::1 -> fe80::2, hop-by-hop options, TCP 40000 -> 80 [S] (cut) */
		{ 2, 0, 0, 0, 0, 1,  2, 0, 0, 0, 0, 2,  0x86, 0xdd,
		  0x60, 0, 0, 0, 0, 20, 0, 64, 0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
		  0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2,
		  6, 0, 1, 4, 0, 0, 0, 0, 0x9c, 0x40, 0, 80, 0xff, 0xff, 0xff, 0xfa },
	};
	/* clang-format on */
	struct source *source;
	struct error err;
	int tap;

	ground_enter();
	tap = interface_new("tap0", true);
	source = open_on("tap0");
	for (int i = 0; i < 2; i++) {
		struct seen seen = { .count = 0 };

		cr_assert_eq(write(tap, frames[i], sizeof(frames[i])), (ssize_t)sizeof(frames[i]));
		watch(source, 1, &seen, &err);
		cr_expect_eq(seen.last.captured, sizeof(frames[i]));
		cr_expect_arr_eq(seen.bytes, frames[i], sizeof(frames[i]));
	}
	source_close(source);
	close(tap);
}

Test(live, numbers_link_types_as_savefiles_do)
{
	/* IPv4 10.0.0.1 -> 10.0.0.2, UDP 40000 -> 53, no payload. */
	static const uint8_t datagram[] = {
		0x45, 0, 0,  28, 0, 1, 0,    0,    64, 17, 0, 0, 10, 0,
		0,    1, 10, 0,  0, 2, 0x9c, 0x40, 0,  53, 0, 8, 0,  0
	};
	struct seen seen = { .count = 0 };
	struct source *source;
	struct error err;
	int tun;

	ground_enter();
	tun = interface_new("tun0", false);
	source = open_on("tun0");
	cr_assert_eq(write(tun, datagram, sizeof(datagram)), (ssize_t)sizeof(datagram));
	watch(source, 1, &seen, &err);
	cr_expect_eq(seen.last.link_type, LINK_RAW, "%u", seen.last.link_type);
	cr_expect_eq(source_facts(source).link_type, LINK_RAW);
	source_close(source);
	close(tun);
}

Test(live, sees_all_interfaces_at_once)
{
	struct seen seen = { .count = 0 };
	struct source *source;
	struct error err;
	struct wire wire;
	int tap;

	ground_enter();
	wire = wire_new();
	tap = interface_new("tap0", true);
	source = open_on("any");
	wire_send(&wire, 1);
	frame_inject(tap, 2);
	watch(source, 2, &seen, &err);
	cr_expect_eq(seen.count, 2, "loopback once, the tap once");
	cr_expect_eq(seen.last.link_type, LINK_LINUX_SLL2);
	close(tap);
	wire_send(&wire, 3);
	watch(source, 3, &seen, &err);
	cr_expect_eq(seen.count, 3, "one interface less is no reason to stop");
	source_close(source);
}

static void expect_elsewhere(const char *netns, const struct elsewhere *elsewhere)
{
	struct live_options options = live_defaults("lo");
	struct seen seen = { .count = 0 };
	struct source *source;
	struct error err;
	struct wire here;

	options.netns = netns;
	source = open_with(&options);
	here = wire_new();
	wire_send(&here, 1000);
	elsewhere_send(elsewhere);
	watch(source, 1, &seen, &err);
	cr_expect_eq(seen.count, 1);
	cr_expect_eq(seen.numbers[0], 1, "not ours: we are back where we were");
	source_close(source);
}

Test(live, captures_in_another_network_namespace)
{
	struct elsewhere elsewhere;
	char path[64];

	ground_enter();
	elsewhere = elsewhere_new();
	snprintf(path, sizeof(path), "/proc/%d/ns/net", (int)elsewhere.pid);
	expect_elsewhere(path, &elsewhere);
	elsewhere_end(&elsewhere);
}

Test(live, says_that_there_is_no_such_network_namespace)
{
	struct live_options options = live_defaults("lo");
	struct error err;

	ground_enter();
	options.netns = "nowhere";
	cr_expect_null(source_open_live(&options, &err));
	cr_expect_str_eq(err.what, "network namespace nowhere: no such namespace");
	cr_expect_str_eq(err.remedy, "list the namespaces with: ip netns");
	options.netns = "/dev/null";
	cr_expect_null(source_open_live(&options, &err));
	cr_expect_str_eq(err.what, "network namespace /dev/null: Invalid argument");
}

Test(live, says_that_there_is_no_such_interface)
{
	struct live_options options = live_defaults("nothing0");
	struct error err;

	ground_enter();
	cr_expect_null(source_open_live(&options, &err));
	cr_expect_str_eq(err.what, "cannot capture on nothing0: no such interface");
	cr_expect_str_eq(err.remedy, "list the interfaces with -D");
}

Test(live, says_that_the_interface_is_down)
{
	struct live_options options = live_defaults("tap0");
	struct error err;
	int tap;

	ground_enter();
	tap = interface_new("tap0", true);
	interface_lower("tap0");
	cr_expect_null(source_open_live(&options, &err));
	cr_expect_str_eq(err.what, "cannot capture on tap0: the interface is down");
	cr_expect_str_eq(err.remedy, "to bring it up: sudo ip link set tap0 up");
	close(tap);
}

Test(live, says_what_would_permit_it)
{
	struct live_options options = live_defaults("lo");
	struct error err;

	if (geteuid() == 0 && setuid(65534) < 0)
		cr_skip_test("cannot become another user");
	cr_expect_null(source_open_live(&options, &err));
	cr_expect_str_eq(err.what, "cannot capture on lo: Operation not permitted");
	cr_expect_eq(
		strncmp(err.remedy, "run it as root, or once: sudo setcap cap_net_raw+ep /", 53), 0,
		"%s", err.remedy);
}

Test(live, tells_root_without_the_capability_something_else)
{
	struct live_options options = live_defaults("lo");
	struct error err;

	ground_enter();
	capabilities_drop();
	cr_expect_null(source_open_live(&options, &err));
	cr_expect_str_eq(err.what, "cannot capture on lo: Operation not permitted");
	cr_expect_str_eq(err.remedy,
	                 "root has no CAP_NET_RAW here: the container must be given it");
}

Test(live, goes_on_without_capabilities)
{
	struct seen seen = { .count = 0 };
	struct source *source;
	struct error err;
	struct wire wire;

	ground_enter();
	wire = wire_new();
	source = open_on("lo");
	capabilities_drop();
	wire_send(&wire, 7);
	watch(source, 1, &seen, &err);
	cr_expect_eq(seen.numbers[0], 7);
	source_close(source);
}

struct inventory {
	int loopbacks, taps, any;
};

static void device_note(void *context, const struct live_device *device)
{
	struct inventory *inventory = context;
	char storage[64];
	struct text text = text_over(storage, sizeof(storage));

	inventory->any += strcmp(device->name, "any") == 0;
	inventory->taps += strcmp(device->name, "tap0") == 0 && !device->is_loopback;
	if (strcmp(device->name, "lo") != 0)
		return;
	cr_expect(device->is_up);
	cr_expect(device->is_loopback);
	cr_assert_geq(device->address_count, 1);
	address_add(&text, device->addresses[0].family, &device->addresses[0].address);
	cr_expect_str_eq(storage, "127.0.0.1");
	inventory->loopbacks++;
}

Test(live, lists_the_interfaces)
{
	struct inventory inventory = { .any = 0 };
	struct error err;
	int tap;

	ground_enter();
	tap = interface_new("tap0", true);
	cr_assert_eq(live_devices(NULL, device_note, &inventory, &err), 0, "%s", err.what);
	cr_expect_eq(inventory.loopbacks, 1);
	cr_expect_eq(inventory.taps, 1);
	cr_expect_eq(inventory.any, 1);
	close(tap);
}

Test(live, lists_the_interfaces_of_another_network_namespace)
{
	struct inventory inventory = { .any = 0 };
	struct elsewhere elsewhere;
	struct error err;
	char path[64];
	int tap;

	ground_enter();
	elsewhere = elsewhere_new();
	tap = interface_new("tap0", true);
	snprintf(path, sizeof(path), "/proc/%d/ns/net", (int)elsewhere.pid);
	cr_assert_eq(live_devices(path, device_note, &inventory, &err), 0, "%s", err.what);
	cr_expect_eq(inventory.loopbacks, 1);
	cr_expect_eq(inventory.taps, 0, "which is here, not there");
	close(tap);
	elsewhere_end(&elsewhere);
}
