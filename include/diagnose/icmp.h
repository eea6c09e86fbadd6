/* icmp.h: ICMP errors in words. */
#ifndef DIAGNOSE_ICMP_H
#define DIAGNOSE_ICMP_H

#include <stdint.h>

#include "packet/address.h"

/* "host unreachable"; "an error" where there is no word for it. */
const char *icmp_error_words(enum family family, uint8_t type, uint8_t code);

#endif
