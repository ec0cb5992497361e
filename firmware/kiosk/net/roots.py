"""
The trusted certificates, found by their subject when a server's chain asks for one: between look-ups none is held.

They are in a bundle (the file that host_tools/roots.py describes): `kiosk.net.shipped_roots`, a module of the image whose bytes
are ROM, or `roots.bin` in the folder `board.ca_folder`, which supersedes it.  Files *.der in the folder add to either.

Reads that folder and writes nothing; calls kiosk.log.  What prepare() finds damaged it warns of and passes over.  Raises
KioskError "tls" for a file that cannot be read any more.
"""

import hashlib
import os
import struct

import board
from kiosk import log
from kiosk.errors import KioskError

_HEAD_BYTES = const(40)
_HEAD_START = b"ROOTS\x01"
_ENTRY = ">4sIH"  # part of the subject's hash, offset, length
_ENTRY_BYTES = const(10)
_HASH_BYTES = const(4)
_BUNDLE = "roots.bin"
_BLOCK_BYTES = const(512)
_DER_BYTES_MAX = const(8192)  # of a single certificate; what is longer is cut and no certificate

_folder = None
_shipped = None  # memoryview: the image's bundle
_head = None  # bytes: of the folder's bundle, if that was found good
_singles = ()  # (hash of the subject, name of the file), of the *.der files


def prepare():
    """bool: whether there is any trusted certificate.  Looks through the folder; to be called before find().

    find() runs in the middle of a handshake, deep in the C stack: what can be done before is done here.
    """
    global _folder, _shipped, _head, _singles
    _shipped = _shipped_bundle()
    _folder = getattr(board, "ca_folder", None)
    names = _names()
    _head = _checked_head() if _BUNDLE in names else None
    singles = []
    for name in names:
        if name.endswith(".der"):
            subject = _subject(name)
            if subject:
                singles.append((_hash(subject), name))
    _singles = tuple(singles)
    return bool(_head or _singles or _shipped)


def forget():
    """Give back what prepare() has learned."""
    global _shipped, _head, _singles
    _shipped = _head = None
    _singles = ()


def find(issuer):
    """list of bytes-like: the certificates (DER) whose subject may be `issuer` (bytes: a Name, DER)."""
    wanted = _hash(issuer)
    found = []
    try:
        for subject, name in _singles:
            if subject == wanted:
                with open(_folder + "/" + name, "rb") as file:
                    found.append(file.read(_DER_BYTES_MAX))
        if (not _head or not _search_folder(wanted, found)) and _shipped:
            _search(lambda at, count: _shipped[at : at + count], wanted, found)
    except OSError as exc:
        raise KioskError("tls", "the trusted certificates cannot be read (%s)" % exc)
    return found


def _search_folder(wanted, found):
    # bool: whether the folder's bundle still is the one that was checked.
    with open(_folder + "/" + _BUNDLE, "rb") as file:
        if file.read(_HEAD_BYTES) != _head:
            log.warn("trust", "%s has changed: it counts again after the mini-program has closed", _BUNDLE)
            return False
        _search(_reader(file), wanted, found)
        return True


def _hash(subject):
    return hashlib.sha256(subject).digest()[:_HASH_BYTES]


def _reader(file):
    def read(at, count):
        file.seek(at)
        return file.read(count)

    return read


def _search(read, wanted, found):
    # Adds to `found` what the bundle that read(offset, count) reads has for a hash.
    count = struct.unpack(">H", read(len(_HEAD_START), 2))[0]
    low, high = 0, count
    while low < high:  # to the first entry that is not below
        middle = (low + high) // 2
        if bytes(read(_HEAD_BYTES + middle * _ENTRY_BYTES, _HASH_BYTES)) < wanted:
            low = middle + 1
        else:
            high = middle
    while low < count:
        subject, offset, length = struct.unpack(_ENTRY, read(_HEAD_BYTES + low * _ENTRY_BYTES, _ENTRY_BYTES))
        if subject != wanted:
            break
        found.append(read(offset, length))
        low += 1


def _shipped_bundle():
    try:
        from kiosk.net.shipped_roots import DATA
    except ImportError:  # a board may have none in its image
        return None
    return memoryview(DATA)


def _names():
    try:
        return sorted(os.listdir(_folder)) if _folder else ()
    except OSError:
        return ()


def _checked_head():
    # The head of the folder's bundle, None when it is damaged: cut off, for example, while it was copied.
    digest = hashlib.sha256()
    block = bytearray(_BLOCK_BYTES)
    view = memoryview(block)
    try:
        with open(_folder + "/" + _BUNDLE, "rb") as file:
            head = file.read(_HEAD_BYTES)
            count = file.readinto(block)
            while count:
                digest.update(view[:count])
                count = file.readinto(block)
        if head.startswith(_HEAD_START) and head.endswith(digest.digest()):
            return head
        fault = "damaged"
    except OSError as exc:
        fault = "not to be read (%s)" % exc
    log.warn("trust", "%s is %s: the image's own certificates count instead", _BUNDLE, fault)
    return None


def _subject(name):
    from tlspeer import subject

    try:
        with open(_folder + "/" + name, "rb") as file:
            return subject(file.read(_DER_BYTES_MAX))
    except (OSError, ValueError) as exc:
        log.warn("trust", "%s is passed over: %s", name, exc)
        return None
