// FreeType's options, before its own include/freetype/config/ftoption.h: TrueType outlines as they are, without hints, names, bitmaps,
// colors, variations and character tables (charmap.c).
#ifndef FTOPTION_H_
#define FTOPTION_H_

#include <freetype/config/ftstdlib.h>

#define FT_CONFIG_OPTION_INLINE_MULFIX
#define FT_RENDER_POOL_SIZE 4096L
#define FT_MAX_MODULES 4

// Read by code that is compiled, of formats that are not.
#define T1_MAX_DICT_DEPTH 5
#define T1_MAX_SUBRS_CALLS 16
#define T1_MAX_CHARSTRINGS_OPERANDS 256

#endif
