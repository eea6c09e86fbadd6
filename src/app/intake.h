/* intake.h: where the frames come from: files, or an interface. */
#ifndef APP_INTAKE_H
#define APP_INTAKE_H

#include <stdbool.h>

#include "app/options.h"
#include "app/spool.h"
#include "base/error.h"
#include "capture/source.h"

struct filter;

struct intake {
	const struct settings *settings;
	struct spool spool;
	struct filter *filter;
};

bool intake_is_live(const struct settings *settings);

/* Checks that the settings name something that can be read: -1 and err is wrong usage. */
int intake_check(const struct settings *settings, bool twice, struct error *err);

/* Prepares to read once, or `twice`. The settings are lent until intake_close. */
int intake_open(struct intake *intake, const struct settings *settings, bool twice,
                struct error *err);

/* From the beginning; to be closed before the intake. */
struct source *intake_source(struct intake *intake, struct error *err);
void intake_close(struct intake *intake);

#endif
