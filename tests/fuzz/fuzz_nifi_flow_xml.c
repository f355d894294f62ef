/* Any bytes as a NiFi flow, from the corpus of this format; see fuzz_nifi.h. */
#include "tests/fuzz/fuzz_nifi.h"
