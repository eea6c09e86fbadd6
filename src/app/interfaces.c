/* interfaces.c: -D: the interfaces that -i may name. */
#include <stdio.h>

#include "app/command.h"
#include "base/text.h"
#include "capture/live.h"

enum { NAME_COLUMNS = 16 };

static void show(void *context, const struct live_device *device)
{
	char storage[512];
	struct text text = text_over(storage, sizeof storage);

	(void)context;
	text_add(&text, device->is_up ? "up" : "down");
	if (device->is_loopback)
		text_add(&text, ", loopback");
	for (size_t i = 0; i < device->address_count; i++) {
		text_add(&text, i == 0 ? ": " : ", ");
		address_add(&text, device->addresses[i].family, &device->addresses[i].address);
	}
	if (device->description)
		text_format(&text, " (%s)", device->description);
	printf("%-*s %s\n", NAME_COLUMNS, device->name, storage);
}

enum status interfaces_run(const struct settings *settings)
{
	struct error err;

	if (live_devices(settings->netns, show, NULL, &err) < 0)
		return complain(&err, STATUS_REFUSED);
	return STATUS_DONE;
}
