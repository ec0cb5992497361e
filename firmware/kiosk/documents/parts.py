"""
The parts of an office document: a zip file of XML (ECMA-376-2).  Touches the file that it is given, through kiosk/files/archive.

Nothing is unpacked but what is read, and that as a stream, so a zip bomb takes no memory; what would take for ever is refused before.
"""

import binascii
import errno
from array import array

from kiosk.documents.xml import END_OF_XML, START, Xml, damaged
from kiosk.errors import KioskError
from kiosk.files import archive

_MOST_BYTES = const(67108864)  # of a part, unpacked
_RATIO_FROM_BYTES = const(1048576)
_MOST_RATIO = const(250)  # repeated tables reach 100, a bomb 1000
_OLE = b"\xd0\xcf\x11\xe0"  # what an encrypted document is wrapped in


class Parts:
    """path: of the document.  KioskError (document): it is encrypted, or no zip file."""

    def __init__(self, path):
        self._path = path
        with open(path, "rb") as file:
            if file.read(4) == _OLE:
                raise KioskError("document", "the document is encrypted, or of another kind than it says")
        if self.find("[Content_Types].xml") is None:
            raise damaged("it is no office document")

    def _listed(self):
        with open(self._path, "rb") as file:
            try:
                yield from archive.listed(file)
            except KioskError as exc:
                raise damaged(exc.reason)

    def find(self, name):
        """int: the place of a part by its name, None if there is none."""
        for entry in self._listed():
            if entry.name == name:
                return entry.listed
        return None

    def xml(self, place):
        """Xml of the part at a place."""
        return Xml(self._pieces(place))

    def named(self, name):
        """Xml of a part by its name, None if there is none."""
        place = self.find(name)
        return None if place is None else self.xml(place)

    def _pieces(self, place):
        with open(self._path, "rb") as file:
            try:
                entry = archive.entry_at(file, place)
                archive.check(entry)
                bomb = entry.size > _RATIO_FROM_BYTES and entry.size > _MOST_RATIO * entry.packed_size
                if bomb or entry.size > _MOST_BYTES:
                    raise KioskError("document", "the document is too large unpacked: %d bytes" % entry.size)
                yield from archive.pieces(file, entry)
            except OSError as exc:
                if exc.errno != errno.EINVAL:  # which is what the decoder says of its input
                    raise
                raise damaged("it cannot be unpacked")
            except KioskError as exc:
                raise exc if exc.args[0] in ("document", "oom") else damaged(exc.reason)

    def main(self):
        """Generator, in pieces; returns the name of the part that is the document itself."""
        name = yield from self.related("", "/officeDocument")
        if name is None:
            raise damaged("it has no main part")
        return name

    def related(self, name, kind):
        """Generator, in pieces; returns the name of the first part that `name` has of a kind (the end of its type), or None."""
        xml = self.named(_relations_of(name))
        while xml and xml.next() != END_OF_XML:
            if xml.kind == START and xml.name == b"Relationship" and xml.attribute(b"Type", "").endswith(kind):
                return _joined(name, xml.attribute(b"Target", ""))
            yield
        return None

    def places(self, name, wanted):
        """Generator, in pieces; returns the places (array of int) of the parts that `name` calls by these ids, 0 for none.

        wanted: array of marks (mark()) of ids.
        """
        targets = array("I", bytes(4 * len(wanted)))
        xml = self.named(_relations_of(name))
        while xml and xml.next() != END_OF_XML:
            if xml.kind == START and xml.name == b"Relationship":
                id_mark = mark(xml.attribute(b"Id", ""))
                for number, one in enumerate(wanted):
                    if one == id_mark:
                        targets[number] = mark(_joined(name, xml.attribute(b"Target", "")))
            yield
        places = array("I", bytes(4 * len(wanted)))
        for entry in self._listed():
            name_mark = mark(entry.name)
            for number, one in enumerate(targets):
                if one == name_mark:
                    places[number] = entry.listed
            yield
        return places


def mark(text):
    """int: what stands for a name in an array, where thousands of them would not fit."""
    return binascii.crc32(text.encode())


def _relations_of(name):
    cut = name.rfind("/") + 1
    return name[:cut] + "_rels/" + name[cut:] + ".rels"


def _joined(name, target):
    """The name of the part that a relation of `name` leads to."""
    if target[:1] == "/":
        return target[1:]
    folders = name.split("/")[:-1]
    for one in target.split("/"):
        if one == "..":
            if folders:
                folders.pop()
        elif one != ".":
            folders.append(one)
    return "/".join(folders)
