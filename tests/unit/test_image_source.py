"""kiosk.ui.images.source: files of the package and the mini-program's own, and what comes from a server."""

import os

from kiosk.errors import KioskError
from kiosk.ui.images.source import open_source
from tests.fakes.filestore import USR
from tests.fakes.httpserver import ok, replies
from tests.fakes.shop import Shop, noise


async def _fails(src, errno):
    try:
        await open_source(src)
    except KioskError as exc:
        assert exc.errno == errno, (src, exc.errno, exc.reason)
        return
    raise AssertionError(src)


async def test_a_path_or_an_address():
    body = noise(5001)
    async with Shop(replies(ok(body), ok(b"gone", status="404 Not Found"))) as net:
        file = await open_source(net.url + "/photo.png")
        assert file.read() == body
        file.close()
        await _fails(net.url + "/missing.png", 10002)
        assert len(net.temporary()) == 1  # a failure leaves none
        for src, errno in (
            ("no.png", 1300002),
            (USR + "no.png", 1300002),
            ("", 1300022),
            (7, 1300022),
            ("ftp://x/y", 1300013),
        ):
            await _fails(src, errno)
        path = net.files.readable(USR + "own.png")
        os.rename(net.files.readable("wxfile://tmp/" + net.temporary()[0]), path)
        file = await open_source(USR + "own.png")
        assert file.read() == body
        file.close()
