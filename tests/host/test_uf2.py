"""UF2 files: what the writer writes, Microsoft's own converter reads; what is no UF2 file, our reader refuses."""

import pytest
from adafruit_uf2 import uf2conv

from host_tools.errors import HostError
from host_tools.firmware import uf2
from host_tools.paths import BUILD

ADDRESS = 0x10000000
IMAGE = bytes(range(256)) * 5 + b"the last page is not full"


def converted(file):
    """(image, its address) as the converter reads a file."""
    uf2conv.appstartaddr = 0
    return bytes(uf2conv.convert_from_uf2(file)), uf2conv.appstartaddr


@pytest.mark.parametrize("length", [1, 255, 256, 257, len(IMAGE)])
def test_the_converter_reads_what_is_written(length):
    file = uf2.write(IMAGE[:length], ADDRESS, uf2.FAMILIES["rp2040"])
    image, address = converted(file)
    assert address == ADDRESS
    assert image[:length] == IMAGE[:length]
    assert image[length:] == bytes(-length % 256)


def test_the_families_are_those_of_microsoft_s_list():
    listed = uf2conv.load_families()
    assert {"rp2040": listed["RP2040"], "esp32s3": listed["ESP32S3"]} == uf2.FAMILIES


def test_what_is_written_is_read():
    file = uf2.write(IMAGE, ADDRESS, uf2.FAMILIES["rp2040"])
    blocks = list(uf2.read(file))
    assert b"".join(payload for _, payload, _ in blocks)[: len(IMAGE)] == IMAGE
    assert [address for address, _, _ in blocks] == [ADDRESS + 256 * number for number in range(6)]
    assert uf2.families(file) == {uf2.FAMILIES["rp2040"]}


def damaged(at, value):
    file = bytearray(uf2.write(IMAGE, ADDRESS, 1))
    file[at : at + len(value)] = value
    return bytes(file)


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (b"", "0 bytes"),
        (b"UF2\n" * 100, "400 bytes"),
        (bytes(1024), "block 0 has the wrong marks"),
        (damaged(512, b"X"), "block 1 has the wrong marks"),
        (damaged(1024 + 508, b"X"), "block 2 has the wrong marks"),
        (damaged(16, b"\xff\xff"), "block 0 has the wrong marks"),  # 65,535 bytes of payload
        (damaged(512 + 20, b"\x05"), "block 1 says that it is number 5"),
    ],
)
def test_what_is_no_uf2_file_is_refused(file, reason):
    with pytest.raises(HostError, match=reason):
        uf2.families(file)


def test_the_image_of_the_nano_connect_is_the_one_that_was_linked():
    folder = BUILD / "firmware" / "ARDUINO_NANO_RP2040_CONNECT"
    image = (folder / "firmware.bin").read_bytes()
    read, address = converted((folder / "firmware.uf2").read_bytes())
    assert (address, read[: len(image)]) == (ADDRESS, image)
    assert uf2.families((folder / "firmware.uf2").read_bytes()) == {uf2.FAMILIES["rp2040"]}
