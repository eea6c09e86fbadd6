/* live.c: frames from an interface, as they pass. */

/* Never blocks: libpcap's waiting does not return on a quiet interface, not even for a signal. */

#include "capture/live.h"

#include <assert.h>
#include <errno.h>
#include <net/if.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "capture/live_open.h"
#include "capture/source_ops.h"

enum live_state {
	LIVE_RUNS,
	LIVE_ENDS, /* the interface is down or gone; what the kernel still holds comes first */
	LIVE_OVER,
};

struct live {
	struct source source;
	pcap_t *handle;
	char *name;
	unsigned int index; /* of the interface; 0 for "any" and what is no interface */
	bool is_elsewhere;  /* in another network namespace */
	uint16_t link_type;
	enum live_state state;
	bool quiet; /* the last visit found nothing */
	uint64_t frames;
	uint64_t dropped;
	frames_visitor *visit;
	void *context;
};

struct live_options live_defaults(const char *device)
{
	return (struct live_options){
		.device = device,
		.snaplen = LIVE_SNAPLEN_HEADERS,
		.buffer = LIVE_BUFFER,
		.promiscuous = true,
	};
}

static void packet_take(u_char *user, const struct pcap_pkthdr *header, const u_char *bytes)
{
	struct live *live = (struct live *)(void *)user;

	live->visit(live->context,
	            &(struct frame){
			    .bytes = bytes,
			    .number = ++live->frames,
			    /* In spite of its name tv_usec holds nanoseconds. */
			    .time = header->ts.tv_sec * TIME_SECOND + header->ts.tv_usec,
			    .captured = header->caplen,
			    .length = header->len,
			    .link_type = live->link_type,
		    },
	            1);
}

/* By its number, since it may be renamed. NULL: nothing. */
static const char *interface_trouble(const struct live *live)
{
	int descriptor = pcap_fileno(live->handle);
	struct ifreq request = { .ifr_ifindex = (int)live->index };

	if (live->index == 0)
		return NULL;
	if (ioctl(descriptor, SIOCGIFNAME, &request) < 0 ||
	    ioctl(descriptor, SIOCGIFFLAGS, &request) < 0)
		return errno == ENODEV || errno == ENXIO ? "the interface is gone" : NULL;
	return request.ifr_flags & IFF_UP ? NULL : "the interface went down";
}

/*
 * Takes the socket's error before libpcap meets it: libpcap would give nothing any more, though
 * the kernel still holds frames. An interface that is up again by now was only away for a moment.
 */
static void error_take(struct live *live)
{
	struct pollfd ready = { .fd = pcap_get_selectable_fd(live->handle), .events = POLLIN };
	int error = 0;
	socklen_t size = sizeof(error);

	if (poll(&ready, 1, 0) <= 0 || !(ready.revents & POLLERR))
		return;
	getsockopt(ready.fd, SOL_SOCKET, SO_ERROR, &error, &size);
	if (interface_trouble(live))
		live->state = LIVE_ENDS;
}

/* The last frames may come a timeout after everything else. */
static bool has_last_frames(const struct live *live)
{
	struct pollfd ready = { .fd = pcap_get_selectable_fd(live->handle), .events = POLLIN };

	return poll(&ready, 1, 2 * LIVE_TIMEOUT_MILLISECONDS) > 0 && ready.revents & POLLIN;
}

static int live_fail(struct live *live, struct error *err)
{
	const char *trouble = interface_trouble(live);

	live->state = LIVE_OVER;
	error_set(err, "%s: %s", live->name, trouble ? trouble : pcap_geterr(live->handle));
	return SOURCE_FAILED;
}

static int live_visit(struct source *source, int most, frames_visitor *visit, void *context,
                      struct error *err)
{
	struct live *live = (struct live *)source;
	int count;

	if (live->state == LIVE_OVER)
		return SOURCE_END;
	live->visit = visit;
	live->context = context;
	if (live->state == LIVE_RUNS)
		error_take(live);
	count = pcap_dispatch(live->handle, most, packet_take, (u_char *)live);
	if (count == 0 && live->state == LIVE_RUNS && interface_trouble(live))
		live->state = LIVE_ENDS;
	if (count == 0 && live->state == LIVE_ENDS && has_last_frames(live))
		count = pcap_dispatch(live->handle, most, packet_take, (u_char *)live);
	if (count < 0 || (count == 0 && live->state == LIVE_ENDS))
		return live_fail(live, err);
	live->quiet = count == 0;
	return live->quiet ? SOURCE_QUIET : count;
}

/* Between two visits that give frames there may be more of the same buffer: no need to wait. */
static int live_descriptor(const struct source *source)
{
	const struct live *live = (const struct live *)source;

	return live->state == LIVE_RUNS && live->quiet ? pcap_get_selectable_fd(live->handle) : -1;
}

/*
 * Asking opens files in /sys: only when somebody wants to know. Received packets are not told: on
 * some interfaces the kernel counts them twice. Where nobody answers any more it is what was said last.
 */
static uint64_t drops(struct live *live)
{
	struct pcap_stat counters;

	if (pcap_stats(live->handle, &counters) < 0)
		return live->dropped;
	/*
	 * The files show the interfaces of our namespace only, by name. libpcap subtracts what they
	 * said at first: one that is gone or renamed says nothing, which makes that negative.
	 */
	live->dropped = counters.ps_drop;
	if (!live->is_elsewhere && counters.ps_ifdrop <= INT32_MAX)
		live->dropped += counters.ps_ifdrop;
	return live->dropped;
}

static struct source_facts live_facts(const struct source *source)
{
	struct live *live = (struct live *)source;

	return (struct source_facts){
		.name = live->name,
		.container = "live",
		.link_type = live->link_type,
		.snaplen = (uint32_t)pcap_snapshot(live->handle),
		.frames = live->frames,
		.dropped = drops(live),
	};
}

static void live_close(struct source *source)
{
	struct live *live = (struct live *)source;

	if (live->handle)
		pcap_close(live->handle);
	free(live->name);
	free(live);
}

static const struct source_ops live_ops = {
	.visit = live_visit,
	.descriptor = live_descriptor,
	.facts = live_facts,
	.close = live_close,
};

/* Asked of the socket, which knows its namespace. */
static unsigned int interface_index(const struct live *live)
{
	struct ifreq request = { .ifr_ifindex = 0 };

	if (strlen(live->name) >= sizeof(request.ifr_name))
		return 0;
	memcpy(request.ifr_name, live->name, strlen(live->name) + 1);
	if (ioctl(pcap_fileno(live->handle), SIOCGIFINDEX, &request) < 0)
		return 0;
	return (unsigned int)request.ifr_ifindex;
}

int live_set_filter(struct source *source, const char *expression, struct error *err)
{
	assert(source->ops == &live_ops);
	return live_handle_filter(((struct live *)source)->handle, expression, err);
}

struct source *source_open_live(const struct live_options *options, struct error *err)
{
	struct live *live = calloc(1, sizeof(*live));
	int32_t link_type = -1;

	if (live)
		live->name = strdup(options->device);
	if (!live || !live->name) {
		error_set(err, "cannot capture on %s: out of memory", options->device);
		free(live);
		return NULL;
	}
	live->source.ops = &live_ops;
	live->is_elsewhere = options->netns != NULL;
	live->handle = live_handle_open(options, err);
	if (live->handle && (link_type = live_handle_link_type(live->handle)) < 0)
		error_set(err, "cannot capture on %s: out of memory", options->device);
	if (link_type < 0) {
		live_close(&live->source);
		return NULL;
	}
	live->link_type = (uint16_t)link_type;
	live->index = interface_index(live);
	return &live->source;
}
