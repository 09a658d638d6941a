#ifndef RACKPOOL_CLIBFUZZER_SHIM_H
#define RACKPOOL_CLIBFUZZER_SHIM_H

#include <stddef.h>
#include <stdint.h>

/* libFuzzer as a library (https://llvm.org/docs/LibFuzzer.html#using-libfuzzer-as-a-library); LLVM
 * installs no header for it. */
int LLVMFuzzerRunDriver(int *argc, char ***argv,
                        int (*callback)(const uint8_t *bytes, size_t count));

#endif
