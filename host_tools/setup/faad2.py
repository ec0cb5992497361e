"""
FAAD2 made to fit a board: what it keeps on the stack, and what it multiplies with.

As it comes it wants 25 KB of stack for two channels; a board has 16 KB for everything.  What a frame takes is moved to the
decoder's own memory, once: a spectrum becomes samples in its place, and where it was quantised is where it is transformed
(firmware/cmodules/codecs/aac_filterbank.c, which stands in for filtbank.c, mdct.c and cfft.c).
"""

from pathlib import Path

from host_tools.setup.edit import edit

_SINGLE = """    element sce = {0};
    ic_stream *ics = &(sce.ics1);
    ALIGN int16_t spec_data[1024] = {0};
"""
_SINGLE_OF_DECODER = """#define sce (*hDecoder->scratch)
    ic_stream *ics = &(sce.ics1);
    int16_t *spec_data = hDecoder->fb->quantised[0];
    memset(&sce, 0, sizeof(sce));
    memset(spec_data, 0, sizeof(hDecoder->fb->quantised[0]));
"""
_PAIR = """    ALIGN int16_t spec_data1[1024] = {0};
    ALIGN int16_t spec_data2[1024] = {0};
    element cpe = {0};
    ic_stream *ics1 = &(cpe.ics1);
    ic_stream *ics2 = &(cpe.ics2);
    uint8_t result;

    cpe.channel        = channels;
"""
_PAIR_OF_DECODER = """#define cpe (*hDecoder->scratch)
    int16_t *spec_data1 = hDecoder->fb->quantised[0];
    int16_t *spec_data2 = hDecoder->fb->quantised[1];
    ic_stream *ics1 = &(cpe.ics1);
    ic_stream *ics2 = &(cpe.ics2);
    uint8_t result;

    memset(&cpe, 0, sizeof(cpe));
    memset(hDecoder->fb->quantised, 0, sizeof(hDecoder->fb->quantised));
    cpe.channel        = channels;
"""
_SINGLE_CHECKED = """    if(!hDecoder->fb_intermed[sce->channel])
        return 15;
"""
_PAIR_CHECKED = """    if(!hDecoder->fb_intermed[cpe->channel] || !hDecoder->fb_intermed[cpe->paired_channel])
        return 15;
"""
_ADIF = """        /* Check if an ADIF header is present */
        if ((buffer_size >= 8) && (buffer[0] == 'A') && (buffer[1] == 'D') &&
            (buffer[2] == 'I') && (buffer[3] == 'F'))
        {
            hDecoder->adif_header_present = 1;

            get_adif_header(&adif, &ld);
            faad_byte_align(&ld);

            hDecoder->sf_index = adif.pce[0].sf_index;
            hDecoder->object_type = adif.pce[0].object_type + 1;

            *samplerate = get_sample_rate(hDecoder->sf_index);
            *channels = adif.pce[0].channels;

            memcpy(&(hDecoder->pce), &(adif.pce[0]), sizeof(program_config));
            hDecoder->pce_set = 1;

            bits = bit2byte(faad_get_processed_bits(&ld));

        /* Check if an ADTS header is present */
        } else if (adts_frame"""
_FB_INFO = """    const real_t *long_window[2];
    const real_t *short_window[2];
"""
_FILTER_BANK = "        hDecoder->fb = filter_bank_init(hDecoder->frameLength);\n"

_EDITS = (
    # What a frame takes belongs to the decoder.
    ("structs.h", _FB_INFO, "    int16_t quantised[2][1024];\n" + _FB_INFO, 1),
    ("structs.h", "    fb_info *fb;\n", "    fb_info *fb;\n    element *scratch;\n", 1),
    # The one is copied to the other, by bytes unless both begin at a word.
    ("structs.h", "    ic_stream ics1;\n", "    _Alignas(4) ic_stream ics1;\n", 1),
    ("structs.h", "    ic_stream ics2;\n", "    _Alignas(4) ic_stream ics2;\n", 1),
    (
        "decoder.c",
        _FILTER_BANK,
        _FILTER_BANK + "    hDecoder->scratch = faad_malloc(sizeof(element));\n",
        2,
    ),
    (
        "decoder.c",
        "    drc_end(hDecoder->drc);\n",
        "    faad_free(hDecoder->scratch);\n    drc_end(hDecoder->drc);\n",
        1,
    ),
    ("syntax.c", _SINGLE, _SINGLE_OF_DECODER, 1),
    ("syntax.c", _PAIR, _PAIR_OF_DECODER, 1),
    # The samples take the place of their spectrum.
    ("specrec.c", "    ALIGN real_t spec_coef[1024];\n", "    real_t *spec_coef;\n", 1),
    ("specrec.c", "    ALIGN real_t spec_coef1[1024];\n", "    real_t *spec_coef1;\n", 1),
    ("specrec.c", "    ALIGN real_t spec_coef2[1024];\n", "    real_t *spec_coef2;\n", 1),
    ("specrec.c", _SINGLE_CHECKED, _SINGLE_CHECKED + "    spec_coef = hDecoder->time_out[sce->channel];\n", 1),
    (
        "specrec.c",
        _PAIR_CHECKED,
        _PAIR_CHECKED
        + "    spec_coef1 = hDecoder->time_out[cpe->channel];\n"
        + "    spec_coef2 = hDecoder->time_out[cpe->paired_channel];\n",
        1,
    ),
    # 7 KB for a kind of header that nobody asks for.
    ("decoder.c", "    adif_header adif;\n", "", 1),
    ("decoder.c", _ADIF, "        if (adts_frame", 1),
    # A frame of two channels has two: a damaged one could ask for 64.
    ("structs.h", "#define MAX_CHANNELS        64\n", "#define MAX_CHANNELS        2\n", 1),
    ("structs.h", "exclude_mask[MAX_CHANNELS]", "exclude_mask[7]", 1),
    ("structs.h", "additional_excluded_chns[MAX_CHANNELS]", "additional_excluded_chns[1]", 1),
    # A group of windows has up to 51 bands, of short ones 15: there is no use for 120.
    ("structs.h", "uint16_t sect_sfb_offset[8][15*8]", "uint16_t sect_sfb_offset[8][MAX_SFB+1]", 1),
    ("structs.h", "uint8_t sect_cb[8][15*8]", "uint8_t sect_cb[8][MAX_SFB]", 1),
    ("structs.h", "uint16_t sect_start[8][15*8]", "uint8_t sect_start[8][MAX_SFB]", 1),
    ("structs.h", "uint16_t sect_end[8][15*8]", "uint8_t sect_end[8][MAX_SFB]", 1),
    ("structs.h", "uint8_t sfb_cb[8][8*15]", "uint8_t sfb_cb[8][MAX_SFB]", 1),
    ("syntax.c", "        sect_lim = 8 * 15;\n", "        sect_lim = MAX_SFB;\n", 1),
    # Tables that nobody writes to, out of a board's RAM.
    ("codebook/hcb_sf.h", "static uint8_t hcb_sf", "static const uint8_t hcb_sf", 1),
    ("codebook/hcb_11.h", "static hcb_2_pair hcb11_2", "static const hcb_2_pair hcb11_2", 1),
    ("tns.c", "static real_t tns_coef", "static const real_t tns_coef", 4),
    ("tns.c", "static real_t* all_tns_coefs", "static const real_t* const all_tns_coefs", 1),
    ("tns.c", "    real_t* tns_coef =", "    const real_t* tns_coef =", 1),
    ("huffman.c", "static uint8_t unsigned_cb", "static const uint8_t unsigned_cb", 1),
    ("is.c", "static real_t pow05_table", "static const real_t pow05_table", 1),
    # An ARM may be one that multiplies 32 by 32 bits to 32.
    (
        "fixed.h",
        "#elif defined(__GNUC__) && defined (__arm__)\n",
        '#elif defined(__ARM_ARCH_6M__) || defined(CODECS_NARROW)\n#include "aac_multiply.h"\n#elif defined(__GNUC__) && defined (__arm__)\n',
        1,
    ),
)


def fit_faad2(folder: Path) -> None:
    """Edit the sources in `folder/faad2`; BuildError if they are not what they were."""
    for name, before, after, count in _EDITS:
        edit(folder / "faad2" / "libfaad", name, before, after, count)
