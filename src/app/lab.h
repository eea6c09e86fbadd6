/* lab.h: what `lab` does after its first word. */
#ifndef APP_LAB_H
#define APP_LAB_H

#include "app/command.h"
#include "app/options.h"

/* `words` are those after the action: a scenario's or service's name, an address. */
enum status lab_list(const struct settings *settings, const char *const *words, size_t count);
enum status lab_run_scenario(const struct settings *settings, const char *const *words,
                             size_t count);
enum status lab_serve(const struct settings *settings, const char *const *words, size_t count);
enum status lab_connect(const struct settings *settings, const char *const *words, size_t count);

#endif
