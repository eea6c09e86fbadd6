/* sandbox.h: a network of one's own, with nothing in it but loopback. */
#ifndef LAB_SANDBOX_H
#define LAB_SANDBOX_H

#include "base/error.h"

/*
 * Moves this process (which must have one thread) into a new network namespace
 * and, without privileges, into a user namespace that allows it; brings lo up
 * and lets servers there offer fast open. There is no way back. -1 and err
 * where the system forbids it.
 */
int sandbox_enter(struct error *err);

#endif
