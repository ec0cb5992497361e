"""
Zip files: unpacking one into usr, reading single entries.  Touches what kiosk.files has resolved.

Stored and deflated entries, streamed through one buffer of 512 bytes; inflating takes a window as large as the entry, at
most 32 KB.  Nothing is written before every name has been found to be good and the sizes to fit; an entry that is longer
than it says, or whose checksum is wrong, does not get its name.
"""

import binascii
import struct

import deflate

from kiosk.errors import KioskError
from kiosk.files import content, entries, number, paths

_END_BYTES = const(22)
_COMMENT_BYTES = const(65535)
_HEAD_BYTES = const(46)  # of an entry in the directory
_LOCAL_BYTES = const(30)
_ENCRYPTED = const(1)
_STORED = const(0)
_DEFLATED = const(8)


class Entry:
    """One entry: name, size (bytes; packed_size in the zip file), and where it is; listed, next_listed: its line in the directory."""

    def __init__(self, head, name):
        self.flags, self.method = struct.unpack_from("<HH", head, 8)
        self.crc, self.packed_size, self.size = struct.unpack_from("<III", head, 16)
        self.place = struct.unpack_from("<I", head, 42)[0]
        self.name = name
        self.is_folder = name[-1:] == "/"


def unzip(files, url, target_url):
    """Unpack into a folder, which is made if need be; a file that is there gives way.  In pieces."""
    target_url = target_url.rstrip("/")
    path, file = _open(files, url)
    try:
        size = 0
        for entry in listed(file):
            files.writable(target_url + "/" + entry.name)
            check(entry)
            size += entry.size
            yield
        files.quota.check(size)
        _make(files, target_url)
        for entry in listed(file):
            name = target_url + "/" + entry.name
            if entry.is_folder:
                entries.mkdir(files, name, True)
            else:
                _make(files, name.rpartition("/")[0])
                yield from content.replace(files, name, pieces(file, entry))
    finally:
        files.held.remove(path)
        file.close()


def read_zip_entry(files, url, wanted, encoding=None):
    """Return (name, content) of entries, the content bytes or text, or the KioskError why there is none.  In pieces.

    wanted: "all", or a list of {path, encoding, position, length}.
    """
    wanted = _wanted(wanted)
    path, file = _open(files, url)
    found = []
    try:
        for entry in listed(file):
            if not entry.is_folder and (wanted is None or entry.name in wanted):
                options = {"encoding": encoding} if wanted is None else wanted.pop(entry.name)
                try:
                    found.append((entry.name, (yield from _read(file, entry, options))))
                except KioskError as exc:
                    found.append((entry.name, exc))
            yield
    finally:
        files.held.remove(path)
        file.close()
    return found + [(name, KioskError("no file", paths.shown(name))) for name in wanted or ()]


def read_compressed_file(files, url, algorithm):
    """Return the content (bytearray) of a file that has been compressed: "br" (Brotli).  In pieces.

    Needs the memory for twice the content.  KioskError: unsupported by an image without the decoder; brotli.
    """
    if algorithm != "br":
        raise KioskError("file argument", "compressionAlgorithm " + paths.shown(algorithm))
    path = files.readable(url)
    size = files.file_size(path, url)
    try:
        from brotli import Decoder
    except ImportError:
        raise KioskError("unsupported", "this image has no Brotli decoder")
    decoder = Decoder()
    data = bytearray()
    piece = memoryview(bytearray(content.PIECE))
    try:
        for packed in content.read_pieces(path, size):
            while True:
                taken, given = decoder.feed(packed, piece)
                data.extend(piece[:given])
                packed = packed[taken:]
                yield
                if given < len(piece):
                    break
    except ValueError:
        raise KioskError("brotli")
    if not decoder.finished:
        raise KioskError("brotli")
    return data


def _open(files, url):
    path = files.readable(url)
    files.file_size(path, url)
    file = open(path, "rb")
    files.held.append(path)
    return path, file


def _make(files, url):
    if files.readable(url) != files.readable(paths.SCHEME + paths.USER):
        entries.mkdir(files, url, True)


def _damaged():
    return KioskError("file io", "the zip file is damaged")


def check(entry):
    """KioskError (unsupported) for an entry that cannot be unpacked."""
    if entry.flags & _ENCRYPTED or entry.method not in (_STORED, _DEFLATED):
        raise KioskError("unsupported", "encrypted or method %d: %s" % (entry.method, paths.shown(entry.name)))


def _exactly(file, count):
    data = file.read(count)
    if len(data) != count:
        raise _damaged()
    return data


def listed(file):
    """Yield the entries that the directory lists; between two of them others may move the file's position."""
    count, place = _directory(file)
    for _ in range(count):
        entry = entry_at(file, place)
        place = entry.next_listed
        yield entry


def entry_at(file, place):
    """The Entry whose line in the directory begins at `place`."""
    file.seek(place)
    head = _exactly(file, _HEAD_BYTES)
    if head[:4] != b"PK\1\2":
        raise _damaged()
    name_bytes, extra_bytes, comment_bytes = struct.unpack_from("<HHH", head, 28)
    try:
        name = _exactly(file, name_bytes).decode()
    except UnicodeError:
        raise KioskError("file argument", "a name is not UTF-8")
    if not name:
        raise _damaged()
    entry = Entry(head, name)
    entry.listed = place
    entry.next_listed = place + _HEAD_BYTES + name_bytes + extra_bytes + comment_bytes
    return entry


def _directory(file):
    """Return number and place of the entries in the directory, from the record at the file's end."""
    size = file.seek(0, 2)
    end = size
    tail = b""
    while end > 0 and size - end < _END_BYTES + _COMMENT_BYTES:
        start = max(0, end - content.PIECE)
        file.seek(start)
        tail = file.read(end - start) + tail[: _END_BYTES - 1]
        found = tail.rfind(b"PK\5\6")
        if found >= 0 and len(tail) - found >= _END_BYTES:
            count, _, place = struct.unpack_from("<HII", tail, found + 10)
            return count, place
        end = start
    raise KioskError("file argument", "this is no zip file")


def pieces(file, entry):
    """Yield the content of an entry, all in one buffer.  KioskError (file io) when it is not what the entry says."""
    source = _source(file, entry)
    view = memoryview(bytearray(content.PIECE))
    left, crc = entry.size, 0
    while left:
        try:
            count = source.readinto(view[: min(left, content.PIECE)])
        except EOFError:
            count = 0
        if not count:
            raise _damaged()
        crc = binascii.crc32(view[:count], crc)
        left -= count
        yield view[:count]
    if crc != entry.crc:
        raise _damaged()


def _source(file, entry):
    check(entry)
    file.seek(entry.place)
    head = _exactly(file, _LOCAL_BYTES)
    if head[:4] != b"PK\3\4":
        raise _damaged()
    file.seek(entry.place + _LOCAL_BYTES + sum(struct.unpack_from("<HH", head, 26)))
    if entry.method == _STORED:
        return file
    bits = 8
    while bits < 15 and 1 << bits < entry.size:
        bits += 1
    return deflate.DeflateIO(file, deflate.RAW, bits)


def _wanted(wanted):
    if wanted == "all":
        return None
    if not isinstance(wanted, (list, tuple)):
        raise KioskError("file argument", "entries")
    for one in wanted:
        if not isinstance(one, dict) or not isinstance(one.get("path"), str):
            raise KioskError("file argument", "entries")
    return {one["path"]: one for one in wanted}


def _read(file, entry, options):
    encoding = options.get("encoding")
    if encoding is not None:
        from kiosk.files import encoding as encodings

        encodings.check(encoding)
    data = bytearray(entry.size)
    done = 0
    for piece in pieces(file, entry):
        data[done : done + len(piece)] = piece
        done += len(piece)
        yield
    start = number(options.get("position") or 0)
    length = options.get("length")
    if start or length is not None:
        data = data[start:] if length is None else data[start : start + number(length, 1)]
    return data if encoding is None else encodings.decode(data, encoding)
