"""Code that is compiled on the device compiles for each chip: its jumps and offsets have other limits than the host's."""

import re
import subprocess

import pytest

from host_tools.paths import MPY_CROSS, ROOT

SOURCES = [path for folder in ("firmware", "boards") for path in sorted((ROOT / folder).rglob("*.py"))]
FUNCTIONS = [
    (f"{path.stem}.{name}", code)
    for path in SOURCES
    for text in re.findall(r'^_VIPER = """\n(.*?)^"""', path.read_text(encoding="utf-8"), re.M | re.S)
    for code, name in re.findall(r"(@micropython\.viper\ndef (\w+).*?)(?=^@|\Z)", text, re.M | re.S)
]


def test_they_are_found():
    assert {"octets.mask", "pcm.mix", "pixels.draw", "dmasender.go"} <= {name for name, _ in FUNCTIONS}


@pytest.mark.parametrize("architecture", ["armv6m", "xtensawin"])
@pytest.mark.parametrize(("name", "code"), FUNCTIONS, ids=[name for name, _ in FUNCTIONS])
def test_it_compiles(name, code, architecture, tmp_path):
    (tmp_path / "code.py").write_text("import micropython\n" + code, encoding="utf-8")
    command = [MPY_CROSS, f"-march={architecture}", "-o", tmp_path / "code.mpy", tmp_path / "code.py"]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
