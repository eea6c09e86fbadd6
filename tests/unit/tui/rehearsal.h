/* rehearsal.h: a lab of few rows for views, whose acts are scripts that the scene hears. */
#ifndef TESTS_UNIT_TUI_REHEARSAL_H
#define TESTS_UNIT_TUI_REHEARSAL_H

#include "unit/tui/scene.h"

/* Its rows: three scenarios, of which the last is only told, and two services. */
enum {
	REHEARSAL_ECHO,
	REHEARSAL_REFUSED,
	REHEARSAL_TOLD,
	REHEARSAL_CHAT,
	REHEARSAL_FILES,
	REHEARSAL_ROWS,
};

struct rehearsal {
	struct scene_play *scene;
	struct lab_script script; /* as the views see it; tests may change it */
	bool serves;              /* REHEARSAL_CHAT runs */
	const char *refusal;      /* what running fails with; NULL: it does not */
};

/* The scene gets a lab; nothing runs yet. */
void rehearsal_begin(struct rehearsal *rehearsal, struct scene_play *scene);

/* One act: its segments pass, and the wire is not quiet until rehearsal_settle. */
void rehearsal_act(struct rehearsal *rehearsal);
void rehearsal_settle(struct rehearsal *rehearsal);

#endif
