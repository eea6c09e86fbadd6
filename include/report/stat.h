/* stat.h: netstat-style tables of what exists at this moment. */
#ifndef REPORT_STAT_H
#define REPORT_STAT_H

#include <stdbool.h>

#include "report/page.h"

struct stat_options {
	bool tcp, udp;         /* neither: both */
	bool ipv4, ipv6;       /* neither: both */
	bool all;              /* -a: listeners and connections */
	bool listening;        /* -l: only listeners */
	bool timers;           /* -o */
};

/* One row per endpoint that still exists, as `netstat -tuan` prints it. */
void stat_endpoints(const struct page *page, const struct stat_options *options);

/* One row per connection. */
void stat_connections(const struct page *page, const struct stat_options *options);

/* `netstat -s`, from the wire. */
void stat_statistics(const struct page *page, const struct stat_options *options);

#endif
