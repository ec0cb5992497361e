"""Chapter "Base, application": how the mini-program was started, what it hears of itself, and how it ends."""

from kiosk import app, supervisor
from kiosk.api import api, sync_api


@sync_api((), ("path", "query", "scene", "referrerInfo"))
def getLaunchOptionsSync():
    """The options of App.onLaunch: path (str), query (dict), scene (int), referrerInfo (dict)."""
    return app.current.launch_options


@sync_api((), ("path", "query", "scene", "referrerInfo"))
def getEnterOptionsSync():
    """The options of the last App.onShow.  A kiosk is entered by launching, so these are the launch options."""
    return app.current.launch_options


@api()
async def exitMiniProgram(options):
    """Close the mini-program.  `success` is called before it is gone."""
    supervisor.request_stop()


def onError(listener):
    """`listener(error)`: error is the text of an exception, with its traceback, that a handler let out."""
    app.current.events.on("Error", listener)


def offError(listener=None):
    """Undo onError()."""
    app.current.events.off("Error", listener)


def onUnhandledRejection(listener):
    """`listener(res)`: res.reason is the result of a failed call that nobody awaited, res.promise the awaitable."""
    app.current.events.on("UnhandledRejection", listener)


def offUnhandledRejection(listener=None):
    """Undo onUnhandledRejection()."""
    app.current.events.off("UnhandledRejection", listener)


def onAppShow(listener):
    """`listener(options)`: the mini-program has come to the front."""
    app.current.events.on("AppShow", listener)


def offAppShow(listener=None):
    """Undo onAppShow()."""
    app.current.events.off("AppShow", listener)


def onAppHide(listener):
    """`listener(res)`: the mini-program has gone into the background."""
    app.current.events.on("AppHide", listener)


def offAppHide(listener=None):
    """Undo onAppHide()."""
    app.current.events.off("AppHide", listener)
