"""What every component is.  A subclass fills in what its tag does; what it leaves out is that of a plain box."""


class Base:
    """
    node: the element; view: pages.View of the page that it is on.

    One is made before the element's children and its style; asking for those is for later.
    """

    def __init__(self, node, view):
        self.node = node
        self.view = view

    # Layout, in 1/64 px.

    def widths(self):
        """(least, most) width of what is in the box, or None: that of its children."""

    def height(self, width):
        """Height of what is in a box that is `width` wide, where the style has none; or None: that of its children."""

    # Painting.

    def draw(self, surface, place, look, opacity):
        """
        Paint what is in the box, over its background and below its children.

        place: (x, y, width, height) of the box with its edges in px of the screen; look: items.Look; opacity: 0 to 255.
        The surface is clipped to what is seen of the box.
        """

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

    def close(self):
        """The element is gone; nothing of the above is called any more."""
