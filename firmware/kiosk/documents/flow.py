"""
What of a page of a document is seen: some laid out blocks, from the place of the first one on.  Touches nothing but its source.

A source has

    at(place)       (what has been laid out, the next place), or None: nothing has been read that far
    before(place)   the place of the block before, None before the first
    is_over         whether all has been read
    length          int: places that there will be, more or less

Heights are only known of what has been laid out, so where the page is scrolled to is a block and how much of it is above the edge.
"""


class Flow:
    """height: px that are seen.  seen: (place, next place, what has been laid out), the uppermost first."""

    def __init__(self, source, height):
        self._source = source
        self._height = height
        self.seen = []
        self.above = 0  # px of the first block that are above the edge
        self.fill()

    def fill(self):
        """Lay out what is missing below; bool: whether something was."""
        y = self._bottom()
        place = self.seen[-1][1] if self.seen else 0
        grown = False
        while y < self._height:
            found = self._source.at(place)
            if found is None:
                break
            laid, following = found
            self.seen.append((place, following, laid))
            place = following
            y += laid.height
            grown = True
        return grown

    def _bottom(self):
        y = -self.above
        for _, _, laid in self.seen:
            y += laid.height
        return y

    def move(self, by):
        """Move what is seen up by so many px, or down by less than 0; int: px that it has moved."""
        moved = by
        self.above += by
        self._keep_from_top()
        self.fill()
        short = self._height - self._bottom()
        if by > 0 and short > 0:  # the end has come into sight
            back = min(short, by)
            self.above -= back
            moved -= back
            self._keep_from_top()
        moved += self._trim()
        return moved

    def _keep_from_top(self):
        while self.above < 0 and self.seen:
            place = self._source.before(self.seen[0][0])
            if place is None:
                return
            laid, following = self._source.at(place)
            self.seen.insert(0, (place, following, laid))
            self.above += laid.height

    def _trim(self):
        # Nothing is above the first block, and what is out of sight goes.  Returns the px that it has been moved for the first.
        lifted = 0
        if self.above < 0:
            lifted, self.above = -self.above, 0
        while len(self.seen) > 1 and self.above >= self.seen[0][2].height:
            self.above -= self.seen.pop(0)[2].height
        y = -self.above
        for number, (_, _, laid) in enumerate(self.seen):
            if y >= self._height:
                del self.seen[number:]
                break
            y += laid.height
        return lifted

    def to_top(self):
        """Show the beginning."""
        self.seen, self.above = [], 0
        self.fill()

    def is_at_top(self):
        """bool: whether nothing is above."""
        return not self.above and (not self.seen or not self.seen[0][0])

    def span(self):
        """(first, last) place that is seen, in 1024ths of all there is."""
        if not self.seen:
            return 0, 1024
        length = max(self._source.length, self.seen[-1][1], 1)
        first, following, laid = self.seen[0]
        top = first + (following - first) * self.above // max(laid.height, 1)
        last = self.seen[-1][0]
        below = self._bottom() - self._height
        laid = self.seen[-1][2]
        last += (self.seen[-1][1] - last) * min(laid.height - max(below, 0), laid.height) // max(laid.height, 1)
        return top * 1024 // length, min(last * 1024 // length, 1024)
