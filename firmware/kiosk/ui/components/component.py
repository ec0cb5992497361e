"""What every component is.  A subclass fills in what its tag does; what it leaves out is that of a plain box."""

from kiosk.api import Result
from kiosk.ui import colors, declarations, expression
from kiosk.ui.event import dispatch


class Base:
    """
    node: the element; view: pages.View of the page that it is on.

    One is made before the element's children and its style; asking for those is for later.
    is_deaf: bool, whether neither it nor what it is in hears of a tap on it; draws_over: whether there is a draw_over().
    """

    is_deaf = draws_over = False

    def __init__(self, node, view):
        self.node = node
        self.view = view

    # What the element says.

    def flag(self, name, default=False):
        """bool: an attribute that is on or off; the text "false" is on, as in WeChat."""
        return expression.true(self.node.get(name, default))

    def number(self, name, default, low=-1e9, high=1e9):
        """An attribute that is a number, from `low` to `high`; `default` where it is none."""
        value = self.node.get(name)
        value = default if value is None or value == "" else expression.number(value)
        return default if value != value else max(low, min(value, high))

    def length(self, name, default=0):
        """An attribute that is a length, in 1/64 px: a number is px, a text has px or rpx behind it."""
        value = self.node.get(name)
        if not isinstance(value, str):
            return int(self.number(name, default / 64) * 64)
        try:
            value = declarations.length(value if value[-1:].isalpha() else value + "px")
            if value == "auto" or value & 7 > 1:
                return default
            return (value >> 3) * self.view.screen.width // 750 if value & 7 else value >> 3
        except ValueError:
            return default

    def color(self, name, default):
        """An attribute that is a color, as styles have them; `default`, one of those, where it is none."""
        value = self.node.get(name)
        try:
            return colors.color(value) if isinstance(value, str) and value else default
        except ValueError:
            return default

    def tell(self, name, detail=None):
        """An event of the component's own.  Handlers run at once: not for draw() and lay_out()."""
        dispatch(self.view.page, self.node, name, detail if isinstance(detail, Result) else Result(detail or {}))

    def is_shown(self):
        """bool: whether its page is the visible one."""
        shown = self.view.screen.shown
        return shown is not None and shown[1] is self.view

    # Layout, in 1/64 px.

    def widths(self):
        """(least, most) width of what is in the box, or None: that of its children."""

    def height(self, width):
        """Height of what is in a box that is `width` wide, where the style has none; or None: that of its children."""

    def lay_out(self, edges, width, height):
        """
        Lay out what is in a box of width x height, without its edges (top, right, bottom, left); height None: not known.

        Height of it, or None: that of its children, which the layout lays out.
        """
        return self.height(width)

    # Painting.

    def draw(self, surface, place, look, opacity):
        """
        Paint what is in the box, over its background and below its children.

        place: (x, y, width, height) of the box with its edges in px of the screen; look: items.Look; opacity: 0 to 255.
        The surface is clipped to what is seen of the box.
        """

    def draw_over(self, surface, place, look, opacity):
        """Like draw(), but over its children; only if `draws_over`."""

    def repaint(self):
        """What draw() paints is another."""
        self.view.repaint([self.node])

    # What happens to it.

    def changed(self):
        """setData has changed attributes of the element, other than class, style, id and hidden; it will be painted again."""

    def tapped(self, x, y):
        """
        A finger has tapped it or what is in it, at (x, y) in px of the page; the page has been told of the tap.

        bool: whether that is all; else the components around it are asked, too.
        """
        return False

    def drags(self, is_down, x, y):
        """bool: whether it takes the finger that came down at (x, y) and begins to move up or down (is_down) or sideways."""
        return False

    def dragged(self, x, y):
        """The finger that it took is at (x, y) in px of the page."""

    def dropped(self, x, y):
        """The finger that it took is gone from (x, y)."""

    def scrolled(self, old, width, height):
        """What is in it has been scrolled from `old`, (left, top), to node.scroll; width, height: of all that is in it, in px."""

    def hidden(self):
        """Another page is shown now."""

    def close(self):
        """The element is gone; nothing of the above is called any more."""
