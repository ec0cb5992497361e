"""The decoders, compiled for the host with the sanitizers: changed and cut files of every kind, and not a byte beyond its block."""

import io
import re
import subprocess

import pytest

from host_tools.paths import BUILD, ROOT
from tests.system.images.mixfiles import scene
from tests.system.images.pngfiles import KINDS, chunk, palette, png, smooth

_MODULE = ROOT / "firmware" / "cmodules" / "images"
_TOP = BUILD / "sources" / "micropython"
_LIB = _TOP / "lib"
_RECIPE = (_MODULE / "micropython.mk").read_text().replace("\\\n", " ")


def _listed(name, folder):
    names = re.search(rf"^{name} := \$\(addprefix lib/{folder}/, ([^)]*)\)", _RECIPE, re.M).group(1)
    return [_LIB / folder / each for each in names.split()]


@pytest.fixture(scope="module")
def decoders(tmp_path_factory):
    """The program of harness_decode.c."""
    folder = tmp_path_factory.mktemp("decoders")
    common = [
        "gcc",
        "-O1",
        "-g",
        "-w",
        "-fno-omit-frame-pointer",
        "-ffunction-sections",
        "-fsanitize=address",
        "-I",
        _TOP,
        "-I",
        _MODULE,
    ]
    own = ["-fsanitize=undefined", "-fno-sanitize-recover=undefined"]
    zlib = ["-I", _LIB / "zlib", "-DZ_SOLO", "-DNO_GZIP", "-DHAVE_MEMCPY", "-include", "string.h", "-DSPNG_DISABLE_OPT"]
    jpeg = ["-I", _LIB / "libjpeg-turbo"]
    parts = [
        ([*own, "-I", _MODULE.parent / "codecs"], [ROOT / "tests/system/images/harness_decode.c", _MODULE / "scale.c"]),
        (zlib, [_MODULE / "png_spng.c", *_listed("IMAGES_ZLIB", "zlib")]),
        (jpeg, [_MODULE / "jpeg_turbo.c", *_listed("IMAGES_JPEG", "libjpeg-turbo")]),
    ]
    objects = []
    for flags, sources in parts:
        for source in sources:
            objects.append(folder / (source.stem + ".o"))
            subprocess.run([*common, *flags, "-c", source, "-o", objects[-1]], check=True)
    program = folder / "decode"
    subprocess.run([*common, *own, *objects, "-lm", "-o", program], check=True)
    return program


def _jpeg(mode="RGB", size=(40, 28), **options):
    made = io.BytesIO()
    scene(*size).convert(mode).save(made, "JPEG", **options)
    return made.getvalue()


JPEGS = {
    "420": _jpeg(),
    "422": _jpeg(subsampling=1),
    "444": _jpeg(subsampling=0, restart_marker_blocks=2),
    "grey": _jpeg("L"),
    "cmyk": _jpeg("CMYK"),
    "progressive": _jpeg(progressive=True),
    "progressive cmyk": _jpeg("CMYK", progressive=True, restart_marker_blocks=3),
}


def _hurt(program, kind, path, step=1):
    done = subprocess.run(
        [program, kind, path, str(step)],
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
        env={"ASAN_OPTIONS": "detect_leaks=0"},
    )
    assert done.returncode == 0, (path, done.returncode, done.stderr[-3000:])
    return tuple(map(int, done.stdout.split()))


@pytest.mark.parametrize("name", JPEGS)
def test_jpeg(decoders, tmp_path, name):
    path = tmp_path / "picture"
    path.write_bytes(JPEGS[name])
    good, bad = _hurt(decoders, "jpeg", path)
    assert good + bad == 5 * len(JPEGS[name]) and bad > 300 and good > 100, (good, bad)


@pytest.mark.parametrize("interlaced", [False, True])
def test_png(decoders, tmp_path, interlaced):
    path = tmp_path / "picture"
    for color, (_, depths) in KINDS.items():
        for bits in depths:
            extra = palette(bits) + chunk(b"tRNS", bytes((0, 90))) if color == 3 else b""
            path.write_bytes(png(19, 11, color, bits, smooth(bits, 19, 11), interlaced, extra))
            good, bad = _hurt(decoders, "png", path)
            assert good > 0 and bad > 300, (color, bits, good, bad)
