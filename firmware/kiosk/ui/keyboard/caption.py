"""What is written on the keys of the on-screen keyboard, in the kiosk's language."""

from kiosk import system
from kiosk.ui.keyboard import layouts

_CONFIRM = {
    "send": ("发送", "Send"),
    "search": ("搜索", "Search"),
    "next": ("下一项", "Next"),
    "go": ("前往", "Go"),
    "done": ("完成", "Done"),
}
_NAMES = {layouts.ERASE: "←", layouts.CLOSE: "▼", layouts.BACK: "◀", layouts.NEXT: "▶"}


def is_chinese() -> bool:
    """Whether the kiosk's language is Chinese."""
    return system.info()["language"].startswith("zh")


def confirm_label(confirm_type: str) -> str:
    """What the return key says; as for "done" if there is no such type."""
    chinese, english = _CONFIRM.get(confirm_type, _CONFIRM["done"])
    return chinese if is_chinese() else english


def caption(name: str, shift: int, is_pinyin: bool, page: int) -> str:
    """What a key says that types nothing.  shift: 0, 1 for one letter, 2 for all; page: of the signs, below 0 the letters."""
    if name == layouts.SHIFT:
        return ("↑", "▲", "▲▲")[shift]
    if name == layouts.MODE:
        return "中" if is_pinyin else "英"
    if name == layouts.SIGNS:
        return "123" if page < 0 else "%d/%d" % (page + 1, layouts.SIGN_PAGES)
    if name == layouts.LETTERS:
        return "ABC"
    return _NAMES[name]
