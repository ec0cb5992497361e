"""What host_tools.setup.sources changes in the libraries of sound and pictures, and that it says when they are not what they were."""

import pytest

from host_tools.setup import sources
from host_tools.setup.progress import BuildError

_MINIAUDIO = """before
/* dr_mp3_h begin */
#ifndef ma_dr_mp3_h
int declared;
typedef enum
{
    ma_dr_mp3_seek_origin_start,
/* dr_mp3_c begin */
#ifndef ma_dr_mp3_c
    ma_dr_mp3dec_scratch scratch;
    use(&scratch);
MA_API void ma_dr_mp3dec_f32_to_s16(const float *in)
"""


def _cut(folder, text):
    (folder / "miniaudio").mkdir()
    (folder / "miniaudio" / "miniaudio.h").write_text(text)
    sources.cut_dr_mp3(folder)
    return (folder / "dr_mp3" / "dr_mp3.h").read_text()


def test_only_the_decoder_of_frames_is_cut_out_and_its_scratch_is_the_callers(tmp_path):
    assert _cut(tmp_path, _MINIAUDIO).splitlines() == [
        "/* dr_mp3_h begin */",
        "#ifndef ma_dr_mp3_h",
        "int declared;",
        "#endif",
        "/* dr_mp3_c begin */",
        "#ifndef ma_dr_mp3_c",
        "#define scratch (*(ma_dr_mp3dec_scratch *)dr_mp3_scratch)",
        "    use(&scratch);",
        "#endif",
        "#undef scratch",
    ]


@pytest.mark.parametrize(
    "gone", ("/* dr_mp3_c begin */", "MA_API void ma_dr_mp3dec_f32_to_s16", "    ma_dr_mp3dec_scratch scratch;")
)
def test_another_miniaudio_is_an_error(tmp_path, gone):
    with pytest.raises(BuildError, match="miniaudio.h"):
        _cut(tmp_path, _MINIAUDIO.replace(gone, ""))


def test_another_shine_is_an_error(tmp_path):
    folder = tmp_path / "shine" / "src" / "lib"
    folder.mkdir(parents=True)
    (folder / "types.h").write_text("int int2idx[9999];\n")
    with pytest.raises(BuildError, match=r"shine: types.h"):
        sources.move_table_of_shine(tmp_path)


def test_other_libraries_of_pictures_are_an_error(tmp_path):
    for name in ("libspng/spng/spng.c", "libjpeg-turbo/jmorecfg.h", "libjpeg-turbo/jmemmgr.c"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    names = ("DCT_IFAST", "DCT_FLOAT", "QUANT_1PASS", "QUANT_2PASS")
    config = "".join(f"#define {name}_SUPPORTED /* wanted? */\n" for name in names)
    (tmp_path / "libjpeg-turbo" / "jmorecfg.h").write_text(config)
    (tmp_path / "libspng" / "spng" / "spng.c").write_text("#define SPNG_READ_SIZE (4096)\n")
    with pytest.raises(BuildError, match=r"spng.c has not the one '#define SPNG_READ_SIZE \(8192\)'"):
        sources.shrink_images(tmp_path)
    assert (tmp_path / "libjpeg-turbo" / "jmorecfg.h").read_text() == config.replace("define", "undef")
