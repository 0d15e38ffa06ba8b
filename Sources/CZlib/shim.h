// zlib, and a door for the macro that Swift does not see. Nothing else.
#ifndef LOADCHAOS_CZLIB_SHIM_H
#define LOADCHAOS_CZLIB_SHIM_H
#include <zlib.h>

static inline int lz_inflate_init(z_stream *stream, int window_bits) { return inflateInit2(stream, window_bits); }

#endif
