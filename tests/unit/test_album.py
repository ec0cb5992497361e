"""kiosk.album without its pages: what is in it, in which order; saving into it, and what keeps that from being done."""

import asyncio
import os

import board
from kiosk import album, errors, permissions
from kiosk.album import saving, shelf, thumbs
from kiosk.errors import KioskError
from kiosk.files import content, tree
from tests.fakes import emulator
from tests.fakes.filestore import MOUNT, USR, put
from tests.unit.test_wx_image import Flash, jpeg

FOLDER = MOUNT + "/album"


class Album(Flash):
    """A mini-program on a flash with an album, and leave to save into it unless told otherwise."""

    def __init__(self, size_kb=1024, allow=("scope.writePhotosAlbum",)):
        super().__init__(size_kb)
        self._allow = allow

    async def __aenter__(self):
        await super().__aenter__()
        board.album_folder = FOLDER
        if self._allow is not None:
            self.program.settings["allow"] = self._allow
        return self

    async def __aexit__(self, *exc):
        del board.album_folder
        await super().__aexit__(*exc)

    def usr(self, name, data):
        """URL of a file of the mini-program's own."""
        put(self.files.readable(USR + name), data)
        return USR + name


def names(endings=shelf.PICTURES):
    """All of a kind, as a Shelf gives them."""
    found = shelf.Shelf(endings)
    return [found.name(place) for place in range(found.count)]


async def fails(row, url, is_video=False):
    """save() fails with a row of the error table."""
    try:
        await saving.save(url, is_video)
    except KioskError as exc:
        assert exc.args[0] == row, exc
        return exc
    raise AssertionError("saved")


async def test_an_album_that_is_not_there_is_empty():
    async with Album():
        assert names() == [] and shelf.next_name(".jpg") == "kiosk-000001.jpg"
        assert list(thumbs.tidy()) == []


async def test_the_newest_is_first_and_only_what_is_named_so_counts():
    async with Album():
        tree.make(FOLDER + "/folder.jpg")
        for name in (
            "kiosk-000009.jpg",
            "kiosk-000010.PNG",
            "a.jpeg",
            "b.webp",
            "kiosk-12.jpg",
            "c.txt",
            "none",
            ".hidden.jpg",
        ):
            put(FOLDER + "/" + name, b"x")
        put(FOLDER + "/kiosk-000011.avi", b"x")
        found = names()
        assert found[:2] == ["kiosk-000010.PNG", "kiosk-000009.jpg"]
        assert sorted(found[2:]) == ["a.jpeg", "b.webp", "kiosk-12.jpg"]
        assert names(shelf.VIDEOS) == ["kiosk-000011.avi"]
        assert shelf.next_name(".bmp") == "kiosk-000012.bmp"


async def test_of_many_only_some_are_held_wherever_one_looks():
    async with Album():
        tree.make(FOLDER)
        many = 130
        for number in range(many):
            put("%s/kiosk-%06d.jpg" % (FOLDER, number), b"")
        found = shelf.Shelf(shelf.PICTURES)
        wanted = ["kiosk-%06d.jpg" % number for number in range(many - 1, -1, -1)]
        assert found.count == many
        for places in (range(many), range(many - 1, -1, -1), (0, 129, 60, 61, 3)):
            for place in places:
                assert found.name(place) == wanted[place], place
                assert len(found._keys) <= 40
        for name in wanted[100:]:
            os.remove(FOLDER + "/" + name)
        assert found.name(99) == wanted[99] and found.name(129) is None


async def test_a_picture_is_copied_as_it_is():
    async with Album() as flash:
        data = jpeg()
        for number, (name, body, suffix) in enumerate(
            (
                ("a.txt", data, ".jpg"),
                ("b", b"GIF89a\x05\0\x04\0\0\0\0,\0\0\0\0\x05\0\x04\0\0", ".gif"),
                ("c.png", data, ".jpg"),
            )
        ):
            await saving.save(flash.usr(name, body), False)
            path = "%s/kiosk-%06d%s" % (FOLDER, number + 1, suffix)
            with open(path, "rb") as file:
                assert file.read() == body
        assert flash.files.held == [] and len(os.listdir(FOLDER)) == 3


async def test_two_at_once_have_names_of_their_own():
    async with Album() as flash:
        url = flash.usr("a.jpg", jpeg(200, 100))
        await asyncio.gather(*[saving.save(url, False) for _ in range(3)])
        assert sorted(os.listdir(FOLDER)) == ["kiosk-00000%d.jpg" % number for number in (1, 2, 3)]


async def test_what_is_none_is_refused_before_anybody_is_asked():
    async with Album(allow=()) as flash:
        text = flash.usr("a.jpg", b"no picture")
        assert "no picture" in (await fails("image", text)).reason
        assert "AVI" in (await fails("video", text, True)).reason
        await fails("video", flash.usr("b.avi", b"RIFF\x10\0\0\0AVI nothing"), True)
        await fails("image", flash.usr("c.tif", b"II*\0\x08\0\0\0\0\0\0\0"))
        await fails("image file", USR + "none.jpg")
        await fails("file permission", "http://example.com/a.jpg")
        await fails("file permission", USR + "../a.jpg")
        await fails("is a folder", USR + "")
        await fails("denied", flash.usr("d.jpg", jpeg()))
        assert tree.look(FOLDER) is None


async def test_one_is_asked_once_and_the_answer_is_kept():
    async with Album(allow=None) as flash:
        url = flash.usr("a.jpg", jpeg())

        async def answer(allowed):
            while not permissions.questions:
                await asyncio.sleep_ms(1)
            assert permissions.questions[0].scope == "scope.writePhotosAlbum"
            permissions.questions[0].answer(allowed)

        board_display, board.display = board.display, None  # the console is asked
        try:
            task = asyncio.create_task(answer(False))
            exc = await fails("denied", url)
            await task
            assert exc.errno == 103
            await fails("denied", url)  # nobody is asked again
            permissions.remember(flash.program, "scope.writePhotosAlbum", True)
            await saving.save(url, False)
        finally:
            board.display = board_display
        assert os.listdir(FOLDER) == ["kiosk-000001.jpg"]


async def test_what_goes_while_one_is_asked_is_not_there():
    async with Album(allow=None) as flash:
        url = flash.usr("a.jpg", jpeg())
        board_display, board.display = board.display, None
        try:
            task = asyncio.create_task(fails("no file", url))
            while not permissions.questions:
                await asyncio.sleep_ms(1)
            os.remove(flash.files.readable(url))
            permissions.questions[0].answer(True)
            await task
        finally:
            board.display = board_display
        assert tree.look(FOLDER) is None


async def test_a_full_flash_leaves_nothing_half():
    emulator.only("fills the flash")
    async with Album(size_kb=256) as flash:
        url = flash.usr("a.jpg", jpeg(400, 200))
        with open(MOUNT + "/fill", "wb") as file:
            for _ in range(os.statvfs(MOUNT)[3] - 6):
                file.write(bytes(4096))
        error = await fails("no space", url)
        assert error.errno == 1300202 and (tree.look(FOLDER) is None or os.listdir(FOLDER) == [])
        os.remove(MOUNT + "/fill")
        # Full only when some of it has been written: what there is goes.
        write, written = content.read_pieces, []

        def until_full(path, size):
            for piece in write(path, size):
                written.append(len(piece))
                if len(written) == 4:
                    raise OSError(28)
                yield piece

        content.read_pieces = until_full
        try:
            await fails_with_errno(url)
        finally:
            content.read_pieces = write
        assert os.listdir(FOLDER) == [] and flash.files.held == [] and saving._under_way == 0
        await saving.save(url, False)


async def fails_with_errno(url):
    """save() fails for want of room, as the API says it."""
    try:
        await saving.save(url, False)
    except (KioskError, OSError) as exc:
        assert errors.from_exception(exc).errno == 1300202
        return
    raise AssertionError("saved")


async def test_one_that_is_cancelled_and_what_a_power_cut_left_are_gone():
    async with Album() as flash:
        tree.make(FOLDER)
        put(FOLDER + "/.part7", b"left")
        url = flash.usr("a.jpg", jpeg(300, 200))
        task = asyncio.create_task(saving.save(url, False))
        while not any(name.startswith(".part") and name != ".part7" for name in os.listdir(FOLDER)):
            await asyncio.sleep_ms(0)
        task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            pass
        assert os.listdir(FOLDER) == [] and flash.files.held == []


async def test_small_pictures_are_kept_until_their_picture_changes():
    async with Album():
        tree.make(FOLDER)
        put(FOLDER + "/a.jpg", jpeg(100, 80))
        path = thumbs.path_of("a.jpg")
        assert not thumbs.is_there(path)
        await thumbs.make("a.jpg", path)
        assert os.stat(path)[6] == 8 + 2 * thumbs.SIDE * thumbs.SIDE
        for _ in thumbs.tidy():
            pass
        assert thumbs.is_there(path)
        put(FOLDER + "/a.jpg", jpeg(60, 80))
        assert thumbs.path_of("a.jpg") != path
        for _ in thumbs.tidy():
            pass
        assert not thumbs.is_there(path) and names() == ["a.jpg"]


async def test_of_what_is_no_picture_there_is_no_small_one_and_it_survives():
    async with Album():
        tree.make(FOLDER)
        whole = jpeg(100, 80)
        for name, data in (
            ("a.jpg", b"text"),
            ("b.png", b"\x89PNG\r\n\x1a\n" + bytes(40)),
            ("c.jpg", whole[: len(whole) // 3]),
            ("d.avi", whole),
        ):
            put(FOLDER + "/" + name, data)
            path = thumbs.path_of(name)
            try:
                await thumbs.make(name, path)
            except (ValueError, KioskError, OSError):
                assert os.listdir(FOLDER + "/.thumbs") == [], name
            else:
                raise AssertionError(name)
            with open(FOLDER + "/" + name, "rb") as file:
                assert file.read() == data


async def test_its_modules_go_with_the_last_who_holds_them():
    import sys

    with album.Holding():
        with album.Holding():
            import kiosk.album.shelf  # noqa: F401
        assert "kiosk.album.shelf" in sys.modules
    assert not [name for name in sys.modules if name.startswith("kiosk.album")]
