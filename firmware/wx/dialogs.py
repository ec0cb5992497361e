"""Chapter "Interaction": toasts, loadings, questions and lists to choose from.  The service is kiosk/ui/dialogs."""

import sys

from kiosk.api import api
from kiosk.errors import KioskError

_ICONS = ("success", "error", "loading", "none")
_BUTTON_LETTERS = const(4)
_MOST_ITEMS = const(6)
_MOST_MS = const(100000000)  # a day and more; the board's clock of milliseconds goes round in six


@api(
    (
        ("*title", "String", None), ("icon", "String", "success"), ("image", "String", None),
        ("duration", "Number", 1500), ("mask", "Boolean", False),
    ),
    at_once=True,
)  # fmt: skip
async def showToast(options):
    """Show a text, with a mark or a picture over it, for `duration` ms, in the place of a toast or a loading that is there."""
    from kiosk.ui import dialogs

    icon, duration_ms = options["icon"], options["duration"]
    if icon not in _ICONS:
        raise KioskError("parameter", "parameter.icon should be one of %s;" % ", ".join(_ICONS))
    if not 0 <= duration_ms <= _MOST_MS:
        raise KioskError("parameter", "parameter.duration should be a time in milliseconds;")
    screen = dialogs.screen()
    from kiosk.ui.dialogs import toast

    if options["image"]:
        icon = toast.picture(options["image"])
    toast.show(screen, "toast", options["title"], icon, options["mask"], duration_ms)


@api((("noConflict", "Boolean", False),), at_once=True)
async def hideToast(options):
    """Take the toast away, or the loading; noConflict: not the loading.  Succeeds when there is nothing."""
    _hide("toast", options)


@api((("*title", "String", None), ("mask", "Boolean", False)), at_once=True)
async def showLoading(options):
    """Show a text under a mark that turns, until hideLoading(), in the place of a toast or a loading that is there."""
    from kiosk.ui import dialogs

    screen = dialogs.screen()
    from kiosk.ui.dialogs import toast

    toast.show(screen, "loading", options["title"], "loading", options["mask"])


@api((("noConflict", "Boolean", False),), at_once=True)
async def hideLoading(options):
    """Take the loading away, or the toast; noConflict: not the toast.  Succeeds when there is nothing."""
    _hide("loading", options)


def _hide(kind, options):
    toast = sys.modules.get("kiosk.ui.dialogs.toast")
    if toast:  # else none has ever been shown
        toast.hide(kind if options["noConflict"] else None)


@api(
    (
        ("title", "String", ""), ("content", "String", ""), ("showCancel", "Boolean", True), ("cancelText", "String", "取消"),
        ("cancelColor", "String", "#000000"), ("confirmText", "String", "确定"), ("confirmColor", "String", "#576B95"),
        ("editable", "Boolean", False), ("placeholderText", "String", ""),
    ),
    ("confirm", "cancel", "content"),
)  # fmt: skip
async def showModal(options):
    """
    Ask; succeeds with `confirm` and `cancel`, one of which is True, when a button has been tapped.

    editable: `content` is in a field, to be changed; when it is confirmed, `content` is what has become of it, else "".
    """
    from kiosk.ui import dialogs

    confirm, cancel = _button("confirm", options), _button("cancel", options)
    if not options["showCancel"]:
        cancel = None
    screen = dialogs.screen()
    title, content = options["title"], options["content"]
    if options["editable"]:
        from kiosk.ui.dialogs.entry import Entry

        question = Entry(screen, title, content, options["placeholderText"], confirm, cancel)
    else:
        from kiosk.ui.dialogs.modal import Modal

        question = Modal(screen, title, content, confirm, cancel)
    confirmed = await dialogs.answer(question)
    return {"confirm": confirmed, "cancel": not confirmed, "content": question.text if confirmed else ""}


def _button(name, options):
    """(text, 0xRRGGBB) of a button."""
    text = options[name + "Text"]
    if len(text) > _BUTTON_LETTERS:
        raise KioskError("dialog", "%sText length should not large then %d" % (name, _BUTTON_LETTERS))
    return text or ("确定" if name == "confirm" else "取消"), _rgb(name + "Color", options)


def _rgb(name, options):
    from kiosk.ui import colors
    from kiosk.ui.items import rgb

    try:
        return rgb(colors.color(options[name]))
    except ValueError as exc:
        raise KioskError("parameter", "parameter.%s: %s;" % (name, exc))


@api(
    (("*itemList", "Array", None), ("itemColor", "String", "#000000"), ("alertText", "String", "")),
    ("tapIndex",),
)
async def showActionSheet(options):
    """Let choose from at most six texts; succeeds with tapIndex.  Fails with "cancel" for a tap on that button or beside."""
    from kiosk.ui import dialogs

    items = options["itemList"]
    if not items:
        raise KioskError("parameter", "parameter.itemList should have at least 1 item;")
    if len(items) > _MOST_ITEMS:
        raise KioskError("parameter", "itemList should not be large than %d" % _MOST_ITEMS)
    for item in items:
        if not isinstance(item, str):
            raise KioskError("parameter", "parameter.itemList should be an Array of String;")
    color = _rgb("itemColor", options)
    screen = dialogs.screen()
    from kiosk.ui.dialogs.sheet import ActionSheet

    sheet = ActionSheet(screen, items, color, options["alertText"])
    chosen = await dialogs.answer(sheet)
    if chosen is None:
        raise KioskError("cancel")
    return {"tapIndex": chosen}
