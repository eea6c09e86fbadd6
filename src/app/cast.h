/* cast.h: which segments and flows a performance made. */
#ifndef APP_CAST_H
#define APP_CAST_H

#include <stdbool.h>

#include "lab/performance.h"
#include "packet/segment.h"
#include "track/tracker.h"

/* Whether both ends are somebody of the performance. */
bool cast_has_segment(const struct performance *performance, const struct segment *segment);
bool cast_has_flow(const struct performance *performance, const struct flow *flow);

/* The latest flow of the connection that the scenario is about; NULL: not seen. */
const struct flow *cast_subject(const struct performance *performance,
                                const struct tracker *tracker);

#endif
