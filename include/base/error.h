/* error.h: why the world refused, and what would help. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

/*
 * Filled by a function that returns -1 or NULL; only app prints it. `what`
 * reads "WHAT: WHY" without the program's name; `remedy` is empty where
 * nothing can be advised.
 */
struct error {
	char what[512];
	char remedy[256];
};

void error_set(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
void error_remedy(struct error *err, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
