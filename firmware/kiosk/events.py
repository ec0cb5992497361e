"""
The one event emitter: everything that has `onX` and `offX`.

An event is known by the part after "on": `emitter.on("Ready", listener)` is what `wx.onReady(listener)` does.
"""

from kiosk.tasks import launch


class Emitter:
    """Listeners by event, called in the order in which they came.  Holds one list for each event listened to."""

    def __init__(self):
        self._listeners = {}

    def on(self, event, listener):
        """Add a listener (function or coroutine function).  The same one twice is called once, as in WeChat.

        api.Error, as the mini-program is to see it, for what cannot be called.
        """
        if not callable(listener):
            from kiosk import api

            fault = "parameter should be Function instead of %s;" % api.type_name(listener)
            raise api.Error(api.failure("on" + event, api.errors.KioskError("parameter", fault)))
        listeners = self._listeners.setdefault(event, [])
        if listener not in listeners:
            listeners.append(listener)

    def off(self, event, listener=None):
        """Remove one listener, or all of the event's without one.  One that is not there is no error."""
        if listener is None:
            self._listeners.pop(event, None)
        elif callable(listener) and listener in self._listeners.get(event, ()):
            self._listeners[event].remove(listener)

    def emit(self, event, *args):
        """Call the listeners of `event`, and return the Tasks (tuple) that coroutine functions among them have become.

        A listener may remove itself meanwhile.
        """
        begun = ()
        for listener in tuple(self._listeners.get(event, ())):
            task = launch(listener, *args)
            if task:
                begun += (task,)
        return begun

    def clear(self):
        """Forget every listener."""
        self._listeners.clear()
