# FreeType in the tree's lib/; a tree of the user's own may lack it, or have it as it comes, and then the image has no module fonts.
FONTS_DIR := $(USERMOD_DIR)
ifneq ($(shell grep -s loca_offset $(TOP)/lib/freetype/include/freetype/internal/tttypes.h),)
SRC_USERMOD += $(FONTS_DIR)/fonts.c
SRC_USERMOD_LIB_C += $(addprefix $(FONTS_DIR)/, charmap.c outline.c paint.c stream.c)
FONTS_FREETYPE := $(addprefix lib/freetype/src/, base/ftcalc.c base/ftdebug.c base/ftfntfmt.c base/ftgloadr.c \
	base/ftlcdfil.c base/ftobjs.c base/ftoutln.c base/ftstream.c base/fttrigon.c base/ftutil.c sfnt/sfnt.c smooth/smooth.c truetype/truetype.c)
SRC_THIRDPARTY_C += $(FONTS_FREETYPE)
# Before the library's own headers are ours of its options.
CFLAGS_USERMOD += -I$(FONTS_DIR) -I$(TOP)/lib/freetype/include
# Its warnings are its authors'.
$(addprefix $(BUILD)/, $(FONTS_FREETYPE:.c=.o)): CFLAGS += -w -DFT2_BUILD_LIBRARY
endif
