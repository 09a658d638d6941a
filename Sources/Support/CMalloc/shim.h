#ifndef RACKPOOL_CMALLOC_SHIM_H
#define RACKPOOL_CMALLOC_SHIM_H

#include <malloc.h>

/* Swift's Glibc module leaves malloc_trim(3) out. */
static inline void rackpool_trim_heap(void) { (void)malloc_trim(0); }

#endif
