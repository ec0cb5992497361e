"""The EventChannel between a page and the one that it opened with navigateTo.  Loaded by the first that needs one."""

from kiosk.events import Emitter


class EventChannel:
    """One end of the channel between a page and the one it opened: what one end emits, the other end hears."""

    def __init__(self):
        self._listeners = Emitter()
        self._once = []
        self.other = None

    def on(self, name, listener):
        """Call `listener(data)` for each event of this name."""
        self._listeners.on(name, listener)

    def once(self, name, listener):
        """Call `listener(data)` for the next event of this name only."""
        self._listeners.on(name, listener)
        self._once.append((name, listener))

    def off(self, name, listener=None):
        """Remove one listener, or all of this name."""
        self._listeners.off(name, listener)

    def emit(self, name, *args):
        """Tell the other end."""
        if self.other:
            self.other._hear(name, args)

    def _hear(self, name, args):
        self._listeners.emit(name, *args)
        for entry in [entry for entry in self._once if entry[0] == name]:
            self._once.remove(entry)
            self._listeners.off(*entry)


def connected():
    """Two connected ends."""
    near, far = EventChannel(), EventChannel()
    near.other, far.other = far, near
    return near, far
