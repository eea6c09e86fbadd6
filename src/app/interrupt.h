/* interrupt.h: Ctrl-C ends the reading, not the program. */
#ifndef APP_INTERRUPT_H
#define APP_INTERRUPT_H

#include <stdbool.h>

/* From now on the first SIGINT or SIGTERM is only noted; the second one kills as usual. */
void interrupt_expect(void);
bool interrupt_came(void);

#endif
