/* where.h: expressions that select flows, e.g. "state:close_wait port:443 finding:refused". */
#ifndef REPORT_WHERE_H
#define REPORT_WHERE_H

#include <stdbool.h>

#include "base/error.h"
#include "track/flow.h"

/*
 * Words are separated by blanks and must all hold; a word may begin with '!'
 * or '-' (not), and give alternatives after its colon, divided by commas.
 * The words are a table: state client_state server_state port client_port
 * server_port host client server opening closing finding proto family id;
 * a bare word is searched in the addresses. A host may be a network ("10.0.0.0/8").
 */
struct where;

struct where *where_new(const char *expression, struct error *err);
void where_free(struct where *where);
bool where_accepts(const struct where *where, const struct flow *flow);

#endif
