/* nameless.c: a file that nobody else can find, and that goes when it is closed. */
#include "app/nameless.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/text.h"

enum { PATH_SIZE = 4096 };

int nameless_file(void)
{
	const char *folder = getenv("TMPDIR");
	char path[PATH_SIZE];
	struct text text = text_over(path, sizeof path);
	int descriptor;

	text_format(&text, "%s/shakedown-XXXXXX", folder && *folder ? folder : P_tmpdir);
	descriptor = mkstemp(path);
	if (descriptor >= 0)
		unlink(path);
	return descriptor;
}
