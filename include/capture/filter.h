/* filter.h: capture filters in pcap-filter(7) syntax. */
#ifndef CAPTURE_FILTER_H
#define CAPTURE_FILTER_H

#include "base/error.h"
#include "packet/frame.h"

struct filter;

/* Fails with libpcap's own message when no link type understands the expression. */
struct filter *filter_new(const char *expression, struct error *err);
void filter_free(struct filter *filter);

/* 1: accepted, 0: refused, -1: the expression makes no sense on this frame's link type (err). */
int filter_accepts(struct filter *filter, const struct frame *frame, struct error *err);

#endif
