#ifndef RACKPOOL_CJANSSON_SHIM_H
#define RACKPOOL_CJANSSON_SHIM_H

#include <jansson.h>

/* Swift sees neither function-like macros nor jansson's inline reference counting. */

static inline void rackpool_json_release(json_t *value) { json_decref(value); }

static inline json_type rackpool_json_type(const json_t *value) { return json_typeof(value); }

#endif
