/* grouped.h: large numbers as people read them. */
#ifndef CAPTURE_GROUPED_H
#define CAPTURE_GROUPED_H

#include <stddef.h>
#include <stdint.h>

struct grouped {
	char text[28];
};

/* "4,294,967,295". By value, so that it can stand in the arguments of a format. */
static inline struct grouped grouped(uint64_t number)
{
	struct grouped result = { { 0 } };
	char reversed[sizeof(result.text)];
	size_t count = 0;

	do {
		if (count % 4 == 3)
			reversed[count++] = ',';
		reversed[count++] = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	for (size_t i = 0; i < count; i++)
		result.text[i] = reversed[count - 1 - i];
	return result;
}

#endif
