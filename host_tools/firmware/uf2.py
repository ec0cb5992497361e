"""
UF2: the files that a board takes when it shows itself as a drive.

A file is a row of blocks of 512 bytes, each of which says where its 256 bytes go and for which family of chips it is, so
blocks may arrive in any order.  The format is Microsoft's: github.com/microsoft/uf2.
"""

import struct
from typing import Iterator, Optional, Set, Tuple

from host_tools.errors import HostError

RP2_FLASH = 0x10000000  # where the RP2040 sees its flash, and UF2 files of its images begin
FAMILIES = {"rp2040": 0xE48BFF56, "esp32s3": 0xC47E5767}

_HEADER = struct.Struct("<8I")  # two magic words, flags, address, bytes of payload, number, count, family
_START, _START_2, _END = 0x0A324655, 0x9E5D5157, 0x0AB16F30
_HAS_FAMILY = 0x2000
_NOT_FLASH = 0x0001
_BLOCK, _PAGE, _PAYLOAD_MAX = 512, 256, 476


def write(image: bytes, address: int, family: int) -> bytes:
    """The UF2 file that puts `image` at `address`; its last page is filled up with zeros."""
    pages = [image[start : start + _PAGE] for start in range(0, len(image), _PAGE)]
    blocks = []
    for number, page in enumerate(pages):
        header = _HEADER.pack(
            _START, _START_2, _HAS_FAMILY, address + number * _PAGE, _PAGE, number, len(pages), family
        )
        blocks.append(header + page.ljust(_PAYLOAD_MAX, b"\0") + struct.pack("<I", _END))
    return b"".join(blocks)


def read(file: bytes) -> Iterator[Tuple[int, bytes, Optional[int]]]:
    """The (address, payload, family or None) of each block for the flash.  HostError for what is no UF2 file."""
    if not file or len(file) % _BLOCK:
        raise HostError(f"no UF2 file: {len(file)} bytes are no row of blocks of {_BLOCK}")
    for start in range(0, len(file), _BLOCK):
        first, second, flags, address, size, number, _, family = _HEADER.unpack_from(file, start)
        end = struct.unpack_from("<I", file, start + _BLOCK - 4)[0]
        if (first, second, end) != (_START, _START_2, _END) or size > _PAYLOAD_MAX:
            raise HostError(f"no UF2 file: block {start // _BLOCK} has the wrong marks")
        if number != start // _BLOCK:
            raise HostError(f"a damaged UF2 file: block {start // _BLOCK} says that it is number {number}")
        if not flags & _NOT_FLASH:
            payload = file[start + _HEADER.size : start + _HEADER.size + size]
            yield address, payload, family if flags & _HAS_FAMILY else None


def families(file: bytes) -> Set[Optional[int]]:
    """The families of chips that a UF2 file is for."""
    return {family for _, _, family in read(file)}
