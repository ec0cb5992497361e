"""L16 and PCMU: viper and plain Python agree on every sample, and with ITU-T G.711's own values."""

import struct

from kiosk.live import g711


def test_both_ways_agree_on_every_sample():
    data, one, other = bytearray(512), bytearray(512), bytearray(512)
    for start in range(-32768, 32768, 256):
        for at in range(256):
            struct.pack_into("<h", data, 2 * at, start + at)
        for made, plain in ((g711.swap, g711.plain_swap), (g711.to_mu, g711.plain_to_mu)):
            made(one, data, 256)
            plain(other, data, 256)
            assert one == other, start
    one, other = bytearray(512), bytearray(512)
    g711.from_mu(one, bytes(range(256)), 256)
    g711.plain_from_mu(other, bytes(range(256)), 256)
    assert one == other


def test_the_values_of_the_standard():
    """G.711, table 2a: decision and output values, four times those of its 14 bits."""
    for sample, code, back in (
        (0, 0xFF, 0), (-1, 0x7F, 0), (4, 0xFE, 8), (-8, 0x7E, -8), (8031 * 4, 0x80, 32124), (32767, 0x80, 32124), (-32768, 0x00, -32124),
        (4063 * 4, 0x8F, 16764), (-4063 * 4, 0x0F, -16764), (1000, 0xCE, 988),
    ):  # fmt: skip
        data = bytearray(struct.pack("<h", sample))
        g711.to_mu(data, data, 1)
        assert data[0] == code, (sample, data[0])
        g711.from_mu(data, bytes(data), 1)
        assert struct.unpack("<h", data)[0] == back, (sample, data)


def test_every_code_comes_back():
    room = bytearray(range(256)) + bytearray(256)
    g711.from_mu(room, bytes(range(256)), 256)
    again = bytearray(256)
    g711.to_mu(again, room, 256)
    for code in range(256):
        assert again[code] == (0xFF if code == 0x7F else code), code


def test_in_place():
    data = bytearray(b"\1\2\3\4")
    g711.swap(data, data, 2)
    assert data == b"\2\1\4\3"
