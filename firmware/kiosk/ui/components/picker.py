"""
<picker>: a tap opens wheels from below, for a list, lists, a time or a date.  Regions are refused: a table of China's is 150 KB.

200 bytes of heap; open, those of sheet.py.  However long a range is, nothing is made of it.
"""

from kiosk import log
from kiosk.ui import expression
from kiosk.ui.components import dates
from kiosk.ui.components.control import Control

_FIELDS = {"year": 1, "month": 2, "day": 3}
_MODES = ("selector", "multiSelector", "time", "date")


class Component(Control):
    """What is chosen: `value` of the markup, then what is confirmed."""

    def __init__(self, node, view):
        self._sheet = None
        self._chosen = None
        super().__init__(node, view)

    @property
    def _mode(self):
        return self.node.get("mode") or "selector"

    def take(self, value):
        """A number, a list of numbers, a time or a date, by the mode."""
        mode = self._mode
        if mode == "selector":
            self._chosen = _index(value)
        elif mode == "multiSelector":
            self._chosen = [_index(each) for each in value] if isinstance(value, (list, tuple)) else []
        elif mode == "time":
            self._chosen = self._given_or(value, dates.clock, None)
        elif mode == "date":
            self._chosen = self._given_or(value, dates.date, None)

    def changed(self):
        """Another range while it is open: other wheels."""
        before = self._given
        super().changed()
        if self._sheet:
            self._turn_to(self._numbers() if self._given is before else self._open_numbers())

    def result(self):
        """What a form sends: as in the event "change"."""
        return self._shown(self._chosen)

    def _given_or(self, value, parse, default):
        """A time or a date; the default, and a warning, for what is none."""
        if value is None or value == "" or value is expression.undefined:
            return default
        found = parse(value)
        if found is None:
            log.warn("page", '<picker> has "%s" where a %s should be' % (expression.string(value)[:40], self._mode))
            return default
        return found

    def _shown(self, chosen):
        if self._mode == "time":
            return "" if chosen is None else "%02d:%02d" % tuple(chosen)
        if self._mode == "date":
            return (
                ""
                if chosen is None
                else "-".join(["%04d" % chosen[0]] + ["%02d" % n for n in chosen[1 : self._parts()]])
            )
        return chosen

    def _parts(self):
        return _FIELDS.get(self.node.get("fields"), 3)

    # The wheels.

    def _columns(self):
        """list of lists, one for each wheel of the mode "selector" or "multiSelector"."""
        given = self.node.get("range")
        given = given if isinstance(given, (list, tuple)) else ()
        if self._mode == "selector":
            return [given]
        return [column if isinstance(column, (list, tuple)) else () for column in given]

    def _text_in(self, column):
        key = self.node.get("range-key")

        def text(number):
            if number >= len(column):
                return ""  # the range has become shorter since
            item = column[number]
            return expression.shown(expression.member(item, key) if key and isinstance(item, dict) else item)

        return text

    def _wheels(self, numbers):
        """list of (count, text, chosen) for what `numbers` says is chosen."""
        mode = self._mode
        if mode == "time":
            return [(24, lambda hour: "%02d" % hour, numbers[0]), (60, lambda minute: "%02d" % minute, numbers[1])]
        if mode == "date":
            first, last = self._limits()
            found = [(last[0] - first[0] + 1, lambda at: "%d年" % (first[0] + at), numbers[0] - first[0])]
            if self._parts() > 1:
                found.append((12, lambda at: "%d月" % (at + 1), numbers[1] - 1))
            if self._parts() > 2:
                found.append((dates.days(numbers[0], numbers[1]), lambda at: "%d日" % (at + 1), numbers[2] - 1))
            return found
        columns = self._columns()
        return [
            (len(column), self._text_in(column), numbers[at] if at < len(numbers) else 0)
            for at, column in enumerate(columns)
        ]

    def _limits(self):
        """The first and the last time or date; the whole day or two centuries where they are not given or wrong."""
        is_date = self._mode == "date"
        parse = dates.date if is_date else dates.clock
        first, last = (dates.FIRST, dates.LAST) if is_date else ((0, 0), (23, 59))
        low = self._given_or(self.node.get("start"), parse, first)
        high = self._given_or(self.node.get("end"), parse, last)
        if high < low:
            log.warn("page", "<picker> ends before it starts")
            return first, last
        return low, high

    def _open_numbers(self):
        """What is chosen when it opens, within the limits."""
        mode = self._mode
        if mode == "selector":
            return [self._chosen]
        if mode == "multiSelector":
            return self._chosen
        first, last = self._limits()
        chosen = self._chosen or (dates.today() if mode == "date" else dates.now())
        return list(max(first, min(tuple(chosen), last)))

    def _numbers(self):
        """What the wheels say."""
        found = [wheel.at for wheel in self._sheet.wheels]
        if self._mode == "date":
            found[0] += self._limits()[0][0]
            found = [found[0]] + [number + 1 for number in found[1:]]
            found += [1] * (3 - len(found))
            found[2] = min(found[2], dates.days(found[0], found[1]))
        return found

    def _turn_to(self, numbers):
        wheels = self._wheels(numbers)
        sheet = self._sheet
        if len(wheels) != len(sheet.wheels):
            sheet.put(wheels)
        for wheel, (count, text, at) in zip(sheet.wheels, wheels):
            wheel.text = text
            wheel.set(count, at)
        sheet.changed()

    # Opening and closing.

    def tapped(self, x, y):
        """Open it."""
        screen = self.view.screen
        if self.flag("disabled") or self._sheet:
            return True
        if self._mode not in _MODES:
            log.warn("page", '<picker> has no mode "%s" on this board' % expression.string(self._mode)[:40])
            return True
        if screen.focused:
            screen.focused.leave()
        if not screen.shown or screen.shown[1] is not self.view:
            return True  # a handler of "blur" has left the page
        from kiosk.ui.components.sheet import Sheet

        sheet = Sheet(screen, expression.shown(self.node.get("header-text")), self._wheels(self._open_numbers()), self)
        sheet.open()
        self._sheet, screen.focused = sheet, self
        return True

    def _shut(self):
        sheet, self._sheet = self._sheet, None
        self.view.screen.focused = None
        sheet.close()

    def turned(self, number):
        """Of the wheels one is at another text."""
        mode = self._mode
        if mode == "multiSelector":
            self.tell("columnchange", {"column": number, "value": self._sheet.wheels[number].at})
        elif mode in ("date", "time"):
            first, last = self._limits()
            self._turn_to(list(max(first, min(tuple(self._numbers()), last))))

    def confirmed(self):
        """Take what the wheels say."""
        numbers = self._numbers()
        if self._mode == "selector":
            numbers = numbers[0]
        self._shut()
        self._chosen = numbers
        self.tell("change", {"value": self._shown(numbers)})

    def cancelled(self):
        """All is as it was."""
        self._shut()
        self.tell("cancel", {})

    def leave(self):
        """Another page is seen."""
        if self._sheet:
            self.cancelled()

    def elsewhere(self, node):
        """Never: the layer has all fingers."""

    def close(self):
        """The element is gone: nobody is told."""
        if self._sheet:
            self._shut()


def _index(value):
    """int: a number that the markup has, 0 for what is none."""
    value = expression.number(value) if isinstance(value, (str, int, float)) else 0
    return int(value) if 0 <= value < 1e9 else 0
