"""Forgetting modules, those whose import has ended halfway included."""

import sys

from kiosk import loader


def test_a_module_that_its_package_never_heard_of_is_forgotten():
    __import__("kiosk.files.sweep")
    package = sys.modules["kiosk.files"]
    delattr(package, "sweep")  # as after a MemoryError in the last step of the import
    loader.forget("kiosk.files.sweep")
    assert "kiosk.files.sweep" not in sys.modules
    loader.forget("kiosk.files")
    assert "kiosk.files" not in sys.modules and "files" not in sys.modules["kiosk"].__dict__


def test_a_chapter_that_its_package_never_heard_of_answers():
    import wx

    assert callable(wx.canIUse)
    delattr(wx, "base")
    assert wx.canIUse("getStorage") and callable(wx.canIUse)
