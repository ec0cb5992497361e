"""kiosk.documents: XML as a stream, what is made of it, how a page of it moves.  Real documents: tests/system/documents."""

import binascii
import gc
import os
import struct

from kiosk.documents import blocks, figures, xml
from kiosk.documents.flow import Flow
from kiosk.documents.layout import Lines, lay
from kiosk.errors import KioskError

try:
    from kiosk.documents.docx import Docx
    from kiosk.documents.parts import Parts
    from kiosk.documents.pptx import Pptx
    from kiosk.documents.txt import Txt
    from kiosk.documents.xlsx import Xlsx
finally:
    from tests.fakes import filestore

_TYPES = ("[Content_Types].xml", "<Types/>")
_RELS = '<Relationships><Relationship Id="%s" Type="x/%s" Target="%s"/></Relationships>'


def _events(*pieces):
    """[(kind, name or text)] of an XML that comes in these pieces."""
    parser = xml.Xml(pieces)
    parser.wants_text = True
    found = []
    for _ in range(10000):
        kind = parser.next()
        if kind in (xml.START, xml.END):
            found.append((kind, parser.name.decode()))
        elif kind == xml.TEXT:
            if found and found[-1][0] == xml.TEXT:
                found[-1] = (kind, found[-1][1] + parser.text)
            else:
                found.append((kind, parser.text))
        elif kind == xml.END_OF_XML:
            return found
    raise AssertionError("it does not end")


def _fails(part, function, *args):
    try:
        found = function(*args)
    except KioskError as exc:
        assert part in exc.reason, exc.reason
        return
    raise AssertionError(found)


_GOOD = (
    '\ufeff<?xml version="1.0" encoding="UTF-8"?><!-- a <b> --><w:doc xmlns:w="u"\n a = \'1\' r:id="x&gt;y" id="2>1">'
    "t&amp;&#228;&#x4f60;<![CDATA[<&>]]>é你😀<w:e/></w:doc>\n"
).encode()


def test_xml_in_pieces_of_any_size():
    wanted = [
        (xml.START, "doc"), (xml.TEXT, "t&ä你<&>é你😀"), (xml.START, "e"), (xml.END, "e"), (xml.END, "doc"),
    ]  # fmt: skip
    for size in (1, 2, 3, 5, 7, 11, 64, 1000):
        found = _events(*[_GOOD[at : at + size] for at in range(0, len(_GOOD), size)])
        assert found == wanted, (size, found)


def test_attributes():
    parser = xml.Xml([_GOOD])
    while parser.next() != xml.START:
        assert parser.kind != xml.END_OF_XML
    assert parser.attribute(b"a") == "1" and parser.attribute(b":id") == "x>y" and parser.attribute(b"none") is None
    assert parser.number(b"a") == 1 and parser.number(b"id", 7) == 7 and parser.is_on(b"none") and parser.is_on(b"a")


def test_what_is_no_xml():
    for text, part in (
        (b"text", "no XML"), (b"<a>", "too early"), (b"<a", "too early"), (b"</a>", "not begun"), (b"<a></a></a>", "not begun"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "DTD"), (b"<a>&b;</a>", "not known"), (b"<a>&b</a>", "no end"),
        (b"<a>\xff</a>", "UTF-8"), (b"<a>&#xffffffffff;</a>", ""), (b"<>", "no name"), (b"< a>", "no name"), (b"<!-- ", "too early"),
        (b"<a>" * 300, "in each other"), (b"<a " + b"b" * 20000, "too long"), (b"<a><![CDATA[x", "too early"), (b"<!x>", "no XML"),
    ):  # fmt: skip
        _fails(part, _events, text)
        _fails(part, _events, *[text[at : at + 1] for at in range(len(text))] if len(text) < 400 else [text])


def test_figures():
    for text, code, shown in (
        ("3.1415926535897931", "", "3.1415926536"), ("1E-05", "", "0.00001"), ("0.1", "", "0.1"), ("100", "", "100"),
        ("-1234567.891", "#,##0.00", "-1,234,567.89"), ("0.256", "0%", "26%"), ("0.2565", "0.0%", "25.7%"), ("12", '"EUR "0.0', "EUR 12.0"),
        ("1.5", "[$¥-804]#,##0.00", "¥1.50"), ("5", '0" kg"', "5 kg"), ("1e300", "", "1E+300"), ("abc", "0", "abc"), ("0", "0.00", "0.00"),
        ("45351", "yyyy-mm-dd", "2024-02-29"), ("1", "yyyy-mm-dd", "1900-01-01"), ("59", "yyyy-mm-dd", "1900-02-28"), ("61", "d/m/yyyy", "1900-03-01"),
        ("45351.75", "yyyy-mm-dd h:mm", "2024-02-29 18:00"), ("0.5", "h:mm:ss", "12:00:00"), ("99999999", "yyyy", "99999999"), ("", "0", ""),
        ("1e999999999", "0", "1e999999999"), ("9" * 50, "0", "9" * 50), ("0.99999999999", "0.00", "1.00"),
    ):  # fmt: skip
        assert figures.written(text, code) == shown, (text, code, figures.written(text, code))
    assert figures.written("0", "yyyy-mm-dd", True) == "1904-01-01"
    assert figures.built_in(14) == "yyyy-mm-dd" and figures.built_in(0) == "" and figures.built_in(31) == "yyyy-mm-dd"


def _zip(path, parts, method=0, size=None, flags=0):
    """A zip file of stored entries (name, text)."""
    body = directory = b""
    for name, text in parts:
        name, data = name.encode(), text if isinstance(text, bytes) else text.encode()
        rest = struct.pack("<HHHHHIII", 20, flags, method, 0, 0, binascii.crc32(data), len(data), size or len(data))
        rest += struct.pack("<HH", len(name), 0)
        directory += b"PK\1\2\x14\0" + rest + struct.pack("<HHHII", 0, 0, 0, 0, len(body)) + name
        body += b"PK\3\4" + rest + name + data
    count = len(parts)
    with open(path, "wb") as file:
        file.write(
            body + directory + b"PK\5\6\0\0\0\0" + struct.pack("<HHIIH", count, count, len(directory), len(body), 0)
        )


class _Folder:
    """Somewhere to put files."""

    def __enter__(self):
        filestore.mount_in_a_file(1024)
        self._count = 0
        return self

    def __exit__(self, *exc):
        filestore.unmount()

    def path(self):
        """That of a new file."""
        self._count += 1
        return filestore.MOUNT + "/%d" % self._count

    def office(self, main, text, *others):
        """The Parts of a document."""
        path = self.path()
        _zip(path, (_TYPES, ("_rels/.rels", _RELS % ("r", "officeDocument", main)), (main, text)) + others)
        return Parts(path)


def _read(reader, number=0):
    for _ in reader.prepare():
        pass
    return [bytes(block) for block in reader.read(number) if block is not None]


def _texts(found):
    return [block[5 + block[4] :].decode() for block in found if block[0] == blocks.PARAGRAPH]


def test_word():
    text = (
        '<d><p><pPr><pStyle val="H"/></pPr><r><t>Head</t></r></p><p><r><rPr><b/></rPr><t>bo</t></r><r><rPr><b val="0"/></rPr><t>ld</t></r>'
        "<r><rPr><vanish/></rPr><t>hidden</t></r><del><r><t>gone</t></r></del><r><br/><t>x</t></r></p>"
        "<p><r><t>" + "word " * 400 + "</t></r></p></d>"
    )
    styles = '<s><style type="paragraph" styleId="B"><name val="heading 2"/></style><style type="paragraph" styleId="H"><name val="Mine"/><basedOn val="B"/></style></s>'
    with _Folder() as folder:
        rels = ("_rels/d.xml.rels", _RELS % ("s", "styles", "styles.xml"))
        found = _read(Docx(folder.office("d.xml", text, rels, ("styles.xml", styles))))
        assert found[0][1] == 2 and _texts(found)[:2] == ["Head", "\x01bo\x02ld\nx"]
        assert (
            "".join(_texts(found)[2:]) == "word " * 400
            and len(found) > 4
            and [block[3] for block in found[2:4]] == [1, 0]
        )
        assert _texts(_read(Docx(folder.office("d.xml", "<d><p/></d>")))) == [""]


def test_a_sheet():
    book = (
        '<b><sheet name="One" r:id="r1"/><sheet name="No" state="hidden" r:id="r2"/><sheet name="Lost" r:id="r9"/></b>'
    )
    rels = '<R><Relationship Id="r1" Type="x/worksheet" Target="/one.xml"/></R>'
    sheet = '<s><row r="2"><c r="B2" t="inlineStr"><is><t>in</t><rPh><t>no</t></rPh></is></c><c t="b"><v>1</v></c><c r="ZZZZZZZ1"><v>1</v></c><c r="E2" t="s"><v>9</v></c></row><row r="30"/></s>'
    with _Folder() as folder:
        reader = Xlsx(folder.office("w/b.xml", book, ("w/_rels/b.xml.rels", rels), ("one.xml", sheet)), folder.path)
        rows = [lay(block, 320) for block in _read(reader)]
        assert [row.number for row in rows] == [1, 2] + list(range(10, 31))
        assert rows[1].cells == [(1, 0, "in"), (2, 0, "TRUE"), (4, 0, "")] and reader.count == 2
        _fails("sheet is missing", reader.read, 1)


def test_texts_that_cells_share():
    book = '<b><sheet name="One" r:id="r1"/></b>'
    rels = '<R><Relationship Id="r1" Type="x/worksheet" Target="one.xml"/><Relationship Id="r2" Type="x/sharedStrings" Target="s.xml"/></R>'
    texts = (
        "<s>"
        + "".join(["<si><t>a%d</t><r><t>é</t></r><rPh><t>no</t></rPh></si>" % number for number in range(70)])
        + "</s>"
    )
    cells = "".join(['<c t="s"><v>%s</v></c>' % number for number in ("69", "0", "33", "70", "-1", "x")])
    with _Folder() as folder:
        before = os.listdir(filestore.MOUNT)
        parts = ("_rels/b.xml.rels", rels), ("s.xml", texts), ("one.xml", "<s><row>" + cells + "</row></s>")
        reader = Xlsx(folder.office("b.xml", book, *parts), folder.path)
        found = lay(_read(reader)[0], 320).cells
        assert [text for _, _, text in found] == ["a69é", "a0é", "a33é", "", "", ""], found
        reader.close()
        assert len(os.listdir(filestore.MOUNT)) == len(before) + 1  # the document itself


def test_a_slide():
    text = (
        '<s><sp><ph type="ctrTitle"/><txBody><p><r><t>T</t></r></p></txBody></sp><sp><ph type="sldNum"/><txBody><p><r><t>7</t></r></p></txBody></sp>'
        '<sp><ph idx="1"/><txBody><p><pPr lvl="1"/><r><rPr b="1"/><t>x</t></r></p></txBody></sp></s>'
    )
    with _Folder() as folder:
        rels = ("p/_rels/p.xml.rels", '<R><Relationship Id="a" Target="s/1.xml"/></R>')
        show = folder.office("p/p.xml", '<p><sldId id="1" r:id="a"/></p>', rels, ("p/s/1.xml", text))
        found = _read(Pptx(show))
        assert _texts(found) == ["T", "\x01x"] and found[0][1] == 1 and found[1][2] == 4
        _fails("no slide", _read, Pptx(folder.office("p.xml", "<p/>")))


def test_texts_in_all_encodings():
    text = "Grüße 你好，世界。😀\r\nzweite\n" * 60
    plain = text.replace("\r\n", "\n").split("\n")[:-1]
    codes = []
    for character in text:
        code = ord(character)
        codes += [code] if code < 65536 else [0xD800 | code - 65536 >> 10, 0xDC00 | code & 1023]
    with _Folder() as folder:
        for data in (
            text.encode(), b"\xef\xbb\xbf" + text.encode(), b"\xff\xfe" + b"".join([struct.pack("<H", code) for code in codes]),
            b"\xfe\xff" + b"".join([struct.pack(">H", code) for code in codes]),
        ):  # fmt: skip
            path = folder.path()
            with open(path, "wb") as file:
                file.write(data)
            found = _texts(_read(Txt(path)))
            assert found == plain, (
                data[:4],
                [pair for pair in zip(found, plain) if pair[0] != pair[1]][:2],
                len(found),
            )
        path = folder.path()
        with open(path, "wb") as file:
            file.write(b"\xc4\xe3\xba\xc3\xa3\xac \xff\xd8\xa1" + b"\x81\x30x\x81\n" * 2 + b"\xc4")
        assert _texts(_read(Txt(path))) == ["你好， \ufffd\ufffd\ufffdx\ufffd", "\ufffdx\ufffd", "\ufffd"]
        with open(path, "wb") as file:
            file.write("你".encode() * 1700)
        assert "".join(_texts(_read(Txt(path)))) == "你" * 1700


def test_hostile_packages():
    with _Folder() as folder:
        path = folder.path()
        for data, part in (
            (b"", "no zip"), (b"PK" * 400, "no zip"), (b"\xd0\xcf\x11\xe0" + bytes(600), "encrypted"),
        ):  # fmt: skip
            with open(path, "wb") as file:
                file.write(data)
            _fails(part, Parts, path)
        _zip(path, (("a", "b"),))
        _fails("no office document", Parts, path)
        _zip(path, (_TYPES, ("_rels/.rels", "<R/>")))
        _fails("no main part", _read, Docx(Parts(path)))
        main = ("_rels/.rels", _RELS % ("r", "officeDocument", "d.xml"))
        _zip(path, (_TYPES, main))
        _fails("main part is missing", _read, Docx(Parts(path)))
        _zip(path, (_TYPES, main, ("d.xml", "<d/>")), flags=1)
        _fails("encrypted", _read, Docx(Parts(path)))
        for size, method in ((1 << 30, 8), (3 << 20, 8), (1 << 30, 0)):  # bombs, by what they say
            _zip(path, (_TYPES, main), method=method, size=size)
            _fails("too large unpacked", _read, Docx(Parts(path)))
        _zip(path, (_TYPES, main), method=8)
        _fails("damaged", _read, Docx(Parts(path)))


class _Numbers:
    """A source of so many blocks, each as high as its number says."""

    is_over = True

    def __init__(self, heights):
        self.heights = heights
        self.length = len(heights)

    def at(self, place):
        """See flow.py."""
        return (self, place + 1) if 0 <= place < len(self.heights) and not self._note(place) else None

    def _note(self, place):
        self.height = self.heights[place]

    def before(self, place):
        """See flow.py."""
        return place - 1 if place > 0 else None


class _Steps(_Numbers):
    def at(self, place):
        """See flow.py."""
        return (_Step(self.heights[place]), place + 1) if 0 <= place < len(self.heights) else None


class _Step:
    def __init__(self, height):
        self.height = height


def test_a_flow_goes_down_and_up_and_stops_at_both_ends():
    heights = [10, 35, 7, 90, 3, 3, 3, 60, 22]
    flow = Flow(_Steps(heights), 50)
    at = 0
    far = sum(heights) - 50
    for by in (5, 1, 40, 100, 7, 1000, -3, -60, -1000, 30, 93, -93, -30, 200, -1, 1, 1, -500):
        wanted = max(0, min(at + by, far))
        assert flow.move(by) == wanted - at, (at, by)
        at = wanted
        place, y = 0, 0
        while y + heights[place] <= at:
            y += heights[place]
            place += 1
        assert (flow.seen[0][0], flow.above) == (place, at - y), (at, flow.seen[0][0], flow.above)
        assert sum([laid.height for _, _, laid in flow.seen]) - flow.above >= 50
        assert len(flow.seen) < 2 or sum([laid.height for _, _, laid in flow.seen[:-1]]) - flow.above < 50
        first, last = flow.span()
        assert 0 <= first <= last <= 1024, (at, first, last)
    short = Flow(_Steps([20, 10]), 50)
    assert short.move(30) == 0 and short.move(-30) == 0 and short.above == 0 and len(short.seen) == 2
    empty = Flow(_Steps([]), 50)
    assert empty.move(5) == 0 and not empty.seen and empty.span() == (0, 1024)


def test_lines_break_where_they_may_and_keep_what_is_bold():
    text = "one two \x01three four\x02 five\nsix"
    lines = Lines(text, 16, 90)
    shown = {}
    for line, _, part, bold in lines._segments:
        shown.setdefault(line, []).append((part, bold))
    joined = [" ".join([part for part, _ in shown[line]]) for line in sorted(shown)]
    assert " ".join(joined).replace("  ", " ").split() == ["one", "two", "three", "four", "five", "six"]
    assert [part for parts in shown.values() for part, bold in parts if bold] == ["three four"] or any(
        bold and part.startswith("three") for parts in shown.values() for part, bold in parts
    )
    assert shown[max(shown)] == [("six", False)]
    from kiosk.ui.paint import font

    for _, x, part, bold in lines._segments:
        assert x + font.face(16, bold).measure(part) <= 90
    assert len(Lines("x" * 500, 16, 30)._segments) > 100 and Lines("", 16, 30).height > 0
    assert Lines("\x01\x02" * 250 + "a", 16, 300)._segments == [(0, 0, "a", False)]


def test_blocks_are_found_in_both_directions():
    with _Folder() as folder:
        path = folder.path()
        store = blocks.Blocks(path)
        wanted = []
        for number in range(40):
            wanted.append(bytes(blocks.paragraph("x" * (number * 13))))
            store.append(wanted[-1])
            assert store.at(0)[0] == wanted[0]
        place, found = 0, []
        while store.at(place):
            block, place = store.at(place)
            found.append(bytes(block))
        assert found == wanted
        while place:
            place = store.before(place)
            assert bytes(store.at(place)[0]) == found.pop()
        assert store.before(0) is None and not found
        store.close()
        assert path.rpartition("/")[2] not in os.listdir(filestore.MOUNT)


def test_a_long_text_takes_no_memory():
    with _Folder() as folder:
        path = folder.path()
        with open(path, "w") as file:
            for number in range(4000):
                file.write("line %d of many\n" % number)
        count = most = 0
        gc.collect()
        before = gc.mem_alloc()
        for block in Txt(path).read(0):
            if block is not None:
                count += 1
                if count % 500 == 0:
                    gc.collect()
                    most = max(most, gc.mem_alloc() - before)
        assert count == 4000 and most < 8192, most


def test_blocks_of_any_content_can_be_laid_out():
    for block in (
        blocks.paragraph("", 7), blocks.paragraph("\n\n", 3, 20, "99."), blocks.row([(255, "你" * 900)]), blocks.row([(4, "x\ny")] * 63),
        blocks.row([(255, "a")] * 200), blocks.grid(1 << 20, [(200, True, "z" * 900)]), blocks.grid(0, [(1, False, "t" * 200)] * 255),
    ):  # fmt: skip
        assert len(block) <= 2100
        assert lay(bytes(block), 240).height > 0
    assert blocks.cut("aé你", 2) == b"a" and blocks.cut("aé你", 3) == "aé".encode()
    assert "".join([part[5:].decode() for part in blocks.split("字" * 1700)]) == "字" * 1700
    assert blocks.clean("a\x01\x02\tb\x00") == "a    b"
