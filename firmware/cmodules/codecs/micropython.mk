# Sound libraries in the tree's lib/; a tree of the user's own may lack them, and then the image has no module codecs.
# GPL_CODECS=1 takes the GPL's FAAD2, without which AAC is not decoded.
CODECS_DIR := $(USERMOD_DIR)
ifneq ($(wildcard $(TOP)/lib/shine/src/lib/layer3.h),)
SRC_USERMOD += $(addprefix $(CODECS_DIR)/, codecs.c memory.c)
CODECS_MP3 := $(addprefix $(CODECS_DIR)/, mp3.c mp3_huffman.c mp3_imdct.c mp3_side.c mp3_stereo.c mp3_synthesis.c)
SRC_USERMOD_LIB_C += $(CODECS_MP3) $(addprefix $(CODECS_DIR)/, framing.c mp3_shine.c aac_vo.c)

CODECS_SHINE := $(addprefix lib/shine/src/lib/, bitstream.c huffman.c l3bitstream.c l3loop.c l3mdct.c l3subband.c \
	layer3.c reservoir.c tables.c)
CODECS_VO := $(addprefix lib/vo-aacenc/aacenc/, basic_op/basicop2.c basic_op/oper_32b.c \
	$(addprefix src/, aac_rom.c aacenc.c aacenc_core.c adj_thr.c band_nrg.c bit_cnt.c bitbuffer.c bitenc.c \
	block_switch.c channel_map.c dyn_bits.c grp_data.c interface.c line_pe.c memalign.c ms_stereo.c \
	pre_echo_control.c psy_configuration.c psy_main.c qc_main.c quantize.c sf_estim.c spreading.c stat_bits.c tns.c \
	transform.c))
CODECS_LIBRARIES := $(CODECS_SHINE) $(CODECS_VO)

ifeq ($(GPL_CODECS),1)
CODECS_FAAD := $(addprefix lib/faad2/libfaad/, bits.c common.c decoder.c drc.c error.c huffman.c is.c mp4.c ms.c \
	pns.c pulse.c specrec.c syntax.c tns.c)
CODECS_LIBRARIES += $(CODECS_FAAD)
SRC_USERMOD_LIB_C += $(addprefix $(CODECS_DIR)/, aac_faad.c aac_filterbank.c)
CFLAGS_USERMOD += -DMPKIOSK_FAAD2=1 -I$(TOP)/lib/faad2/include
# Low complexity only, and no SBR: the rest would take 100 KB and more.
$(addprefix $(BUILD)/, $(CODECS_FAAD:.c=.o)) $(BUILD)/codecs/aac_filterbank.o: CFLAGS += -DFIXED_POINT -DLC_ONLY_DECODER -DDISABLE_SBR \
	-DHAVE_INTTYPES_H -DHAVE_STRING_H -DPACKAGE_VERSION='""' -I$(TOP)/lib/faad2/libfaad
$(BUILD)/codecs/aac_filterbank.o: CFLAGS += -w -include $(CODECS_DIR)/allocation.h
endif

SRC_THIRDPARTY_C += $(CODECS_LIBRARIES)
$(addprefix $(BUILD)/, $(CODECS_VO:.c=.o)): CFLAGS += $(addprefix -I$(TOP)/lib/vo-aacenc/, \
	aacenc/inc aacenc/basic_op common/include)
# Their memory is that of the object they work for.  Their warnings are their authors'.
$(addprefix $(BUILD)/, $(CODECS_LIBRARIES:.c=.o)): CFLAGS += -w -include $(CODECS_DIR)/allocation.h
endif
