// AAC-LC in ADTS by VisualOn's encoder (Apache 2.0): fixed point.
#include <string.h>

#include "codecs.h"
#include "lib/vo-aacenc/common/include/voAAC.h"

static VO_U32 allocate(VO_S32 id, VO_MEM_INFO *info) {
    (void)id;
    info->VBuffer = codecs_malloc(info->Size);
    return VO_ERR_NONE;
}

static VO_U32 release(VO_S32 id, VO_PTR memory) {
    (void)id;
    codecs_free(memory);
    return VO_ERR_NONE;
}

static VO_U32 set(VO_S32 id, VO_PTR memory, VO_U8 value, VO_U32 size) {
    (void)id;
    memset(memory, value, size);
    return VO_ERR_NONE;
}

static VO_U32 copy(VO_S32 id, VO_PTR to, VO_PTR from, VO_U32 size) {
    (void)id;
    memcpy(to, from, size);
    return VO_ERR_NONE;
}

static VO_MEM_OPERATOR memory = { .Alloc = allocate, .Free = release, .Set = set, .Copy = copy };

static int check(uint32_t rate_hz, int channels, uint32_t bit_rate) {
    static const uint32_t rates_hz[] = { 8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 64000, 88200, 96000 };
    // The library replaces a bit rate outside of these by one of its own; an encoder that does not is wanted.
    if (bit_rate / channels < 4000 || bit_rate / channels > 160000 || bit_rate > rate_hz * 6 * channels) {
        return 0;
    }
    for (size_t i = 0; i < sizeof(rates_hz) / sizeof(rates_hz[0]); i++) {
        if (rates_hz[i] == rate_hz) {
            return 1024;
        }
    }
    return 0;
}

static void *open(uint32_t rate_hz, int channels, uint32_t bit_rate) {
    VO_AUDIO_CODECAPI api;
    VO_HANDLE handle = NULL;
    VO_CODEC_INIT_USERDATA user = { .memflag = VO_IMF_USERMEMOPERATOR, .memData = &memory };
    AACENC_PARAM parameters = { .sampleRate = rate_hz, .bitRate = bit_rate, .nChannels = channels, .adtsUsed = 1 };
    voGetAACEncAPI(&api);
    if (api.Init(&handle, VO_AUDIO_CodingAAC, &user) != VO_ERR_NONE
        || api.SetParam(handle, VO_PID_AAC_ENCPARAM, &parameters) != VO_ERR_NONE) {
        return NULL;
    }
    return handle;
}

static int encode(void *state, int16_t *samples, size_t bytes, uint8_t *output) {
    VO_AUDIO_CODECAPI api;
    VO_CODECBUFFER in = { .Buffer = (VO_PBYTE)samples, .Length = bytes };
    VO_CODECBUFFER out = { .Buffer = output, .Length = CODECS_ENCODED_BYTES };
    VO_AUDIO_OUTPUTINFO info;
    voGetAACEncAPI(&api);
    if (api.SetInputData(state, &in) != VO_ERR_NONE || api.GetOutputData(state, &out, &info) != VO_ERR_NONE) {
        return -1;
    }
    return out.Length;
}

const codecs_encoder_t codecs_aac_encoder = { "aac", 2, check, open, encode };
