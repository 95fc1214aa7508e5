/* Bytes as base64 (RFC 4648), for what is embedded in text. */
#ifndef SWDOCTOR_BASE_BASE64_H
#define SWDOCTOR_BASE_BASE64_H

#include "probe/base/buf.h"

void base64_add(struct buf *out, const void *bytes, size_t len);

#endif
