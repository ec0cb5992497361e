"""
A question that is answered with a text: showModal's `editable`.

While the keyboard is there the dialog lies above it; where that leaves too little room for a dialog as it otherwise is, the buttons
are beside the field.
"""

import asyncio

from kiosk import app, log
from kiosk.api import Result
from kiosk.ui.components.typing import MOST, Typing
from kiosk.ui.dialogs import shortened
from kiosk.ui.dialogs.modal import BUTTON, GAP, PADDING, Modal
from kiosk.ui.dialogs.panel import DARK, GREY, NOTHING, PRESSED, draw_text
from kiosk.ui.layers import DIALOG
from kiosk.ui.paint.text import fit

_FIELD = const(-3)  # find()
_HIGH = const(36)  # px of the field
_TIGHT = const(4)  # px around what lies above the keyboard
_INNER = const(8)  # px from the field's edge to its text
_GROUND = const(0xF2F2F2)
_ROUND = const(4)


class Entry(Modal, Typing):
    """
    As Modal, but for the content: that is the text in the field at first.  `text` is what has been typed.

    It has the keyboard (`screen.focused`) when it is shown, and again when the field is tapped.
    """

    def __init__(self, screen, title, content, placeholder, confirm, cancel):
        super().__init__(screen, title, "", confirm, cancel)
        if len(content) > MOST:
            log.warn("page", "showModal holds %d of %d characters" % (MOST, len(content)))
        self.text = content[:MOST]
        self.caret = len(self.text)
        self._screen = screen
        self._hint = shortened(placeholder)
        self._heading = fit(shortened(title), self._title_face, self.box[2] - 4 * _TIGHT) if title else None
        self._keyboard = self._blinking = None
        self._touched_x = 0
        self._arrange()

    # Where things are.

    def _arrange(self):
        """frame, and the places of the field and the buttons; _is_low: between the screen's upper edge and the keyboard."""
        _, _, full_width, room = self.box
        if self._keyboard:
            room -= self._keyboard.height
        width = min(self.frame[2], full_width)
        title = len(self._title) * self._title_face.height
        height = 2 * PADDING + title + (GAP if title else 0) + _HIGH + BUTTON
        self._is_low = height + 2 * _TIGHT > room
        if not self._is_low:
            x, y = (full_width - width) // 2, (room - height) // 2
            self.frame = (x, y, width, height)
            self.field = (x + PADDING, y + height - BUTTON - PADDING - _HIGH, width - 2 * PADDING, _HIGH)
            return
        title = self._title_face.height if self._heading else 0
        high = min(BUTTON, room - title - 2 * _TIGHT)
        height = title + high + 2 * _TIGHT
        self.frame = (0, room - height, full_width, height)
        self._places = []
        y, right = room - _TIGHT - high, full_width - _TIGHT
        for text, _ in reversed(self._buttons):
            across = self._button_face.measure(text) + 2 * _INNER
            right -= across
            self._places.insert(0, (right, y, across, high))
        self.field = (_TIGHT, y, right - 2 * _TIGHT, high)

    def place(self, button):
        """See Panel."""
        return self._places[button] if self._is_low else super().place(button)

    def find(self, x, y):
        """See Panel."""
        self._touched_x = x
        if _is_in(x, y, self.field):
            return _FIELD
        if not self._is_low:
            return super().find(x, y)
        for button in range(len(self._buttons)):
            if _is_in(x, y, self.place(button)):
                return button
        return NOTHING

    # What fingers do.

    def tapped(self, button):
        """See Panel."""
        if button == _FIELD:
            self._tap_field()
        elif button >= 0:
            self.blur()
            super().tapped(button)

    def _tap_field(self):
        if not self.is_focused:
            self.focus()
        elif not self.spelt:
            x, _, width, _ = self.field
            first, shown = self.window(self.text, self.caret, width - 2 * _INNER)
            self.edited(self.text, first + self.nearest(shown, self._touched_x - x - _INNER), None)

    def show(self, chosen):
        """See Panel; the keyboard is there, too."""
        super().show(chosen)
        self.focus()

    def close(self):
        """See Panel; with the keyboard."""
        self._let_go()
        super().close()

    # The keyboard.

    @property
    def is_focused(self):
        """bool: whether it has the keyboard."""
        return self._keyboard is not None

    def focus(self):
        """Open the keyboard."""
        screen = self._screen
        if screen.focused:
            screen.focused.leave()
        try:
            from kiosk.ui.keyboard import Keyboard

            keyboard = Keyboard(screen, "text", "done", self)
            keyboard.open(DIALOG)
        except MemoryError as exc:  # the question can be answered all the same
            log.exception("page", exc)
            return
        self._keyboard, screen.focused = keyboard, self
        self._blinking = asyncio.create_task(self.blink(screen))
        self._make_room(keyboard.height)

    def blur(self):
        """Close the keyboard; letters that are being composed are put in as they are."""
        if self.is_focused:
            self._keyboard.spell_out()
            self._let_go()
            self._make_room(0)

    def leave(self):
        """Another page is seen, or another field wants the keyboard."""
        self.blur()

    def elsewhere(self, node):
        """`node` of the page has been tapped."""

    def confirmed(self):
        """The key for "done"."""
        self.blur()

    def _let_go(self):
        keyboard, self._keyboard = self._keyboard, None
        if keyboard:
            self._screen.focused = None
            self._blinking.cancel()
            self._caret_box = None
            keyboard.close()

    def _make_room(self, height):
        """The keyboard is `height` px high now."""
        self._arrange()
        self._layers.changed(self)
        if app.current:
            app.current.events.emit("KeyboardHeightChange", Result(height=height))

    # What is typed.

    def edited(self, text, caret, key):
        """See Typing."""
        self.text, self.caret = text, caret
        self.is_caret_on = True
        self.repaint()

    def measure(self, text):
        """Px of a text in the field."""
        return self._face.measure(text)

    def repaint(self):
        """The field is out of date."""
        self._layers.changed(self, self.field)

    # Pictures.

    def _draw_head(self, surface):
        if not self._is_low:
            super()._draw_head(surface)
        elif self._heading:
            x, y, width, _ = self.frame
            line, taken = self._heading
            surface.text(x + (width - taken) // 2, y + _TIGHT, line, self._title_face, DARK)

    def _draw_content(self, surface):
        x, y, width, height = self.field
        if surface.is_hidden(*self.field):
            return
        surface.rounded_rect(x, y, width, height, _ROUND, _GROUND)
        x, width = x + _INNER, width - 2 * _INNER
        before = surface.clip(x, y, width, height)
        face = self._face
        y += (height - face.height) // 2
        text = self.text[: self.caret] + self.spelt + self.text[self.caret :]
        caret = self.caret + len(self.spelt)
        if text:
            first, shown = self.window(text, caret, width)
            self.draw_line(surface, x, y, first, shown, face, DARK, 255)
        else:
            first = 0
            surface.text(x, y, self._hint, face, GREY)
        if self.is_focused:
            self.draw_caret(surface, min(x + self.measure(text[first:caret]), x + width - 2), y, face.height)
        surface.unclip(before)

    def _draw_buttons(self, surface):
        if not self._is_low:
            super()._draw_buttons(surface)
            return
        for button, (text, color) in enumerate(self._buttons):
            place = self.place(button)
            if button == self.pressed:
                surface.rounded_rect(*place, _ROUND, PRESSED)
            draw_text(surface, text, self._button_face, *place, color)


def _is_in(x, y, place):
    left, top, width, height = place
    return left <= x < left + width and top <= y < top + height
