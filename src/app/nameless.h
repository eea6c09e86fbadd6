/* nameless.h: a file that nobody else can find, and that goes when it is closed. */
#ifndef APP_NAMELESS_H
#define APP_NAMELESS_H

/* Below TMPDIR. A descriptor, or -1 and errno. */
int nameless_file(void);

#endif
