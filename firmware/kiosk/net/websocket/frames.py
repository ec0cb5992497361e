"""
What stands in a frame besides its data (RFC 6455, 5.2, 5.5 and 7.4).  Touches nothing but its arguments.
"""

from kiosk.net.websocket.octets import check

CONTINUATION = const(0)
TEXT = const(1)
BINARY = const(2)
CLOSE = const(8)
PING = const(9)
PONG = const(10)

NORMAL = const(1000)
GOING_AWAY = const(1001)
PROTOCOL_ERROR = const(1002)
NO_STATUS = const(1005)
ABNORMAL = const(1006)
NOT_UTF8 = const(1007)
TOO_BIG = const(1009)

REASON_BYTES_MAX = const(123)  # a control frame has 125, two of which are the code
_CONTROL_BYTES_MAX = const(125)
_RESERVED_BITS = const(0x70)
_MASKED = const(0x80)
FINAL = const(0x80)
_CODES = (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014)  # IANA's registry; not 1004 to 1006


class Refused(Exception):
    """The peer has broken the protocol, or sent what does not fit.  code (int), reason (str) as the peer is told."""

    def __init__(self, code, reason):
        super().__init__(code, reason)
        self.code = code
        self.reason = reason


def head(opcode, length, key):
    """bytes: the head of a final, masked frame with `length` bytes of data; key: 4 bytes."""
    first = bytes((FINAL | opcode,))
    if length < 126:
        return first + bytes((_MASKED | length,)) + key
    if length < 65536:
        return first + b"\xfe" + length.to_bytes(2, "big") + key
    return first + b"\xff" + length.to_bytes(8, "big") + key


def check_head(first, second, within):
    """Raise Refused for a frame's first two bytes (int) that no server may send; within (bool): inside a message."""
    opcode = first & 15
    if first & _RESERVED_BITS:
        raise Refused(PROTOCOL_ERROR, "reserved bits are set")
    if second & _MASKED:
        raise Refused(PROTOCOL_ERROR, "a server must not mask frames")
    if opcode > PONG or BINARY < opcode < CLOSE:
        raise Refused(PROTOCOL_ERROR, "unknown opcode %d" % opcode)
    if opcode >= CLOSE:
        if not first & FINAL or second > _CONTROL_BYTES_MAX:
            raise Refused(PROTOCOL_ERROR, "a control frame is fragmented or too long")
    elif within != (opcode == CONTINUATION):
        raise Refused(PROTOCOL_ERROR, "a message is within another" if within else "a continuation of no message")


def close_data(code, reason):
    """bytes: what a close frame carries; without code (int) nothing.  reason (str) is cut to what fits."""
    if code == NO_STATUS:
        return b""
    text = reason.encode()[:REASON_BYTES_MAX]
    while check(text, len(text), 0):
        text = text[:-1]
    return code.to_bytes(2, "big") + text


def parse_close(data):
    """(code, reason) of a close frame's data (bytes); raises Refused."""
    if not data:
        return NO_STATUS, ""
    code = int.from_bytes(data[:2], "big")
    if len(data) < 2 or (code not in _CODES and not 3000 <= code <= 4999):
        raise Refused(PROTOCOL_ERROR, "invalid close code")
    text = data[2:]
    if check(text, len(text), 0):
        raise Refused(NOT_UTF8, "a close reason is not UTF-8")
    return code, text.decode()
