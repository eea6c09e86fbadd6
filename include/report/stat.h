/* stat.h: netstat-style tables of what exists at this moment. */
#ifndef REPORT_STAT_H
#define REPORT_STAT_H

#include <stdbool.h>

#include "report/page.h"

/* One end that has a row; `remote` is NULL for a port that only listens. */
struct stat_end {
	enum protocol protocol;
	enum family family;
	const struct address *local, *remote;
	uint16_t local_port, remote_port;
	enum tcp_state state; /* of TCP */
};

/* A column that somebody else fills, between State and Timer: who holds the socket, what the kernel says. */
struct stat_extra {
	const char *title;
	size_t width;
	void (*cell)(struct text *text, void *context, const struct stat_end *end);
	void *context;
};

enum { STAT_EXTRAS_MAX = 2 };

struct stat_options {
	bool tcp, udp;         /* neither: both */
	bool ipv4, ipv6;       /* neither: both */
	bool all;              /* -a: listeners and connections */
	bool listening;        /* -l: only listeners */
	bool timers;           /* -o */
	struct stat_extra extras[STAT_EXTRAS_MAX];
	int extra_count;
};

/* One row per endpoint that still exists, as `netstat -tuan` prints it. */
void stat_endpoints(const struct page *page, const struct stat_options *options);

/* One row per connection. */
void stat_connections(const struct page *page, const struct stat_options *options);

/* `netstat -s`, from the wire. */
void stat_statistics(const struct page *page, const struct stat_options *options);

#endif
