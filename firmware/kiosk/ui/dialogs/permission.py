"""The question whether a mini-program may do something, in WeChat's words."""

from kiosk import app, log
from kiosk.errors import KioskError
from kiosk.ui import dialogs

_WORDS = (
    ("scope.userInfo", "获取你的昵称、头像"), ("scope.userLocation", "获取你的位置信息"),
    ("scope.userFuzzyLocation", "获取你的模糊位置信息"), ("scope.address", "获取你的通讯地址"),
    ("scope.invoiceTitle", "获取你的发票抬头"), ("scope.invoice", "获取你的发票"), ("scope.werun", "获取你的运动步数"),
    ("scope.record", "使用你的麦克风"), ("scope.writePhotosAlbum", "保存图片或视频到你的相册"), ("scope.camera", "使用你的摄像头"),
    ("scope.bluetooth", "使用你的蓝牙"), ("scope.addPhoneContact", "添加到你的联系人"), ("scope.addPhoneCalendar", "添加到你的日历"),
)  # fmt: skip


def ask(question):
    """Show a permissions.Question; its answer() is called by a tap.  What is shown, to be closed; None: nobody can see it."""
    try:
        screen = dialogs.screen()
    except KioskError as exc:  # the console is asked all the same
        log.debug("permissions", "%s", exc.reason)
        return None
    from kiosk.ui.dialogs.modal import CONFIRM_COLOR, Modal

    shown = Modal(screen, _title(), _content(question.scope), ("允许", CONFIRM_COLOR), ("拒绝", 0))
    shown.show(question.answer)
    return shown


def _title():
    settings = app.current.settings
    return "“%s” 申请" % settings.get("name", settings["appid"])


def _content(scope):
    words = scope
    for name, text in _WORDS:
        if name == scope:
            words = text
    why = app.current.config.get("permission", {}).get(scope, {}).get("desc", "")
    return words + "\n" + why if why else words
