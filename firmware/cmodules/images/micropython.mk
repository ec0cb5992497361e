# Picture libraries in the tree's lib/; a tree of the user's own may lack them, and then the image has no module images.
IMAGES_DIR := $(USERMOD_DIR)
ifneq ($(wildcard $(TOP)/lib/libspng/spng/spng.c),)
SRC_USERMOD += $(addprefix $(IMAGES_DIR)/, images.c encoder.c)
SRC_USERMOD_LIB_C += $(addprefix $(IMAGES_DIR)/, encode.c scale.c png_spng.c jpeg_turbo.c)
IMAGES_ZLIB := $(addprefix lib/zlib/, adler32.c crc32.c inffast.c inflate.c inftrees.c)
IMAGES_JPEG := $(addprefix lib/libjpeg-turbo/, jcomapi.c jdapimin.c jdapistd.c jdcoefct.c jdcolor.c jddctmgr.c jdhuff.c \
	jdinput.c jdmainct.c jdmarker.c jdmaster.c jdmerge.c jdphuff.c jdpostct.c jdsample.c jidctint.c jidctred.c \
	jmemmgr.c jsimd_none.c jutils.c)
SRC_THIRDPARTY_C += $(IMAGES_ZLIB) $(IMAGES_JPEG)
# Their warnings are their authors'.  No gzip, no files.
$(BUILD)/images/png_spng.o $(addprefix $(BUILD)/, $(IMAGES_ZLIB:.c=.o)): \
	CFLAGS += -w -I$(TOP)/lib/zlib -DZ_SOLO -DNO_GZIP -DHAVE_MEMCPY -include string.h -DSPNG_DISABLE_OPT
$(BUILD)/images/jpeg_turbo.o $(addprefix $(BUILD)/, $(IMAGES_JPEG:.c=.o)): \
	CFLAGS += -w -I$(IMAGES_DIR) -I$(TOP)/lib/libjpeg-turbo
endif
