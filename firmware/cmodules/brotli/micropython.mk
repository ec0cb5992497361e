# Google's decoder, in the tree's lib/brotli; a tree of the user's own may lack it, and then the image has no module brotli.
BROTLI_DIR := $(USERMOD_DIR)
BROTLI_LIB := lib/brotli/c
ifneq ($(wildcard $(TOP)/$(BROTLI_LIB)/dec/decode.c),)
SRC_USERMOD += $(BROTLI_DIR)/brotli.c
CFLAGS_USERMOD += -I$(TOP)/$(BROTLI_LIB)/include
SRC_THIRDPARTY_C += $(addprefix $(BROTLI_LIB)/, \
	common/constants.c common/context.c common/dictionary.c common/platform.c common/shared_dictionary.c \
	common/transform.c dec/bit_reader.c dec/decode.c dec/huffman.c dec/state.c)
endif
