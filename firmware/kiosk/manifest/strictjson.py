"""
Strict JSON (RFC 8259): the first place where a text breaks a rule and why, and the line on which a value stands.

MicroPython's own parser is made for what machines wrote: to it commas and colons are blanks, any bracket ends any other,
`[1 2,,` is near enough, and a fault has no place.  Here people's mistakes are found, before json.loads() sees the text.

Touches nothing but its arguments.  One pass over the bytes, no recursion: a board's C stack is 8 KB.  Lines are counted
only when one is asked for.  A \\ud83d\\ude00 is right, but json.loads() makes no one character of such a pair.
"""

import json

_DEPTH = const(32)  # containers in each other; bounds what a hostile text can make it hold
_BOM = const(b"\xef\xbb\xbf")
_HEX = const(b"0123456789abcdefABCDEF")
_WORDS = const((b"true", b"false", b"null"))
_QUOTE = const(0x22)
_COMMA = const(0x2C)
_COLON = const(0x3A)
_CLOSING_BRACKET = const(0x5D)


class JsonFault(Exception):
    """What is wrong with a text: `line` (int, from 1), `reason` (str), `path` (tuple, of a duplicate key, else empty)."""

    def __init__(self, line, reason, path):
        super().__init__("line %d: %s" % (line, reason))
        self.line = line
        self.reason = reason
        self.path = path


def loads(data):
    """The value of a JSON text in UTF-8 (bytes; a byte order mark may lead).

    Raises JsonFault for the first fault: syntax, encoding, a key that its object has already, too deep nesting.
    """
    scanner = _Scanner(data)
    start = scanner.at
    scanner.run(None)
    return json.loads(memoryview(data)[start:] if start else data)


def line_of(data, path):
    """int: the line on which the value at `path` (keys and indices) begins, in a text that loads() accepts.

    Where there is no such value, the line of the innermost part of the path that is there; at worst the whole's.
    """
    scanner = _Scanner(data)
    scanner.run(tuple(path))
    return scanner.line(scanner.found)


class _Container:
    # An object or a list that has begun and not ended.

    def __init__(self, at, end, rest):
        self.at = at
        self.end = end  # the byte that closes it
        self.rest = rest  # what is left of the wanted path here, None when the path does not lead through here
        self.key = -1  # of the member being read
        self.keys = set()


class _Scanner:
    def __init__(self, data):
        self.data = data
        self.at = self.found = len(_BOM) if data.startswith(_BOM) else 0
        self.open = []

    def run(self, rest):
        # Reads the whole text; `found` is where the value at the path `rest` begins.
        while True:
            if self._value(rest):
                rest = self._member()
                continue
            while self.open and self._ended():
                pass
            if not self.open:
                break
            rest = self._member()
        self._next()
        if self.at < len(self.data):
            self._unexpected("nothing may follow the end of the value")

    def line(self, at):
        return self.data.count(b"\n", 0, at) + 1

    def fail(self, reason, path=()):
        data = self.data
        at = self.at
        if at >= len(data):
            at = len(data.rstrip())  # the last line that is one
            if self.open:
                last = self.open[-1]
                reason = 'the file ends before the "%c" of line %d is closed' % (last.end - 2, self.line(last.at))
        raise JsonFault(self.line(at), reason, path)

    def _next(self):
        # Skips blanks; the byte that stands there, 0 at the end of the text.
        data = self.data
        at = self.at
        while at < len(data) and data[at] in b" \n\r\t":
            at += 1
        self.at = at
        return data[at] if at < len(data) else 0

    def _value(self, rest):
        # True when it is a container with something in it, which now begins.
        byte = self._next()
        if rest is not None:
            self.found = self.at
        if byte == _QUOTE:
            self._string()
        elif byte in b"{[":
            return self._begin(byte, rest)
        elif byte in b"-0123456789":
            self._number()
        else:
            self._word()
        return False

    def _begin(self, byte, rest):
        if len(self.open) == _DEPTH:
            self.fail("nested deeper than %d" % _DEPTH)
        container = _Container(self.at, byte + 2, rest)  # in ASCII a closing bracket is the opening one + 2
        self.at += 1
        if self._next() == container.end:
            self.at += 1
            return False
        self.open.append(container)
        return True

    def _ended(self):
        # After a value.  True when its container ends with it, False when a comma announces another member.
        end = self.open[-1].end
        byte = self._next()
        if byte == end:
            self.open.pop()
        elif byte != _COMMA:
            self._unexpected('expected "," or "%c"' % end)
        at = self.at
        self.at += 1
        if byte == _COMMA and self._next() == end:
            self.at = at
            self.fail('a "," must not stand before "%c"' % end)
        return byte == end

    def _member(self):
        # Goes to the value of the next member; what is left of the wanted path there.
        container = self.open[-1]
        if container.end == _CLOSING_BRACKET:
            container.key += 1
        else:
            container.key = self._key(container)
        rest = container.rest
        return rest[1:] if rest and rest[0] == container.key else None

    def _key(self, container):
        if self._next() != _QUOTE:
            self._unexpected("expected a key in double quotes")
        at = self.at
        key = self._string()
        if key in container.keys:
            self.at = at
            self.fail("duplicate key", tuple(outer.key for outer in self.open[:-1]) + (key,))
        container.keys.add(key)
        if self._next() != _COLON:
            self._unexpected('expected ":"')
        self.at += 1
        return key

    def _string(self):
        data = self.data
        start = at = self.at
        escaped = False
        at += 1
        while True:
            end = data.find(b'"', at)
            stop = data.find(b"\\", at, len(data) if end < 0 else end)
            text = self._piece(at, stop if stop >= 0 else end if end >= 0 else len(data))
            if stop < 0:
                break
            escaped = True
            at = self._escape(stop)
        if end < 0:
            self.at = start
            self.fail("the string is not closed")
        self.at = end + 1
        return json.loads(data[start : end + 1]) if escaped else text

    def _piece(self, at, end):
        # The part of a string between two escapes, or all of it.
        piece = self.data[at:end]
        if piece and min(piece) < 0x20:
            while self.data[at] >= 0x20:
                at += 1
            self.at = at
            if self.data[at] in b"\n\r":
                self.fail("the string is not closed on its line")
            self.fail("a control character in a string must be written \\u%04x" % self.data[at])
        try:
            return str(piece, "utf-8")  # as strict as the interpreter: it lets overlong forms pass
        except UnicodeError:
            self.at = at
            self.fail("not UTF-8")

    def _escape(self, at):
        # Where the text goes on after the backslash at `at`.
        kind = self.data[at + 1 : at + 2]
        digits = self.data[at + 2 : at + 6]
        if kind == b"u" and len(digits) == 4 and all(digit in _HEX for digit in digits):
            return at + 6
        if kind and kind in b'"\\/bfnrt':
            return at + 2
        self.at = at
        if kind == b"u":
            self.fail('"\\u" needs four hexadecimal digits')
        return self.fail('a "\\" in a string must be written "\\\\"')

    def _number(self):
        data = self.data
        at = self.at
        first = at + data.startswith(b"-", at)
        self._digits(first)
        if data.startswith(b"0", first) and self.at > first + 1:
            self.at = at
            self.fail("a number must not begin with 0")
        if data.startswith(b".", self.at):
            self._digits(self.at + 1)
        if data[self.at : self.at + 1].lower() == b"e":
            self._digits(self.at + 2 if data[self.at + 1 : self.at + 2] in (b"+", b"-") else self.at + 1)

    def _digits(self, at):
        self.at = at
        while self.data[self.at : self.at + 1].isdigit():
            self.at += 1
        if self.at == at:
            self._unexpected("expected a digit")

    def _word(self):
        for word in _WORDS:
            if self.data.startswith(word, self.at):
                self.at += len(word)
                return
        if self.data[self.at : self.at + 1].isalpha():
            self.fail("expected a value (the only words are true, false and null)")
        self._unexpected("expected a value")

    def _unexpected(self, reason):
        # Something else than `reason` stands here: the usual mistakes are named.
        byte = self.data[self.at] if self.at < len(self.data) else 0
        if byte in b"/#":
            self.fail("a comment, which JSON does not have")
        if byte == 0x27:
            self.fail(reason + " (a string stands in double quotes)")
        if byte >= 0x80:
            length = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            try:
                reason += ', not "%s"' % str(self.data[self.at : self.at + length], "utf-8")
            except UnicodeError:
                reason = "not UTF-8"
        self.fail(reason)
