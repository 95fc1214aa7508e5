/* SHA-256 (FIPS 180-4) of bytes in memory. */
#ifndef SWDOCTOR_BASE_SHA256_H
#define SWDOCTOR_BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_BYTES 32

void sha256(const void *bytes, size_t len, uint8_t ret[SHA256_BYTES]);

#endif
