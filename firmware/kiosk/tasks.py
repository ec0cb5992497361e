"""
Work on behalf of the mini-program: who runs it, who hears of its failures, who ends it.

Every coroutine that a mini-program causes is spawned here, so that closing the mini-program can cancel it.  Every
function that a mini-program hands over (handler, callback, listener) is called here, so that its exceptions are
reported in one way and harm nothing else.
"""

import asyncio

_Generator = type((lambda: (yield))())  # what calling a coroutine function gives in MicroPython

_running = []  # tasks of the mini-program that have not ended
on_error = None  # hears (exception, quiet) of every handler that raised; set by the supervisor
quiet = False  # while True, the failures of what is launched are not for the mini-program: it is hearing of one already


def is_coroutine(value):
    """True for what calling an `async def` returns."""
    return isinstance(value, _Generator)


def spawn(coroutine):
    """Start a coroutine as a task of the mini-program.  It must end with finished(), as spawned coroutines here do."""
    _running.append(None)  # the place first: there may be no memory for it, and then there must be no task
    try:
        _running[-1] = asyncio.create_task(coroutine)
    except MemoryError:
        _running.pop()
        raise
    return _running[-1]


def finished():
    """Called by a spawned coroutine as the last thing it does: its task is no longer the mini-program's."""
    task = asyncio.current_task()
    if task in _running:
        _running.remove(task)


def launch(function, *args):
    """Call what a mini-program handed over: a function, or a coroutine function.  Return the Task that this becomes."""
    try:
        result = function(*args)
    except Exception as exc:  # noqa: BLE001  a supervisor: the mini-program's own errors end here
        report(exc, quiet)
        return None
    return spawn(_watched(result, quiet)) if is_coroutine(result) else None


async def _watched(coroutine, quietly):
    try:
        await coroutine
    except Exception as exc:  # noqa: BLE001  a supervisor, as in launch()
        report(exc, quietly)
    finally:
        finished()


def report(exc, quietly=False):
    """Tell of an exception that a mini-program let out."""
    if on_error:
        on_error(exc, quietly)


def running():
    """bool: whether the mini-program has tasks besides the one that asks."""
    return any(task is not asyncio.current_task() for task in _running)


async def cancel_all():
    """Cancel the mini-program's tasks and wait for each, so that its `finally` has run."""
    current = asyncio.current_task()
    while _running:
        task = _running.pop()
        if task is current:
            continue
        task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            continue
        except Exception as exc:  # noqa: BLE001  a supervisor: an error while being cancelled must not keep the others alive
            report(exc)
