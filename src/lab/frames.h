/* frames.h: messages behind their length: four bytes, most significant first. */
#ifndef LAB_FRAMES_H
#define LAB_FRAMES_H

#include <stddef.h>
#include <stdint.h>

enum { FRAME_HEADER = 4 };

static inline void frame_header(uint8_t header[FRAME_HEADER], uint32_t length)
{
	for (int i = 0; i < FRAME_HEADER; i++)
		header[i] = (uint8_t)(length >> (8 * (FRAME_HEADER - 1 - i)));
}

static inline uint32_t frame_length(const uint8_t header[FRAME_HEADER])
{
	uint32_t length = 0;

	for (int i = 0; i < FRAME_HEADER; i++)
		length = length << 8 | header[i];
	return length;
}

#endif
