"""
XML as a stream: a pull parser for what office programs write.  Touches nothing but the pieces that it is given.

    xml = Xml(pieces)                # iterable of bytes-like pieces; each is used up before the next is asked for
    while xml.next() != END_OF_XML:
        if xml.kind == START and xml.name == b"p": xml.attribute(b"val")

Holds one tag or one piece of text.  Names are told without their prefix, text only while `wants_text`.  Only UTF-8, and no DTD,
as the standard asks of office documents (ECMA-376-2, 8.2.3): so there are no entities that could grow.  KioskError (document) for
what is no XML.
"""

from kiosk.errors import KioskError

NOTHING = const(0)  # something of no interest has been passed over
START = const(1)
END = const(2)
TEXT = const(3)
END_OF_XML = const(4)
_MOST_TAG_BYTES = const(16384)
_MOST_DEPTH = const(200)
_ENTITY_BYTES = const(12)  # of the longest that is known
_ENTITIES = {b"lt": "<", b"gt": ">", b"amp": "&", b"quot": '"', b"apos": "'"}
# What runs on to its own end: how it begins and ends.
_LONG = ((b"<!--", b"-->"), (b"<![CDATA[", b"]]>"), (b"<?", b"?>"))
_CDATA = const(1)


def damaged(why):
    """KioskError: what is wrong with a document's XML."""
    return KioskError("document", "the document is damaged: " + why)


class Xml:
    """kind: of what next() has found last; name: bytes, of START and END; text: str, of TEXT; depth: of the elements that are open."""

    def __init__(self, pieces):
        self._pieces = iter(pieces)
        self._bytes = b""
        self._at = 0
        self._is_over = False  # whether all pieces have come
        self._tag = b""
        self._closes = False  # whether the tag was <name/>
        self._inside = -1  # of _LONG: what has begun and not ended
        self.kind = NOTHING
        self.name = b""
        self.text = ""
        self.depth = 0
        self.wants_text = False

    def next(self):
        """int: what comes next."""
        self.kind = kind = self._next()
        return kind

    def attribute(self, name, default=None):
        """str: an attribute of the START; `name` without its prefix, or with ":" before it: only one that has a prefix."""
        tag = self._tag
        at = tag.find(name)
        while at >= 0:
            end = at + len(name)
            while tag[end : end + 1] in (b" ", b"\n", b"\r", b"\t"):
                end += 1
            if tag[end : end + 1] == b"=" and (
                name[:1] == b":" or tag[at - 1 : at] in (b" ", b":", b"\n", b"\r", b"\t")
            ):
                return self._value(end + 1)
            at = tag.find(name, at + 1)
        return default

    def number(self, name, default=0):
        """int: an attribute, or the default for one that is missing or no whole number."""
        text = self.attribute(name)
        try:
            return int(text) if text and len(text) < 12 else default
        except ValueError:
            return default

    def is_on(self, name=b"val"):
        """bool: an attribute that says yes unless it says no, as in <b/> and <b val="0"/>."""
        return self.attribute(name) not in ("0", "false", "off", "none")

    def _value(self, at):
        tag = self._tag
        while tag[at : at + 1] in (b" ", b"\n", b"\r", b"\t"):
            at += 1
        quote = tag[at : at + 1]
        end = tag.find(quote, at + 1) if quote in (b'"', b"'") else -1
        if end < 0:
            raise damaged("an attribute has no value")
        return _text(tag[at + 1 : end])

    def _next(self):
        if self._closes:
            self._closes = False
            self.depth -= 1
            return END
        while True:
            if self._inside >= 0:
                return self._long()
            at = self._at
            start = self._bytes.find(b"<", at)
            if start < 0 or start > at:
                left = len(self._bytes) - at
                if start >= 0 or left > _ENTITY_BYTES or (self._is_over and left):
                    return self._pass(start)
            elif self._begins_long():
                continue
            else:
                end = self._tag_end(at)
                if end >= 0:
                    return self._element(at, end)
            if not self._more() and self._at == len(self._bytes):
                if self.depth:
                    raise damaged("its XML ends too early")
                return END_OF_XML

    def _more(self):
        """Another piece behind what is left; False: there is none."""
        if self._is_over:
            if self._at < len(self._bytes) and self._bytes[self._at] == 60:
                raise damaged("its XML ends too early")
            return False
        rest = self._bytes[self._at :]
        if len(rest) > _MOST_TAG_BYTES:
            raise damaged("a tag is too long")
        self._at = 0
        for piece in self._pieces:
            self._bytes = rest + bytes(piece)
            return True
        self._bytes = rest
        self._is_over = True
        return True

    def _pass(self, start):
        # Text, up to the next tag or as much as can be told by now.
        end = start if start >= 0 else len(self._bytes)
        chunk = self._bytes[self._at : end]
        if start < 0 and not self._is_over:
            end -= _unfinished(chunk)
            chunk = self._bytes[self._at : end]
        self._at = end
        if not self.depth:
            if chunk.strip(b" \r\n\t\xef\xbb\xbf"):
                raise damaged("it is no XML")
            return NOTHING
        if not self.wants_text:
            return NOTHING
        self.text = _text(chunk)
        return TEXT

    def _begins_long(self):
        at = self._at
        second = self._bytes[at + 1 : at + 2]
        if second not in (b"!", b"?", b""):
            return False
        head = self._bytes[at : at + 9]
        for number, (begin, _) in enumerate(_LONG):
            if head.startswith(begin):
                self._at += len(begin)
                self._inside = number
                return True
            if begin.startswith(head) and self._more():
                return True
        raise damaged("there is a DTD in it" if head.startswith(b"<!D") else "it is no XML")

    def _long(self):
        end_mark = _LONG[self._inside][1]
        found = self._bytes.find(end_mark, self._at)
        if found < 0:
            if self._is_over:
                raise damaged("its XML ends too early")
            end = max(len(self._bytes) - 3, self._at)  # the mark, or a character, may be cut in two
            while end > self._at and self._bytes[end] & 0xC0 == 0x80:
                end -= 1
        else:
            end = found
        chunk = self._bytes[self._at : end]
        self._at = end if found < 0 else end + len(end_mark)
        is_text = self._inside == _CDATA and self.wants_text and self.depth and chunk
        if found >= 0:
            self._inside = -1
        else:
            self._more()
        if is_text:
            self.text = _decoded(chunk)
            return TEXT
        return NOTHING

    def _tag_end(self, at):
        """Where the tag's ">" is, -1 as long as it has not come.  In a value there may be one, too."""
        end = self._bytes.find(b">", at)
        while end >= 0 and self._bytes.count(b'"', at, end) & 1:
            end = self._bytes.find(b">", end + 1)
        return end

    def _element(self, at, end):
        self._at = end + 1
        if self._bytes[at + 1] == 47:  # "/"
            self.name = _local(self._bytes[at + 2 : end].strip())
            self.depth -= 1
            if self.depth < 0:
                raise damaged("an element ends that has not begun")
            return END
        closes = self._bytes[end - 1] == 47
        tag = self._tag = self._bytes[at + 1 : end - 1 if closes else end]
        names = tag.split(None, 1)
        if not names or tag[:1].isspace():
            raise damaged("an element has no name")
        self.name = _local(names[0])
        self.depth += 1
        if self.depth > _MOST_DEPTH:
            raise damaged("too many elements in each other")
        self._closes = closes
        return START


def _local(name):
    return name[name.rfind(b":") + 1 :]


def _unfinished(chunk):
    """Bytes at the end that are not to be read yet: an entity, a character of UTF-8."""
    amp = chunk.rfind(b"&")
    if amp >= 0 and chunk.find(b";", amp) < 0 and len(chunk) - amp < _ENTITY_BYTES:
        return len(chunk) - amp
    for back in range(1, min(4, len(chunk)) + 1):
        byte = chunk[-back]
        if byte < 0x80:
            return 0
        if byte >= 0xC0:
            return back if back < (2 if byte < 0xE0 else 3 if byte < 0xF0 else 4) else 0
    return 0


def _decoded(chunk):
    try:
        return str(chunk, "utf-8")
    except UnicodeError:
        raise damaged("it is not UTF-8")


def _text(chunk):
    if b"&" not in chunk:
        return _decoded(chunk)
    parts = chunk.split(b"&")
    found = [_decoded(parts[0])]
    for part in parts[1:]:
        name, semicolon, rest = part.partition(b";")
        if not semicolon or len(name) > _ENTITY_BYTES:
            raise damaged("an entity has no end")
        found.append(_entity(name))
        found.append(_decoded(rest))
    return "".join(found)


def _entity(name):
    if name in _ENTITIES:
        return _ENTITIES[name]
    try:
        if name[:2] in (b"#x", b"#X"):
            return chr(int(name[2:], 16))
        if name[:1] == b"#":
            return chr(int(name[1:]))
    except (ValueError, OverflowError):
        raise damaged("there is no character %s" % name.decode())
    raise damaged("the entity %s is not known" % _decoded(name))


class Walker:
    """
    Something that is made of an Xml: blocks() calls start(name), text(text) and end(name) as they come.

    start() returns True for an element that is passed over with all that is in it; end() what has been made by then, an iterable of
    it or None.  skipped: names that are passed over.
    """

    skipped = ()

    def __init__(self, xml):
        self.xml = xml

    def blocks(self):
        """Generator of what is made, None in between."""
        xml = self.xml
        skip = 0  # the depth of what is passed over
        while xml.next() != END_OF_XML:
            kind = xml.kind
            if skip:
                if kind == END and xml.depth < skip:
                    skip = 0
            elif kind == START:
                if xml.name in self.skipped or self.start(xml.name):
                    skip = xml.depth
            elif kind == TEXT:
                self.text(xml.text)
            elif kind == END:
                made = self.end(xml.name)
                if made:
                    yield from made
            yield None
