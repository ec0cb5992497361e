"""What host_tools.setup.sources changes in the libraries of sound, pictures and fonts, and that it says when they are not what they were."""

import re
import subprocess

import pytest

from host_tools.paths import BUILD, ROOT
from host_tools.setup import faad2, freetype, sources
from host_tools.setup.progress import BuildError


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


def test_another_freetype_is_an_error(tmp_path):
    folder = tmp_path / "freetype" / "include" / "freetype" / "internal"
    folder.mkdir(parents=True)
    (folder / "tttypes.h").write_text("    FT_Byte*  other_locations;\n")
    with pytest.raises(BuildError, match=r"tttypes\.h has not the 1 'FT_Byte\*              glyph_locations;'"):
        freetype.fit_freetype(tmp_path)


def test_freetype_has_no_large_array_on_the_stack():
    """Its rasterizer has 16 KB there as it comes."""
    library = BUILD / "sources" / "micropython" / "lib" / "freetype"
    module = ROOT / "firmware" / "cmodules" / "fonts"
    recipe = (module / "micropython.mk").read_text(encoding="utf-8").replace("\\\n", " ")
    names = re.search(r"lib/freetype/src/, ([^)]*)\)", recipe).group(1).split()
    assert len(names) > 10
    for name in names:
        command = ["gcc", "-O2", "-w", "-Werror=frame-larger-than=1024", "-S", "-o", "/dev/null", "-DFT2_BUILD_LIBRARY"]
        command += ["-I", module, "-I", library / "include", library / "src" / name]
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def test_other_libraries_of_pictures_are_an_error(tmp_path):
    for name in ("libspng/spng/spng.c", "libjpeg-turbo/jmorecfg.h", "libjpeg-turbo/jmemmgr.c"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    names = ("DCT_IFAST", "DCT_FLOAT", "QUANT_1PASS", "QUANT_2PASS")
    config = "".join(f"#define {name}_SUPPORTED /* wanted? */\n" for name in names)
    (tmp_path / "libjpeg-turbo" / "jmorecfg.h").write_text(config)
    (tmp_path / "libspng" / "spng" / "spng.c").write_text("#define SPNG_READ_SIZE (4096)\n")
    with pytest.raises(BuildError, match=r"spng.c has not the 1 '#define SPNG_READ_SIZE \(8192\)'"):
        sources.shrink_images(tmp_path)
    assert (tmp_path / "libjpeg-turbo" / "jmorecfg.h").read_text() == config.replace("define", "undef")
