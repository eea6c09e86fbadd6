/* scene.h: a world for views: a script in, keys in, screens out as text. */
#ifndef TESTS_UNIT_TUI_SCENE_H
#define TESTS_UNIT_TUI_SCENE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "packet/decode.h"
#include "tui/port.h"
#include "tui/tui.h"
#include "unit/track/play.h"

enum scene_mark { SCENE_OPEN, SCENE_CLOSE, SCENE_RESET, SCENE_PACKET };

/* What happened when, for the pulse and the clusters. */
struct scene_note {
	int64_t time;
	enum scene_mark mark;
};

/*
 * Tests may change `scene` (source, filter, is_recording, ended...), `input` and `replay`
 * between keys; scene.now, pulse and page are filled in at each look.
 */
struct scene_play {
	struct play play;   /* scripts, time, tracker */
	struct scene scene; /* what the port shows */
	struct page page;
	struct input input;
	struct decoder decoder;
	struct pulse pulse;
	struct replay replay; /* shown once scene_replay was called */
	struct wire_port wire;
	struct lab_port lab; /* handed to the views where has_lab */
	bool has_lab;
	const char *refusal; /* what set_filter and the savers fail with; NULL: they do not */
	struct tui *tui;
	struct tracker_options options;
	struct segment *heard; /* all that was ever fed */
	size_t heard_count, heard_room;
	size_t fed; /* of those, by this tracker */
	struct scene_note *notes;
	size_t note_count, note_room;
	struct rung *rungs; /* as lent last */
	char calls[1024];   /* what views asked of the port: "pause 1; speed 2; seek 5.000; " */
	char text[65536];   /* the latest screen */
};

/* At most 100 flows at once, or as many as are asked for. */
struct scene_play *scene_begin(void);
struct scene_play *scene_begin_for(uint32_t flows);
void scene_end(struct scene_play *scene); /* frees all, the views too */

/* A script in the language of track/play.h; its segments can be played again. */
void scene_hear(struct scene_play *scene, const char *script);

/* From now on the client's address and port are the server's, too; and how such a connection opens. */
#define SELF_CONNECTION "> S 0; > SA 0 1; > A 1 1; "
void scene_self_connects(struct scene_play *scene);

/* So many SYNs, each from another client and 1 ms after the one before. */
void scene_flood(struct scene_play *scene, uint32_t clients);

/* The clock goes on although nothing is heard. */
void scene_wait(struct scene_play *scene, int64_t milliseconds);

/* From now on it is a replay of what was heard until now; the clock may be set to any moment of it. */
void scene_replay(struct scene_play *scene);
void scene_seek(struct scene_play *scene, int64_t time);

/* The views, freed by scene_end. The test fails where `where` makes no sense. */
struct tui *scene_tui(struct scene_play *scene, const char *where);

/* Presses the keys of a script as key_read reads them; false: the user left. */
bool scene_keys(struct scene_play *scene, const char *script);

/* The screen at this size as text, as canvas_text writes it; lives until the next one. */
const char *scene_text(struct scene_play *scene, int rows, int columns, bool ascii);
const char *scene_text_marked(struct scene_play *scene, int rows, int columns, bool ascii);

/* Fails the test unless the screen looks so; says both where it does not. */
void scene_expect(struct scene_play *scene, int rows, int columns, bool ascii,
                  const char *expected);

/* Whether the words stand somewhere on a screen of this size. */
bool scene_shows(struct scene_play *scene, int rows, int columns, const char *words);

#endif
