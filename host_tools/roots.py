"""
The bundle of trusted certificates: a file that a kiosk searches by subject and never holds as a whole.

    bytes 0..5    b"ROOTS" and the version, 1
          6..7    how many certificates
          8..39   SHA-256 of all that follows
         40..     for each one 10 bytes: the first four of the SHA-256 of its subject (a Name, DER), its offset from the
                  beginning of the file (4), its length (2); sorted
    then          the certificates, DER

Numbers are big-endian.  The same certificates make the same file, in whatever order they come.
firmware/kiosk/net/roots.py reads it.

    python3 -m host_tools.roots build/roots/kiosk/net/shipped_roots.py    certifi's, as the module that an image freezes
"""

import argparse
import hashlib
import re
import ssl
import struct
from pathlib import Path
from typing import Iterable, List

import certifi

from host_tools.errors import HostError

_HEAD = struct.Struct(">5sBH32s")
_ENTRY = struct.Struct(">4sIH")
_PEM = re.compile(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.S)
_SEQUENCE = 0x30
_LINE_BYTES = 32


def from_pem(path: Path) -> List[bytes]:
    """The certificates of a PEM file, as DER.  Raises HostError if it has none, or something that is none."""
    try:
        text = path.read_text(encoding="utf-8")
        found = [ssl.PEM_cert_to_DER_cert(block) for block in _PEM.findall(text)]
    except (OSError, ValueError) as error:
        raise HostError(f"{path}: {error}") from error
    if not found:
        raise HostError(f"{path}: no certificate in PEM in it")
    return found


def shipped() -> List[bytes]:
    """certifi's certificates, as DER."""
    return from_pem(Path(certifi.where()))


def bundle(ders: Iterable[bytes]) -> bytes:
    """The file that has these certificates, each once."""
    entries = sorted((hashlib.sha256(subject(der)).digest()[:4], der) for der in set(ders))
    offset = _HEAD.size + _ENTRY.size * len(entries)
    index = b""
    for digest, der in entries:
        index += _ENTRY.pack(digest, offset, len(der))
        offset += len(der)
    rest = index + b"".join(der for _, der in entries)
    return _HEAD.pack(b"ROOTS", 1, len(entries), hashlib.sha256(rest).digest()) + rest


def subject(der: bytes) -> bytes:
    """The subject of a certificate (DER), a Name in DER.  Raises HostError for what is no certificate (RFC 5280, 4.1)."""
    try:
        at, end = _inside(der, 0, _SEQUENCE)
        if end != len(der):
            raise ValueError("something follows it")
        at, _ = _inside(der, at, _SEQUENCE)
        if der[at] == 0xA0:  # version, which the oldest do not have
            at = _after(der, at)
        for _ in range(4):  # serialNumber, signature, issuer, validity
            at = _after(der, at)
        _inside(der, at, _SEQUENCE)
        return der[at : _after(der, at)]
    except (IndexError, ValueError) as error:
        raise HostError(f"not a certificate: {error}") from error


def _inside(der, at, tag):
    # Where the content of the element at `at` begins and ends.
    if der[at] != tag:
        raise ValueError(f"tag {der[at]:#x} at {at}, not {tag:#x}")
    end = _after(der, at)
    return at + (2 if der[at + 1] < 0x80 else 2 + (der[at + 1] & 0x7F)), end


def _after(der, at):
    length, start = der[at + 1], at + 2
    if length >= 0x80:
        count = length & 0x7F
        length = int.from_bytes(der[start : start + count], "big")
        start += count
    if start + length > len(der):
        raise ValueError(f"it ends within the element at {at}")
    return start + length


def module(data: bytes) -> str:
    """Python source of the module that an image freezes: one bytes object, which stays in ROM."""
    lines = (data[at : at + _LINE_BYTES] for at in range(0, len(data), _LINE_BYTES))
    text = "\n".join("    " + repr(line) for line in lines)
    return f'"""The trusted certificates that come with the image (host_tools/roots.py)."""\n\nDATA = (\n{text}\n)\n'


def main(argv=None) -> None:
    """Write the module with certifi's certificates."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("output", type=Path)
    output = parser.parse_args(argv).output
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(module(bundle(shipped())), encoding="ascii")


if __name__ == "__main__":
    main()
