/* selection.h: a set of connections, by their ids. */
#ifndef APP_SELECTION_H
#define APP_SELECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/session.h"

/* Zeroed, it is empty. */
struct selection {
	uint64_t *ids; /* ascending */
	size_t count, room;
};

/* In ascending order only; false when memory is short. */
bool selection_add(struct selection *selection, uint64_t id);
bool selection_has(const struct selection *selection, uint64_t id);
void selection_free(struct selection *selection);

/*
 * Writes the frames of the connections that --where selects. Which ones it does
 * is known only after a reading, so the files are read once more for it.
 */
bool selection_write(struct session *session);

#endif
