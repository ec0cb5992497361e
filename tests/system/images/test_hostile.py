"""Pictures that are none, or broken, or made to harm: a reason, nothing left in memory, and always an end."""

import io
import struct
import zlib

import pytest
from PIL import Image

from tests.system.images.pngfiles import chunk, png, smooth


def _bytes(kind, size=(24, 16), **options):
    made = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(made, kind, **options)
    return made.getvalue()


def _written(folder, name, data):
    path = folder / name
    path.write_bytes(data)
    return path


def _said(decode, folder, cases):
    paths = [_written(folder, str(number), data) for number, (data, _) in enumerate(cases)]
    for decoded, (_, reason) in zip(decode(paths), cases):
        answer = decoded.answer
        assert answer.get("error") == "ValueError" and reason in answer["reason"], (reason, answer)
        assert answer.get("left", 0) < 1000, answer


def test_what_is_no_picture_is_refused_with_what_it_is(decode, tmp_path):
    _said(
        decode,
        tmp_path,
        [
            (b"", "empty"),
            (_bytes("GIF"), "GIF"),
            (_bytes("WEBP"), "WebP"),
            (_bytes("TIFF"), "TIFF"),
            (b"<html></html>", "HTML"),
            (b'{"error": 404}', "JSON"),
            (b"hello, this is text", "begins with 68 65"),
            (b"\x89PNG\r\n\x1a\n", "cut off"),
            (b"\xff\xd8\xff\xe0", "cut off"),
            (b"\xff\xd8\xff\xd9" + bytes(40), "damaged"),
            (b"BM" + bytes(60), "damaged"),
            (b"R565" + struct.pack("<HH", 10, 10) + bytes(199), "cut off"),
        ],
    )


def test_sizes_that_no_board_shows(decode, tmp_path):
    def sized(width, height):
        return (
            b"\x89PNG\r\n\x1a\n"
            + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", b"")
        )

    jpeg = b"\xff\xd8\xff\xc0\0\x11\x08%s\x03\1\x22\0\2\x11\1\3\x11\1\xff\xda\0\x0c\3\1\0\2\x11\3\x11\0\x3f\0"
    _said(
        decode,
        tmp_path,
        [
            (sized(8193, 1), "8193x1"),
            (sized(0, 1), "0x1"),
            (sized(0xFFFFFFFF, 0xFFFFFFFF), "4294967295"),
            (sized(8000, 8000), "8000x8000"),
            (jpeg % struct.pack(">HH", 60000, 60000), "60000x60000"),
            (jpeg % struct.pack(">HH", 0, 100), "100x0"),
        ],
    )


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "progressive", "interlaced"])
def test_every_length_of_a_cut_file(decode, tmp_path, kind):
    if kind == "interlaced":
        whole = png(24, 16, 2, 8, smooth(8, 24, 16), interlaced=True)
    else:
        whole = _bytes("PNG" if kind == "PNG" else "JPEG", progressive=kind == "progressive")
    jobs = [_written(tmp_path, f"cut{n}", whole[:n]) for n in range(0, len(whole), 7)]
    shown = 0
    for decoded in decode(jobs):
        if decoded.answer.get("error"):
            assert decoded.answer["error"] == "ValueError" and decoded.answer["reason"], decoded.answer
        else:
            shown += 1
        assert decoded.answer.get("left", 0) < 1000, decoded.answer
    # But for the end's marker or the last chunk, all that is missing is missed; of a progressive one the last scans.
    assert shown <= (len(jobs) if kind == "progressive" else 6), (shown, len(jobs))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "progressive", "interlaced"])
def test_every_byte_changed(decode, tmp_path, kind):
    if kind == "interlaced":
        whole = png(12, 9, 6, 8, smooth(8, 12, 9), interlaced=True)
    else:
        whole = _bytes("PNG" if kind == "PNG" else "JPEG", (16, 12), progressive=kind == "progressive")
    path = _written(tmp_path, "whole", whole)
    (ended,) = decode([{"path": path, "mutate": [1, 0x80, 0xFF], "step": 1}])
    ended = ended.answer
    assert sum(ended.values()) == 3 * len(whole)
    assert set(ended) <= {"ValueError", "MemoryError", "shown"}, ended
    assert ended["ValueError"] > 100, ended


def test_bombs(decode, tmp_path):
    rows = zlib.compressobj(9)
    data = b"".join(rows.compress(bytes(3 * 4096 + 1)) for _ in range(4096)) + rows.flush()
    head = struct.pack(">IIBBBBB", 4096, 4096, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    assert len(bomb) < 60000
    scan = _bytes("JPEG", (64, 64), progressive=True)
    start = scan.index(b"\xff\xda")
    end = scan.index(b"\xff\xc4", start)
    scans = scan[:start] + scan[start:end] * 3000 + scan[end:]
    shown, refused = decode(
        [
            {"path": _written(tmp_path, "bomb.png", bomb), "width": 16, "height": 16},
            _written(tmp_path, "scans.jpg", scans),
        ]
    )
    assert shown.pixels().shape == (16, 16, 4) and shown.answer["held"] < 90 * 1024, shown.answer
    assert refused.answer["error"] == "ValueError", refused.answer


def test_a_chunk_that_lies_about_its_length(decode, tmp_path):
    good = _bytes("PNG")
    lie = good[:33] + struct.pack(">I", 0x7FFFFFFF) + b"tEXt" + good[33:]
    _said(
        decode, tmp_path, [(lie, "cut off"), (good[:33] + struct.pack(">I", 0xFFFFFFFF) + b"tEXt" + good[33:], "PNG")]
    )
