/* codec.h: the compressions that captures come in. */
#ifndef CAPTURE_CODEC_H
#define CAPTURE_CODEC_H

#include <stddef.h>
#include <stdint.h>

/* Enough of a stream's beginning to recognise any of them. */
#define CODEC_BYTES 6

enum codec_outcome {
	CODEC_GOES_ON,
	CODEC_ENDS, /* this member is complete; another may follow */
	CODEC_DAMAGED,
};

/* A step moves these on by what it used up and what it made. */
struct codec_span {
	const uint8_t *in;
	size_t in_left;
	uint8_t *out;
	size_t out_left;
};

/* `why` is filled where the outcome is DAMAGED; NULL if the library has no words for it. */
typedef enum codec_outcome codec_step(void *state, struct codec_span *span, const char **why);

struct codec {
	const char *name;
	int (*begins)(const uint8_t bytes[CODEC_BYTES]);
	void *(*open)(void); /* for one member; NULL when memory is short */
	codec_step *step;
	void (*close)(void *state);
};

/* NULL where the bytes (a short beginning is filled up with zeros) are not compressed. */
const struct codec *codec_find(const uint8_t bytes[CODEC_BYTES]);

#endif
