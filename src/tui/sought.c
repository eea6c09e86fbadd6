/* sought.c: finding words in lists. */

#include "tui/sought.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

bool has_sought(const char *words, const char *sought)
{
	size_t length = strlen(sought);

	for (; words != NULL && *words != '\0'; words++)
		if (strncasecmp(words, sought, length) == 0)
			return true;
	return false;
}
