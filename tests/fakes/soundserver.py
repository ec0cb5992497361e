"""What a server of sounds does: parts of files, connections that break.  Plays for httpserver.py; runs in MicroPython."""


def asked_range(lines):
    """(first, last or None): where a request wants to begin and end; None for all."""
    for line in lines:
        if line.startswith("Range: bytes="):
            first, _, last = line[13:].partition("-")
            return int(first), int(last) if last else None
    return None


async def send(connection, head, body):
    """Send a response whose Content-Length the head lacks, in pieces, as there is no memory for another copy."""
    await connection.send(head[:-2] + b"Content-Length: %d\r\n\r\n" % len(body))
    for at in range(0, len(body), 2000):
        await connection.send(body[at : at + 2000])


def head(status, *lines):
    """bytes: of a response."""
    return ("HTTP/1.1 %s\r\n" % status + "".join(line + "\r\n" for line in lines) + "\r\n").encode()


def ranged(content, cuts=(), etag='"1"'):
    """A play: a server with ranges, which cuts the connection after so many bytes of the first bodies."""
    left = list(cuts)
    content = memoryview(content)

    async def play(connection):
        while True:
            lines = await connection.request()
            if not lines:
                return
            asked = asked_range(lines)
            body, told = content, head("200 OK", "Accept-Ranges: bytes", "ETag: " + etag)
            if asked:
                first, last = asked
                body = content[first : len(content) if last is None else last + 1]
                span = "Content-Range: bytes %d-%d/%d" % (first, first + len(body) - 1, len(content))
                told = head("206 Partial", span, "ETag: " + etag)
            cut = left.pop(0) if left else None
            if cut is None:
                await send(connection, told, body)
            else:
                await connection.send(told[:-2] + b"Content-Length: %d\r\n\r\n" % len(body))
                await connection.send(body[:cut])
                return

    return play
