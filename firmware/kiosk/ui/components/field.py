"""
What <input> and <textarea> have in common: text, a caret, the keyboard while a field has the focus.

One field of the screen has it (`screen.focused`).  The keyboard is there from focus() to blur() and is imported then.
"""

import asyncio

from kiosk import app, log
from kiosk.api import Result
from kiosk.tasks import is_coroutine
from kiosk.ui import boxes, declarations, expression
from kiosk.ui.components.control import Control
from kiosk.ui.components.typing import MOST, Typing
from kiosk.ui.event import dispatch
from kiosk.ui.node import Node, pixels

_LENGTH = const(140)  # WeChat's maxlength
_GREY = const(0xFF8410)  # 808080
_BLACK = const(0xFF0000)


class _Asked:
    """A page that keeps what its functions return, for dispatch()."""

    def __init__(self, page, answers):
        self._page = page
        self._answers = answers

    def __getattr__(self, name):
        found = getattr(self._page, name)
        if not callable(found):
            return found

        def asked(*args):
            answer = found(*args)
            if not is_coroutine(answer):
                self._answers.append(answer)
                return None
            return answer

        return asked


class Field(Control, Typing):
    """A control that is typed into."""

    default_confirm = "done"

    def __init__(self, node, view):
        self._keyboard = None
        self._tasks = []
        self._shift = 0  # px that the page has moved up
        self._placeholder = self._placed_for = None
        self._wants = None
        super().__init__(node, view)

    # What the markup says.

    def read(self):
        """The rest of the attributes."""
        most = int(self.number("maxlength", _LENGTH))
        self.most = MOST if most < 0 else min(most, MOST)
        wants = self.flag("focus") or (self._wants is None and self.flag("auto-focus"))
        if wants != self._wants:
            self._wants, was = wants, self._wants
            if wants:
                self._begin(self._focus_when_shown())
            elif was:
                self.blur()

    def take(self, value):
        """The text; the caret stays, as far as there is text."""
        text = self._fitting("" if value is None or value is expression.undefined else expression.string(value))
        if text != self.text:
            self.text, at = text, self.caret
            self.caret = min(at, len(text)) if self.is_focused else len(text)
            self.text_changed()

    def result(self):
        """str: the text."""
        return self.text

    def reset(self):
        """The text of the markup."""
        self.spelt = ""
        super().reset()

    def text_changed(self):
        """The text is another."""

    def caret_moved(self):
        """The caret is somewhere else."""

    def _fitting(self, text):
        most = self.most
        if len(text) > most:
            if most == MOST:
                log.warn("page", "<%s> holds %d of %d characters" % (self.node.tag, most, len(text)))
            text = text[:most]
        return text

    # The focus.

    @property
    def is_focused(self):
        """bool: whether it has the keyboard."""
        return self._keyboard is not None

    def _begin(self, coroutine):
        self._tasks = [task for task in self._tasks if not task.done()]
        self._tasks.append(asyncio.create_task(coroutine))

    async def _focus_when_shown(self):
        await asyncio.sleep_ms(0)  # the page is being made
        if self._wants:
            self.focus()

    def focus(self):
        """Open the keyboard for it, if its page is the one that is seen."""
        screen = self.view.screen
        if self.is_focused or self.flag("disabled") or not screen.shown or screen.shown[1] is not self.view:
            return
        if screen.focused:
            screen.focused.leave()
        try:
            from kiosk.ui.keyboard import Keyboard

            keyboard = Keyboard(screen, self.keys(), self.node.get("confirm-type") or self.default_confirm, self)
            keyboard.open()
        except MemoryError as exc:  # the page goes on without it
            log.exception("page", exc)
            return
        self._keyboard, screen.focused = keyboard, self
        at = self.number("selection-end", self.number("cursor", -1))
        self.caret = min(int(at), len(self.text)) if at >= 0 else len(self.text)
        self.caret_moved()
        self._move_up()
        self._begin(self.blink(screen))
        self.repaint()
        self.tell("focus", {"value": self.text, "height": keyboard.height})
        self._tell_height(keyboard.height)

    def keys(self):
        """str: which keyboard."""
        return "text"

    def blur(self):
        """Close the keyboard, if it is open for this field, and tell the page."""
        if self.is_focused:
            self._keyboard.spell_out()
        if self.is_focused:  # the page has been told of the letters, and may have closed it
            self._let_go()
            self.repaint()
            self.tell("blur", {"value": self.text, "cursor": self.caret})
            self._tell_height(0)

    def _let_go(self):
        keyboard, self._keyboard = self._keyboard, None
        self.view.screen.focused = None
        self.spelt = ""
        self._caret_box = None
        keyboard.close()
        if self._shift:
            self.view.top += self._shift
            self._shift = 0
            if self.view.tree:
                self.view.repaint([self.view.tree.root])
        self._cancel()

    def _cancel(self):
        for task in self._tasks:
            if task is not asyncio.current_task():
                task.cancel()
        self._tasks = []

    def close(self):
        """The element is gone: nobody is told."""
        self._wants = False
        if self.is_focused:
            self._let_go()
        self._cancel()

    def leave(self):
        """Another page is seen, or another element has the focus."""
        self.blur()

    def elsewhere(self, node):
        """`node` has been tapped."""
        if node is not self.node and not self.flag("hold-keyboard"):
            self.blur()

    def _tell_height(self, height):
        if self.view.tree:
            self.tell("keyboardheightchange", {"height": height, "duration": 0})
        if app.current:
            app.current.events.emit("KeyboardHeightChange", Result(height=height))

    def _move_up(self):
        """The page, so far that the field is above the keyboard."""
        view = self.view
        if self.flag("adjust-position") or self.node.get("adjust-position") is None:
            _, top, _, height = pixels(self.node)
            over = view.top + top + height + self._spacing() - (view.screen.height - self._keyboard.height)
            shift = min(over, max(0, view.top + top))
            if shift > 0:
                self._shift = shift
                view.top -= shift
                view.repaint([view.tree.root])

    def _spacing(self):
        """Px between the field and the keyboard: a number, or a text with px or rpx behind it."""
        value = self.node.get("cursor-spacing")
        if isinstance(value, str) and value.endswith("px"):
            try:
                found = declarations.length(value)
                if found != "auto" and found & 7 < 2:
                    return max(0, (found >> 9) * self.view.screen.width // 750 if found & 7 else found >> 9)
            except ValueError as exc:
                log.warn("page", "cursor-spacing: %s" % exc)
            return 0
        return int(max(0, self.number("cursor-spacing", 0)))

    # What is seen.

    def placeholder(self):
        """(str, color as styles have it): what is seen where there is no text."""
        node = self._placeholder
        given = (self.node.get("placeholder-style") or "", self.node.get("placeholder-class") or "")
        if node is None or node.style.parent is not self.node.style or self._placed_for != given:
            node = self._placeholder = Node(self.node, ("placeholder", (), (), (), (), 0))
            self._placed_for = given
            node.values = {"style": given[0], "class": given[1]}  # a style of its own: not kept for others
            self.view.layout.styled(node)
        color = node.style.values.get("color", _BLACK)
        if color == self.node.style.values.get("color", _BLACK):
            color = _GREY
        return expression.shown(self.node.get("placeholder")), color

    def measure(self, text):
        """Px of a text in the field's font."""
        return self.view.screen.measure(text, boxes.font_of(self.node.style.values))

    def inner(self, place=None):
        """(x, y, width, height) of the place for text; place: the box, by default in px of the page."""
        left, top, width, height = place or pixels(self.node)
        edges = [edge >> 6 for edge in boxes.edges(self.node.style.values, self.node.w)]
        return (
            left + edges[3],
            top + edges[0],
            max(0, width - edges[1] - edges[3]),
            max(0, height - edges[0] - edges[2]),
        )

    def put_caret(self, at):
        """The caret is before character number `at` now."""
        self.caret = max(0, min(at, len(self.text)))
        self.is_caret_on = True
        self.caret_moved()
        self.repaint()

    # What the keyboard says.

    def confirmed(self):
        """The key for "done"."""
        self.tell("confirm", {"value": self.text})
        if not self.flag("confirm-hold"):
            self.blur()

    def edited(self, text, caret, key):
        """The text is another: tell the page, whose answer takes its place."""
        self.text, self.caret = text, caret
        self.is_caret_on = True
        self.text_changed()
        self.repaint()
        answers = []
        dispatch(_Asked(self.view.page, answers), self.node, "input", Result(value=text, cursor=caret, keyCode=key))
        for answer in answers:
            cursor = None
            if isinstance(answer, dict):
                answer, cursor = answer.get("value"), answer.get("cursor")
            if isinstance(answer, str) and self.view.tree:
                self.text = self._fitting(answer)
                is_number = isinstance(cursor, int) and not isinstance(cursor, bool)
                self.caret = max(0, min(cursor if is_number else len(self.text), len(self.text)))
                self.text_changed()
                self.repaint()
