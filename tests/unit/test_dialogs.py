"""Dialogs: what is shown, replaced and hidden, what buttons answer, what bad input says, what is given back."""

import asyncio
import gc
import io
import os
import sys

sys.path.insert(0, "drivers")

from display.fake import Display

import board
from kiosk import api, app, files, log, permissions, tasks, ui
from kiosk.ui.boardscreen import BoardScreen
from tests.fakes import filestore, keys
from wx import dialogs

WIDTH, HEIGHT = 240, 160
keys.install()


class Glass:
    """A display that keeps nothing: there is as much heap as on a board."""

    width, height = WIDTH, HEIGHT

    def begin(self, x, y, width, height):
        """Take a window."""

    write = backlight = lambda self, value: None
    end = deinit = lambda self: None


class World:
    """A mini-program with a screen and no page."""

    def __init__(self, display=None):
        self.display = display or Display(WIDTH, HEIGHT)

    def __enter__(self):
        app.current = app.MiniProgram("/", {}, {"appid": "test", "name": "Shop"}, {})
        self._idle, ui.screen = ui.screen, BoardScreen(self.display, None)
        self.layers = ui.screen.layers
        return self

    def __exit__(self, *exc):
        for close in app.current.at_close:
            close()
        sys.modules.pop("kiosk.ui.dialogs.toast", None)
        ui.screen.close()
        ui.screen = self._idle
        app.current = None

    def tap(self, x, y, to=None):
        """A finger, which may leave at another place than it came."""
        layer = self.layers.at(x, y)
        layer.touched("start", x, y)
        if to:
            layer.touched("move", *to)
        layer.touched("end", *(to or (x, y)))


async def fault(call, errno=1001):
    """What a call fails with."""
    try:
        await call
    except api.Error as exc:
        assert exc.errno == errno, (exc.errno, exc.errMsg)
        return exc.errMsg
    raise AssertionError("no failure")


async def shown(world):
    """The topmost layer, once there is one."""
    while not world.layers.shown:
        await asyncio.sleep_ms(1)
    return world.layers.shown[-1]


async def painted(world):
    """Wait until all that is out of date has been painted."""
    while ui.screen.is_painting:
        await asyncio.sleep_ms(1)


async def test_toast_and_loading_are_one_widget():
    """Rule 20."""
    with World() as world:
        dialogs.showToast(title="a", duration=100000)
        dialogs.showLoading(title="b")
        assert [layer.kind for layer in world.layers.shown] == ["loading"]
        dialogs.showToast(title="c", duration=100000)
        assert [layer.kind for layer in world.layers.shown] == ["toast"]
        dialogs.hideLoading(noConflict=True)
        assert world.layers.shown
        dialogs.hideLoading()
        assert not world.layers.shown
        dialogs.showLoading(title="d")
        dialogs.hideToast(noConflict=True)
        assert world.layers.shown
        dialogs.hideToast()
        assert not world.layers.shown


async def test_a_toast_has_its_time_and_a_loading_has_not():
    from kiosk.ui.dialogs import toast

    with World() as world:
        dialogs.showToast(title="a")
        left = toast._end_ms - __import__("time").ticks_ms()
        assert 1000 < left <= 1500 and world.layers.shown[0].icon == "success"
        dialogs.showToast(title="a", duration=1)
        while world.layers.shown:
            await asyncio.sleep_ms(1)
        dialogs.showLoading(title="a")
        assert toast._end_ms is None


async def test_only_what_turns_is_painted():
    with World() as world:
        dialogs.showLoading(title="wait")
        toast = await shown(world)
        await painted(world)
        world.display.windows.clear()
        turn = toast.turn
        while toast.turn == turn or not world.display.windows:
            await asyncio.sleep_ms(5)
        assert set(world.display.windows) == {toast.mark}


async def test_a_hundred_toasts_are_one_and_leave_nothing():
    with World(Glass()) as world:
        used = []
        for _ in range(3):
            for number in range(100):
                dialogs.showToast(title=str(number), mask=True, duration=100000)
            await asyncio.sleep_ms(5)
            assert len(world.layers.shown) == 1
            dialogs.hideToast()
            await asyncio.sleep_ms(5)
            gc.collect()
            used.append(gc.mem_alloc())
        assert used[2] - used[0] < 2048, used  # of a dialog each: twenty times as much


async def test_a_title_of_any_length_fits():
    with World(Glass()) as world:
        for title in ("", "\n\n", "x" * 20000, "错" * 5000, "\0\x7f\ufeff"):
            for icon in ("none", "success"):
                await dialogs.showToast(title=title, icon=icon)
                x, y, width, height = world.layers.shown[0].box
                assert x >= 0 and y >= 0 and x + width <= WIDTH and y + height <= HEIGHT
                await asyncio.sleep_ms(2)  # after what is painted
        for text in ("", "word " * 4000, "w" * 20000):
            asked = dialogs.showModal(title=text, content=text)
            await asyncio.sleep_ms(2)
            x, y, width, height = world.layers.shown[0].frame
            assert x >= 0 and y >= 0 and x + width <= WIDTH and y + height <= HEIGHT
            world.layers.shown[0].choose(True)
            assert (await asked).confirm


async def test_a_picture_is_shown_in_the_place_of_the_icon():
    filestore.mount_in_a_file(1024)
    board.data_folder = filestore.MOUNT + "/data"
    os.mkdir(board.data_folder)
    try:
        with World() as world:
            url, path = files.current().temporary(".bmp")
            header = b"BM" + bytes(8) + b"\x36\0\0\0\x28\0\0\0\x02\0\0\0\x01\0\0\0\x01\0\x18\0" + bytes(24)
            with open(path, "wb") as file:
                file.write(header + b"\0\0\xff\0\0\xff\0\0")
            await dialogs.showToast(title="t", icon="error", image=url)
            x, y, side, _ = world.layers.shown[0].mark
            await asyncio.sleep_ms(2)  # after what is painted
            assert world.display.pixel(x + side // 2, y + side // 2) == 0xF800  # in the middle of the square
            with open(path, "wb") as file:
                file.write(header[:20])
            assert "parameter.image" in await fault(dialogs.showToast(title="t", image=url))
            assert world.layers.shown[0].icon != "success"  # what was there stays
    finally:
        filestore.unmount()


async def test_a_mask_keeps_the_page_from_the_finger():
    with World() as world:
        dialogs.showToast(title="t")
        assert world.layers.at(1, 1) is None
        dialogs.showToast(title="t", mask=True)
        assert world.layers.at(1, 1) is world.layers.shown[0]
        world.tap(1, 1)
        assert world.layers.shown


async def test_modal_answers_with_the_button_that_the_finger_leaves():
    with World() as world:
        for options, x, confirm in (({}, 60, False), ({}, 180, True), ({"showCancel": False}, 60, True)):
            asked = dialogs.showModal(title="t", content="c", **options)
            modal = await shown(world)
            _, top, _, height = modal.frame
            world.tap(2, 2)  # beside it
            world.tap(60, top + 5)  # on it
            world.tap(60, top + height - 10, (180, top + height - 70))  # the finger leaves the button
            assert modal in world.layers.shown
            world.tap(x, top + height - 10)
            answer = await asked
            assert answer["confirm"] is confirm and answer["cancel"] is not confirm and answer["content"] == ""
            assert not world.layers.shown


async def test_a_pressed_button_is_seen():
    with World() as world:
        asked = dialogs.showModal(title="t")
        modal = await shown(world)
        left, top, width, height = modal.frame
        await painted(world)
        place = (left + 4, top + height - 20)
        before = world.display.pixel(*place)
        modal.touched("start", *place)
        await painted(world)
        assert before == 0xFFFF and world.display.pixel(*place) != before
        modal.touched("cancel", *place)
        await painted(world)
        assert world.display.pixel(*place) == before and modal in world.layers.shown
        modal.choose(False)
        await asked


async def test_button_texts_have_four_characters():
    with World() as world:
        for name in ("confirm", "cancel"):
            said = await fault(dialogs.showModal(**{name + "Text": "12345"}))
            assert said == "showModal:fail %sText length should not large then 4" % name, said
            assert "parameter.%sColor" % name in await fault(dialogs.showModal(**{name + "Color": "#12"}))
        assert not world.layers.shown
        asked = dialogs.showModal(confirmText="一二三四", cancelText="")
        modal = await shown(world)
        assert modal._buttons == (("取消", 0), ("一二三四", 0x506890)), modal._buttons  # of 565 bits
        modal.choose(True)
        await asked


async def test_long_content_scrolls_and_scrolling_is_no_tap():
    with World() as world:
        asked = dialogs.showModal(content="word " * 150)
        modal = await shown(world)
        x, y, width, height = modal.view
        assert modal.length > height
        for far, offset in ((y - 10, 10), (y - 5000, modal.length - height), (y + 9000, 0)):
            modal.offset = 0
            modal.touched("start", x + 5, y + 10)
            modal.touched("move", x + 5, far + 10)
            modal.touched("end", x + 5, far + 10)
            assert modal.offset == offset, (modal.offset, offset)
        await asyncio.sleep_ms(2)
        modal.choose(True)
        await asked


async def editable(world, **options):
    """(task, Entry, its keyboard or None) of a question with a field."""
    heard = []
    app.current.events.on("KeyboardHeightChange", lambda res: heard.append(res.height))
    asked = dialogs.showModal(editable=True, **options)
    await shown(world)
    await asyncio.sleep_ms(1)
    assert heard == [HEIGHT // 2]
    entry, keyboard = world.layers.shown
    assert world.layers.at(5, HEIGHT - 5) is keyboard and world.layers.at(5, 5) is entry
    return asked, entry, heard


async def test_what_is_typed_is_the_content():
    with World() as world:
        opened = keys.opened
        asked, entry, heard = await editable(world, title="Name", content="ab", placeholderText="yours")
        assert entry.is_focused and ui.screen.focused is entry and len(opened) == 1
        for text in "cd":
            opened[0].listener.typed(text)
        opened[0].listener.erased()
        opened[0].listener.composing("ni")
        opened[0].letters = "ni"
        assert entry.text == "abc" and entry.spelt == "ni"
        x, y, width, height = entry.place(1)
        world.tap(x + width // 2, y + height // 2)
        answer = await asked
        assert answer == {"errMsg": "showModal:ok", "confirm": True, "cancel": False, "content": "abcni"}, answer
        assert opened == [] and heard == [HEIGHT // 2, 0] and ui.screen.focused is None and not world.layers.shown


async def test_the_keyboard_covers_no_question():
    with World() as world:
        for options in (
            {"title": "t" * 100},
            {"title": ""},
            {"title": "t", "showCancel": False, "confirmText": "一二三四"},
        ):
            asked, entry, _ = await editable(world, **options)
            keyboard = keys.opened[0]
            places = [entry.frame, entry.field] + [entry.place(at) for at in range(len(entry._buttons))]
            for x, y, width, height in places:
                assert x >= 0 and x + width <= WIDTH and y >= 0 and y + height <= keyboard.box[1], places
            assert entry.field[2] > 60
            await painted(world)
            keyboard.listener.closed()
            assert not entry.is_focused and entry.frame[1] + entry.frame[3] > HEIGHT // 2
            await painted(world)
            x, y, width, height = entry.field
            world.tap(x + 5, y + 5)
            assert entry.is_focused
            keys.opened[0].listener.confirmed()
            assert not entry.is_focused
            entry.choose(False)
            assert (await asked).content == ""


async def test_a_finger_moves_the_caret_and_long_text_is_scrolled():
    with World() as world:
        asked, entry, _ = await editable(world, content="m" * 500)
        await painted(world)
        assert entry.caret == 500 and entry._first > 450
        x, y, width, height = entry.field
        world.tap(x + 10, y + 10)
        assert entry.caret == entry._first < 500
        keys.opened[0].listener.typed("!")
        entry.choose(True)
        text = (await asked).content
        assert len(text) == 501 and text[entry.caret - 1] == "!"


async def test_another_field_takes_the_keyboard_and_a_closing_screen_too():
    with World() as world:
        asked, entry, heard = await editable(world)
        ui.screen.focused.leave()
        assert keys.opened == [] and heard == [HEIGHT // 2, 0]
        entry.focus()
        entry.close()
        assert keys.opened == [] and not world.layers.shown and ui.screen.focused is None
        asked.cancel()


async def test_a_question_without_room_for_a_keyboard_is_asked():
    def full(*args):
        raise MemoryError

    with World() as world:
        module, before = sys.modules["kiosk.ui.keyboard"], log.err
        original, module.Keyboard, log.err = module.Keyboard, full, io.StringIO()
        asked = dialogs.showModal(editable=True, content="as it was")
        entry = await shown(world)
        module.Keyboard, said, log.err = original, log.err.getvalue(), before
        assert "MemoryError" in said and not entry.is_focused
        entry.tapped(1)
        assert (await asked).content == "as it was"


async def test_far_too_much_to_edit_is_cut_and_said():
    with World(Glass()) as world:
        before, log.err = log.err, io.StringIO()
        asked, entry, _ = await editable(world, content="x" * 10001, title="y" * 3000, placeholderText="z" * 3000)
        said, log.err = log.err.getvalue(), before
        assert "10000 of 10001" in said and len(entry.text) == 10000
        keys.opened[0].listener.typed("more")
        assert len(entry.text) == 10000
        entry.choose(False)
        await asked


async def test_an_action_sheet_answers_with_the_number_and_cancels():
    with World() as world:
        items = ["A", "B", "C", "D", "E", "F"]
        for y, scroll, index in ((30, 0, 0), (30, 60, 1), (HEIGHT - 60, 1000, 5)):
            asked = dialogs.showActionSheet(itemList=items)
            sheet = await shown(world)
            if scroll:
                sheet.touched("start", 50, 60)
                sheet.touched("move", 50, 60 - scroll)
                sheet.touched("end", 50, 60 - scroll)
            world.tap(50, y)
            assert (await asked).tapIndex == index
        for y in (2, HEIGHT - 10):
            asked = dialogs.showActionSheet(itemList=["A"])
            await shown(world)
            world.tap(50, y)
            assert await fault(asked, 104) == "showActionSheet:fail cancel"


async def test_an_action_sheet_has_one_to_six_texts():
    with World() as world:
        for items, part in (([], "at least 1 item"), (["A"] * 7, "itemList should not be large than 6"), (["A", None], "Array of String"), ("A", "Array instead of String")):  # fmt: skip
            assert part in await fault(dialogs.showActionSheet(itemList=items))
        assert "parameter.itemColor" in await fault(dialogs.showActionSheet(itemList=["A"], itemColor="x"))
        assert not world.layers.shown


async def test_bad_input_shows_nothing_and_hides_nothing():
    with World() as world:
        dialogs.showLoading(title="stays")
        for options in ({}, {"title": 5}, {"title": "t", "icon": "no"}, {"title": "t", "duration": -1},
                        {"title": "t", "duration": float("nan")}, {"title": "t", "duration": 1e12},
                        {"title": "t", "mask": "yes"}, {"title": "t", "image": 5}):  # fmt: skip
            await fault(dialogs.showToast(options))
        assert [layer.kind for layer in world.layers.shown] == ["loading"]


async def test_the_last_of_several_dialogs_lies_on_top():
    with World() as world:
        first = dialogs.showModal(title="first")
        bottom = await shown(world)
        second = dialogs.showActionSheet(itemList=["A"])
        await asyncio.sleep_ms(2)
        top = world.layers.shown[-1]
        assert bottom.is_covered() and not top.is_covered()
        bottom.touched("end", 0, 0)
        world.tap(50, 2)
        await fault(second, 104)
        assert not bottom.is_covered()
        bottom.choose(True)
        bottom.choose(False)  # it has been answered
        assert (await first).confirm


async def test_they_are_gone_when_the_mini_program_closes():
    with World() as world:
        heard = []
        dialogs.showModal(title="t", complete=heard.append)
        dialogs.showActionSheet(itemList=["A"], complete=heard.append)
        await asyncio.sleep_ms(2)
        assert len(world.layers.shown) == 2
        app.current.closing = True
        assert await fault(dialogs.showToast(title="t"), 104) == "showToast:fail cancel"  # in an onUnload
        await tasks.cancel_all()
        assert not world.layers.shown and not heard


async def test_a_board_without_a_screen_says_so():
    app.current = app.MiniProgram("/", {}, {"appid": "test"}, {})
    try:
        for call in (dialogs.showToast(title="t"), dialogs.showLoading(title="t"), dialogs.showModal(), dialogs.showActionSheet(itemList=["A"])):  # fmt: skip
            assert "fail not supported: this board has no screen" in await fault(call, 100)
        for call in (dialogs.hideToast(), dialogs.hideLoading()):
            assert (await call)["errMsg"].endswith(":ok")
        assert "kiosk.ui.dialogs.toast" not in sys.modules  # nor the fonts
    finally:
        app.current = None


async def test_dialogs_leave_nothing():
    with World(Glass()) as world:
        used = []
        for _ in range(3):
            for _ in range(20):
                asked = dialogs.showModal(title="t", content="word " * 50)
                (await shown(world)).choose(True)
                await asked
                await asyncio.sleep_ms(1)
            gc.collect()
            used.append(gc.mem_alloc())
        assert used[2] - used[0] < 2048, used  # of a dialog each: twenty times as much


async def test_a_permission_is_asked_for_on_the_screen():
    filestore.mount_in_a_file(1024)
    board.data_folder = filestore.MOUNT + "/data"
    os.mkdir(board.data_folder)
    permissions.POLICY_FILE = filestore.MOUNT + "/permissions.json"
    try:
        with World() as world:
            app.current.config = {"permission": {"scope.record": {"desc": "for your order"}}}
            for choice in (False, True):
                asked = asyncio.create_task(_may())
                modal = await shown(world)
                assert modal._title[0][0] == "“Shop” 申请"
                assert [line for line, _ in modal._lines] == ["使用你的麦克风", "for your order"]
                modal.choose(choice)
                assert await asked is choice and not world.layers.shown and not permissions.questions
                assert permissions.answers(app.current) == {"scope.record": choice}
                permissions.remember(app.current, "scope.record", None)
            asked = asyncio.create_task(_may())
            modal = await shown(world)
            permissions.questions[0].answer(True)  # the console is faster
            assert await asked and not world.layers.shown
            modal.choose(False)
            assert permissions.answers(app.current) == {"scope.record": True}
            permissions.remember(app.current, "scope.record", None)
            permissions.patience_ms = 1
            assert not await _may() and not world.layers.shown
            assert permissions.answers(app.current) == {}
    finally:
        permissions.patience_ms = 30000
        filestore.unmount()


async def _may():
    try:
        await permissions.require("scope.record")
        return True
    except permissions.KioskError:
        return False
