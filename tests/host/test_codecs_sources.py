"""What host_tools.setup.sources changes in the libraries of sound, and that it says when they are not what they were."""

import re
import subprocess

import pytest

from host_tools.paths import BUILD, ROOT
from host_tools.setup import faad2, sources
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
    with pytest.raises(BuildError, match=r"types\.h has not the 1 "):
        sources.move_table_of_shine(tmp_path)


def test_another_faad2_is_an_error(tmp_path):
    folder = tmp_path / "faad2" / "libfaad"
    folder.mkdir(parents=True)
    (folder / "structs.h").write_text("typedef struct { int fb_info; } other;\n")
    with pytest.raises(BuildError, match=r"structs\.h has not the 1 "):
        faad2.fit_faad2(tmp_path)


def test_faad2_has_no_large_array_on_the_stack():
    """In what is compiled of it: the board has 16 KB of stack for everything."""
    library = BUILD / "sources" / "micropython" / "lib" / "faad2" / "libfaad"
    module = ROOT / "firmware" / "cmodules" / "codecs"
    recipe = (module / "micropython.mk").read_text(encoding="utf-8").replace("\\\n", " ")
    names = re.search(r"lib/faad2/libfaad/, ([^)]*)\)", recipe).group(1).split()
    flags = ["-DFIXED_POINT", "-DLC_ONLY_DECODER", "-DDISABLE_SBR", "-DHAVE_INTTYPES_H", "-DHAVE_STRING_H"]
    flags += ['-DPACKAGE_VERSION=""', "-I", library, "-I", library.parent / "include", "-I", module]
    for source in [*(library / name for name in names), module / "aac_filterbank.c"]:
        command = ["gcc", "-O2", "-w", "-Werror=frame-larger-than=1024", "-S", "-o", "/dev/null", *flags, source]
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
