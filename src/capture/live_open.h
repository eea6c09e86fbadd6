/* live_open.h: from options to a libpcap handle that captures. */
#ifndef CAPTURE_LIVE_OPEN_H
#define CAPTURE_LIVE_OPEN_H

#include <pcap/pcap.h>
#include <stdint.h>

#include "base/error.h"
#include "capture/live.h"

#define LIVE_TIMEOUT_MILLISECONDS 100

/* NULL and err ("cannot capture on DEVICE: WHY", with a remedy). The handle never blocks. */
pcap_t *live_handle_open(const struct live_options *options, struct error *err);

/* "" lets every frame through. -1 and err when the expression makes no sense: the filter before stays. */
int live_handle_filter(pcap_t *handle, const char *expression, struct error *err);

/* The handle's link type as savefiles number it; -1 when memory is short. */
int32_t live_handle_link_type(pcap_t *handle);

#endif
