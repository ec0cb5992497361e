"""The launcher's list: what is installed, however broken, and which one a finger chooses."""

import asyncio
import gc
import json
import os
import sys

sys.path.insert(0, "drivers")

from display.fake import Display

import board
from kiosk import log
from kiosk.launcher import shelf
from kiosk.launcher.choice import Choice
from kiosk.launcher.crash import Crash
from kiosk.ui.boardscreen import BoardScreen
from tests.fakes import filestore

log.level = len(log.LEVELS)  # what is broken is logged, too


class World:
    """A flash for mini-programs."""

    def __enter__(self):
        filestore.mount_in_a_file(1024)
        self._apps, board.apps_folder = board.apps_folder, filestore.MOUNT + "/apps"
        return self

    def __exit__(self, *exc):
        board.apps_folder = self._apps
        filestore.unmount()

    def add(self, appid, settings=None, app="{}"):
        """Install one; settings: a dict, or the file's text."""
        folder = board.apps_folder + "/" + appid
        for each in (board.apps_folder, folder):
            try:
                os.mkdir(each)
            except OSError:  # it is there
                continue
        for name, content in (("app.json", app), ("kiosk.json", settings)):
            if content is not None:
                with open(folder + "/" + name, "w") as file:
                    file.write(content if isinstance(content, str) else json.dumps(content))


def test_what_is_installed_is_listed_by_name():
    with World() as world:
        assert shelf.programs() == []
        world.add("b", {"name": "Alpha", "icon": "i.png"})
        world.add("a", {"name": "Beta"})
        world.add("c")
        world.add("d", None, None)  # no mini-program
        found = [(one.appid, one.name, one.icon) for one in shelf.programs()]
        assert found == [("b", "Alpha", "i.png"), ("a", "Beta", ""), ("c", "c", "")], found


def test_whatever_is_broken_is_listed_by_its_folder():
    with World() as world:
        broken = (
            "{",
            "[]",
            "5",
            '{"name": 5, "icon": {}}',
            '{"name": "  "}',
            '{"a": "%s", "name": "n"}' % ("x" * 9000),
            "\x00",
        )
        for number, text in enumerate(broken):
            world.add("p%d" % number, text)
        assert [(one.appid, one.name, one.icon) for one in shelf.programs()] == [
            ("p%d" % number, "p%d" % number, "") for number in range(len(broken))
        ]
        world.add("p0", {"name": "n" * 5000})
        assert max(len(one.name) for one in shelf.programs()) == 60


def _paint(screen):
    for _ in screen._painter.steps(screen._display, screen._items):
        pass


async def test_a_finger_chooses_and_a_list_of_many_scrolls():
    with World() as world:
        for number in range(30):
            world.add("p%02d" % number, {"name": "%02d" % number, "icon": "kiosk.json" if number else "none.png"})
        screen = BoardScreen(Display(120, 140), None)
        chosen = []
        choice = Choice(screen, shelf.programs())
        choice.show(chosen.append)
        x, y, width, height = choice.view
        assert choice.length == 30 * 50 and not any(choice._icons)  # which are no pictures, or are not there
        choice.touched("start", 20, y + 90)
        choice.touched("move", 20, y + 90 - 120)
        choice.touched("end", 20, y + 90 - 120)
        assert not chosen and choice.offset == 120
        choice.touched("start", 20, 5)  # the title
        choice.touched("end", 20, 5)
        assert not chosen
        choice.touched("start", 20, y + 10)
        choice.touched("end", 20, y + 10)
        assert chosen == ["p02"] and not screen.layers.shown
        screen.close()


async def test_the_list_of_few_has_nothing_below_them():
    with World() as world:
        world.add("a")
        screen = BoardScreen(Display(120, 140), None)
        chosen = []
        choice = Choice(screen, shelf.programs())
        choice.show(chosen.append)
        choice.touched("start", 20, 120)
        choice.touched("end", 20, 120)
        assert not chosen
        screen.close()


async def test_any_text_of_a_crash_is_shown():
    screen = BoardScreen(Display(120, 140), None)
    for why in ("", "x" * 5000, "错误\n" * 200, "\x00\n"):
        read = []
        page = Crash(screen, "n" * 500, why)
        page.show(read.append)
        _paint(screen)
        page.touched("start", 5, 5)
        page.touched("end", 5, 5)
        assert read == [None] and not screen.layers.shown
    screen.close()


async def test_choosing_leaves_nothing():
    with World() as world:
        for appid in "abc":
            world.add(appid)
        used = []
        for _ in range(12):
            screen = BoardScreen(Display(60, 60), None)
            Choice(screen, shelf.programs()).show(used.append)
            _paint(screen)
            screen.close()
            screen = None
            await asyncio.sleep_ms(2)  # what was cancelled unwinds
            gc.collect()
            used.append(gc.mem_alloc())
        assert used[11] - used[3] < 2048, used
