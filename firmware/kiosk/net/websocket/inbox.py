"""
Messages that coroutine listeners are still at work on.  Touches nothing but the Tasks it is given.
"""

_HELD_BYTES_MAX = const(32768)
_ENTRY_BYTES = const(512)  # what a listener at work takes besides its message


class Inbox:
    """Received messages that somebody still works on.  full says that no more should be read, as 32 KB are held."""

    def __init__(self):
        self._held = []  # tuple of Tasks, bytes; one after the other

    def add(self, begun, data):
        """Note a message (str or bytes) and the Tasks (tuple) that work on it."""
        self._held.append(begun)
        self._held.append(len(memoryview(data)) + _ENTRY_BYTES * len(begun))

    @property
    def full(self):
        """bool: whether more than 32 KB are held; a listener that has ended holds nothing."""
        held = self._held
        size = 0
        for at in range(len(held) - 2, -1, -2):
            if all(task.done() for task in held[at]):
                del held[at : at + 2]
            else:
                size += held[at + 1]
        return size > _HELD_BYTES_MAX
