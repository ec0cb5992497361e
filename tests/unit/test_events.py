"""The emitter behind every onX and offX."""

from kiosk import api, tasks
from kiosk.events import Emitter


def test_listeners_are_called_in_order_with_the_event():
    emitter, seen = Emitter(), []
    emitter.on("Ready", lambda res: seen.append(("first", res)))
    emitter.on("Ready", lambda res: seen.append(("second", res)))
    assert emitter.emit("Ready", 5) == ()
    assert seen == [("first", 5), ("second", 5)]
    assert emitter.emit("Other", 5) == ()


def test_the_same_listener_is_called_once():
    emitter, seen = Emitter(), []

    def listener(res):
        seen.append(res)

    emitter.on("Ready", listener)
    emitter.on("Ready", listener)
    emitter.emit("Ready", 1)
    assert seen == [1]


def test_off_removes_one_or_all():
    emitter, seen = Emitter(), []

    def one(res):
        seen.append("one")

    def two(res):
        seen.append("two")

    emitter.on("Ready", one)
    emitter.on("Ready", two)
    emitter.off("Ready", one)
    emitter.off("Ready", one)
    emitter.emit("Ready", 1)
    assert seen == ["two"]
    emitter.off("Ready")
    assert emitter.emit("Ready", 1) == ()


def test_a_listener_may_remove_itself():
    emitter, seen = Emitter(), []

    def once(res):
        seen.append(res)
        emitter.off("Ready", once)

    emitter.on("Ready", once)
    emitter.on("Ready", lambda res: seen.append("other"))
    emitter.emit("Ready", 1)
    emitter.emit("Ready", 2)
    assert seen == [1, "other", "other"]


def test_a_raising_listener_does_not_stop_the_others():
    failures, seen = [], []
    tasks.on_error = lambda exc, quiet: failures.append(exc)
    emitter = Emitter()

    def bad(res):
        raise ValueError("bad")

    emitter.on("Ready", bad)
    emitter.on("Ready", seen.append)
    emitter.emit("Ready", 1)
    assert seen == [1] and len(failures) == 1


def test_a_listener_must_be_callable():
    try:
        Emitter().on("Ready", 5)
    except api.Error as exc:
        assert exc.errMsg == "onReady:fail parameter error: parameter should be Function instead of Number;"
        assert exc.errno == 1001
    else:
        raise AssertionError("no error")
