"""
Chapter "Data storage": what a mini-program keeps from one start to the next, its own only.

A value is what JSON can hold, in a file of its own (kiosk.storage): it is there when the call has succeeded, and what a
power cut leaves is the old value or the new one.

All of it happens within the call, so calls take effect in their order and what is changed after the call is not stored;
only the callbacks come later.

`encrypt` (encryption at rest) is known but not offered: with `encrypt: true` a call fails with errno 100, rather than
store in the clear what was meant to be secret.
"""

from kiosk import app
from kiosk.api import Result, api, sync_api
from kiosk.errors import KioskError

_SET = (("*key", "String", None), ("*data", "", None), ("encrypt", "Boolean", False))
_SET_SYNC = (("*key", "String", None), ("*data", "", None))
_GET = (("*key", "String", None), ("encrypt", "Boolean", False))
_KEY = (("*key", "String", None),)
_INFO = ("keys", "currentSize", "limitSize")
_KB = const(1024)


def _refuse_to_encrypt(options):
    if options["encrypt"]:
        raise KioskError("unsupported", "encrypt")


def _info():
    store = app.current.storage
    return Result(keys=store.keys(), currentSize=_kb(store.size_bytes()), limitSize=_kb(store.limit))


def _kb(size_bytes):
    return (size_bytes + _KB - 1) // _KB


@api(_SET, at_once=True)
async def setStorage(options):
    """Store `data` under `key`, in place of what was there.  At most 1 MB a key."""
    _refuse_to_encrypt(options)
    app.current.storage.set(options["key"], options["data"])


@sync_api(_SET_SYNC)
def setStorageSync(key, data):
    """Store `data` under `key`, as setStorage()."""
    app.current.storage.set(key, data)


@api(_GET, ("data",), at_once=True)
async def getStorage(options):
    """Get `data` back; fails with "data not found" when there is no such key."""
    _refuse_to_encrypt(options)
    return {"data": app.current.storage.get(options["key"])}


@sync_api(_KEY)
def getStorageSync(key):
    """Return what is stored under `key`, or "" when there is no such key."""
    try:
        return app.current.storage.get(key)
    except KioskError as exc:
        if exc.args[0] != "no data":
            raise
        return ""


@api((), _INFO, at_once=True)
async def getStorageInfo(options):
    """What is there: keys (list of str), currentSize and limitSize (KB, rounded up)."""
    return _info()


@sync_api((), _INFO)
def getStorageInfoSync():
    """Return what is there, as getStorageInfo()."""
    return _info()


@api(_KEY, at_once=True)
async def removeStorage(options):
    """Forget one key; a key that is not there is no error."""
    app.current.storage.remove(options["key"])


@sync_api(_KEY)
def removeStorageSync(key):
    """Forget one key, as removeStorage()."""
    app.current.storage.remove(key)


@api(at_once=True)
async def clearStorage(options):
    """Forget all keys."""
    app.current.storage.clear()


@sync_api()
def clearStorageSync():
    """Forget all keys, as clearStorage()."""
    app.current.storage.clear()
