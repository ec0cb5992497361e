"""Documents that have been damaged at random: in the zip file, and in the XML of a zip file that is whole."""

import random
import re
import subprocess
import zipfile

import pytest

from host_tools.paths import ROOT, unix_image
from tests.system.documents import officefiles

MUTANTS = 60
_CHANGES = (
    b"<",
    b">",
    b"&",
    b'"',
    b"/",
    b"\xff",
    b"\0",
    b"<a>",
    b"</a>",
    b"&#x0;",
    b"99999999999",
    b"-1",
    b"<!--",
    b"]]>",
    b"<![CDATA[",
    b"=",
)


def _damaged(data, chance):
    data = bytearray(data)
    for _ in range(chance.choice((1, 1, 3, 20))):
        place = chance.randrange(max(len(data), 1))
        kind = chance.randrange(4)
        if kind == 0:
            data[place : place + 1] = bytes((chance.randrange(256),))
        elif kind == 1:
            data[place : place + chance.choice((1, 4, 40, 4000))] = b""
        elif kind == 2:
            data[place:place] = data[place : place + chance.choice((1, 10, 300))]
        else:
            data[place:place] = chance.choice(_CHANGES)
    return bytes(data)


def _with_damaged_part(source, target, chance):
    with zipfile.ZipFile(source) as whole, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        parts = [name for name in whole.namelist() if re.search(r"\.(xml|rels)$", name)]
        chosen = chance.choice(parts)
        for name in whole.namelist():
            data = whole.read(name)
            made.writestr(name, _damaged(data, chance) if name == chosen else data)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("bits", [64, 32])
@pytest.mark.parametrize("kind, make", [("docx", officefiles.word), ("xlsx", officefiles.workbook), ("xlsx", officefiles.shared_workbook), ("pptx", officefiles.slides), ("txt", officefiles.text)])  # fmt: skip
def test_mutants(kind, make, bits, tmp_path):
    """Read or refused, with an error of their own, within a board's heap and a time."""
    chance = random.Random(f"{kind} {bits}")
    source = tmp_path / ("a." + kind)
    make(source)
    folder = tmp_path / "mutants"
    folder.mkdir()
    for number in range(MUTANTS):
        target = folder / f"{number}.{kind}"
        if kind == "txt" or number % 3 == 0:
            target.write_bytes(_damaged(source.read_bytes(), chance))
        else:
            _with_damaged_part(source, target, chance)
    command = [
        unix_image(bits),
        "-X",
        "heapsize=190k" if bits == 32 else "heapsize=4m",
        ROOT / "tests/system/documents/mutate.py",
        folder,
    ]
    done = subprocess.run([str(part) for part in command], cwd=ROOT, capture_output=True, text=True, errors="replace", timeout=500, check=False)  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    read, refused = (int(number) for number in re.search(r"read (\d+) refused (\d+)", done.stdout).groups())
    assert read + refused == MUTANTS and read > 0 and (refused > 0 or kind == "txt")


@pytest.mark.timeout(600)
@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_a_bomb_is_refused_before_it_is_unpacked(kind, tmp_path):
    source = tmp_path / ("a." + kind)
    (officefiles.word if kind == "docx" else officefiles.workbook)(source)
    main = "word/document.xml" if kind == "docx" else "xl/worksheets/sheet1.xml"
    folder = tmp_path / "bombs"
    folder.mkdir()
    with zipfile.ZipFile(source) as whole, zipfile.ZipFile(folder / source.name, "w", zipfile.ZIP_DEFLATED) as made:
        for name in whole.namelist():
            made.writestr(name, b"<x>" + b" " * (20 << 20) + b"</x>" if name == main else whole.read(name))
    command = [unix_image(32), "-X", "heapsize=190k", ROOT / "tests/system/documents/mutate.py", folder]
    done = subprocess.run(
        [str(part) for part in command], cwd=ROOT, capture_output=True, text=True, timeout=500, check=False
    )
    assert "read 0 refused 1" in done.stdout, done.stdout + done.stderr
