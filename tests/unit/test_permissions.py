"""Permissions: asked once, remembered for each mini-program; policies; who answers on the console."""

import asyncio
import json
import os

import board
from kiosk import app, log, permissions
from kiosk.console import remote
from kiosk.errors import KioskError
from tests.fakes import filestore

log.level = len(log.LEVELS)  # questions are logged, too
RECORD = "scope.record"


class World:
    """A flash, and a mini-program at a time."""

    def __enter__(self):
        filestore.mount_in_a_file(1024)
        board.data_folder = filestore.MOUNT + "/data"
        os.mkdir(board.data_folder)
        permissions.POLICY_FILE = filestore.MOUNT + "/permissions.json"
        self.start("shop")
        return self

    def start(self, appid, **settings):
        app.current = app.MiniProgram("/", {}, dict(settings, appid=appid), {})

    def __exit__(self, *exc):
        app.current = None
        filestore.unmount()


async def asked(scope=RECORD, answer=None):
    """Whether it may, when whoever is asked gives this answer; None: there must be no question."""
    task = asyncio.create_task(_verdict(scope))
    await asyncio.sleep_ms(0)
    await asyncio.sleep_ms(0)
    assert [one.scope for one in permissions.questions] == ([] if answer is None else [scope])
    if answer is not None:
        permissions.questions[0].answer(answer)
    return await task


async def _verdict(scope):
    try:
        await permissions.require(scope)
        return True
    except KioskError as exc:
        assert exc.args[0] == "denied" and exc.errno == 103 and exc.reason == "auth deny"
        return False


async def console(function, *args):
    """What a function of the console answers."""
    remote.take_answers()
    function(*args)
    return json.loads(await remote.take_answers()[0])


async def test_it_is_asked_once_and_remembered_for_this_mini_program():
    with World() as world:
        assert await asked(answer=True) and await asked()
        world.start("shop")
        assert await asked()
        world.start("other")
        assert not await asked(answer=False) and not await asked()
        assert await asked("scope.camera", answer=True)
        world.start("shop")
        assert await asked()


async def test_two_who_ask_at_once_get_the_one_answer():
    with World():
        for answer in (True, False):
            permissions.remember(app.current, RECORD, None)
            calls = [asyncio.create_task(_verdict(RECORD)) for _ in range(3)]
            await asyncio.sleep_ms(0)
            assert await asked(answer=answer) is answer
            for call in calls:
                assert await call is answer
            assert permissions.questions == []


async def test_nobody_answers():
    with World():
        permissions.patience_ms = 5
        assert not await _verdict(RECORD)
        assert permissions.questions == [] and permissions.answers(app.current) == {}
        permissions.patience_ms = 30000
        assert await asked(answer=True)  # the next one asks again


async def test_closing_takes_the_question_back():
    with World():
        task = asyncio.create_task(_verdict(RECORD))
        await asyncio.sleep_ms(0)
        await asyncio.sleep_ms(0)
        task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            assert permissions.questions == [] and permissions.answers(app.current) == {}
        else:
            raise AssertionError


async def test_a_policy_decides_for_everybody():
    with World() as world:
        assert permissions.policies() == {}
        permissions.set_policy(RECORD, "allow")
        assert await asked()
        permissions.set_policy(RECORD, "refuse")
        world.start("other")
        assert not await asked() and permissions.policies() == {RECORD: "refuse"}
        permissions.set_policy(RECORD, "ask")
        assert await asked(answer=True) and permissions.policies() == {}
        for scope, kind in (("scope.none", "allow"), (RECORD, "maybe"), (RECORD, None), (5, "allow"), (RECORD, [])):
            try:
                permissions.set_policy(scope, kind)
            except KioskError as exc:
                assert exc.errno == 1001
            else:
                raise AssertionError


async def test_who_launched_it_decides_before_all_others():
    with World() as world:
        permissions.set_policy(RECORD, "refuse")
        world.start("shop", allow=[RECORD])
        assert await asked() and not await asked("scope.camera")
        permissions.set_policy(RECORD, "allow")
        world.start("shop", allow=[])
        assert not await asked()


async def test_damaged_files_mean_that_it_is_asked():
    with World():
        for text in ("", "{", "[]", '{"scope.record": "maybe"}', "\xff\xfe", "null"):
            for path in (permissions.POLICY_FILE, board.data_folder + "/shop/permissions.json"):
                filestore.tree.make(path.rpartition("/")[0])
                filestore.put(path, text.encode())
                assert await asked(answer=True), (text, path)
                assert await asked()
                permissions.remember(app.current, RECORD, None)


async def test_a_full_flash_keeps_no_answer_and_harms_nothing():
    def full(path, found):
        raise OSError(28, "no space")

    with World():
        write, permissions._write = permissions._write, full
        assert await asked(answer=True)
        found = await console(remote.policy, RECORD, "allow")
        assert found == {"errMsg": "policy:fail no space left on device", "errno": 1300202}
        permissions._write = write
        assert await asked(answer=True) and await asked()


async def test_the_console():
    with World():
        found = await console(remote.permission)
        assert found == {"errMsg": "permission:ok", "asked": [], "answers": {}}
        task = asyncio.create_task(_verdict(RECORD))
        await asyncio.sleep_ms(0)
        await asyncio.sleep_ms(0)
        assert (await console(remote.permission))["asked"] == [RECORD]
        found = await console(remote.permission, RECORD, "allow")
        assert found["answers"] == {RECORD: True} and found["asked"] == [] and await task
        await console(remote.permission, "scope.camera", "refuse")
        assert not await asked("scope.camera")
        await console(remote.permission, RECORD, "ask")
        assert not await asked(answer=False)
        for scope, kind in ((RECORD, "maybe"), ("scope.none", "allow"), (RECORD, None)):
            found = await console(remote.permission, scope, kind)
            assert found["errno"] == 1001 and found["errMsg"].startswith("permission:fail parameter error: ")
            found = await console(remote.policy, scope, kind)
            assert found["errno"] == 1001 and found["errMsg"].startswith("policy:fail parameter error: ")
        found = await console(remote.policy, RECORD, "allow")
        assert found == {"errMsg": "policy:ok", "policies": {RECORD: "allow"}} and await asked()
        app.current = None
        assert (await console(remote.permission))["errMsg"] == "permission:fail no mini-program runs"
