"""<navigator>: a tap leads to another page.  100 bytes of heap.  hover-class is style.py's."""

from kiosk import api, router, supervisor
from kiosk.errors import KioskError
from kiosk.ui.components.component import Base

_CALLS = {
    "navigate": ("navigateTo", lambda url: router.navigate_to(url, None)),
    "redirect": ("redirectTo", lambda url: router.redirect_to(url)),
    "switchTab": ("switchTab", lambda url: router.switch_tab(url)),
    "reLaunch": ("reLaunch", lambda url: router.relaunch(url)),
}


class Component(Base):
    """Attributes: url, open-type, delta, target.  Events: success, fail, complete (errMsg)."""

    def tapped(self, x, y):
        """Go there."""
        kind = self.node.get("open-type") or "navigate"
        if kind == "exit":
            supervisor.request_stop()
            return True
        name = _CALLS[kind][0] if kind in _CALLS else kind
        try:
            if self.node.get("target") == "miniProgram":
                raise KioskError("unsupported", "another mini-program")
            if kind == "navigateBack":
                router.navigate_back(self.number("delta", 1))
            elif kind in _CALLS:
                url = self.node.get("url")
                if not isinstance(url, str) or not url:
                    raise KioskError("parameter", "parameter.url should be String;")
                _CALLS[kind][1](url)
            else:
                raise KioskError("parameter", "no open-type %s;" % kind)
            answer = api.success(name)
        except Exception as exc:  # noqa: BLE001  as of a call of the API: a page that cannot be loaded is told of
            answer = api.failure(name, exc)
        if self.view.tree:  # the page is still there
            self.tell("fail" if ":fail" in answer["errMsg"] else "success", answer)
            self.tell("complete", answer)
        return True
