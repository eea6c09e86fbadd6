/* tones.h: which tone a cell of a flow has. */
#ifndef REPORT_TONES_H
#define REPORT_TONES_H

#include "report/page.h"

enum tone tone_opening(const struct flow *flow);
enum tone tone_closing(const struct flow *flow);
enum tone tone_client_state(const struct flow *flow);
enum tone tone_server_state(const struct flow *flow);
enum tone tone_outcome(const struct flow *flow);

#endif
