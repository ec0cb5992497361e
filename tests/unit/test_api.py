"""The calling convention: DESIGN section 3 and wx-rules.md, rules 1 to 5."""

import asyncio

from kiosk import api, errors, promise, tasks

_calls = []


@api.api((("*key", "String", None), ("count", "Number", 7), ("data", "String|Object", None)), ("echo",))
async def sample(options):
    _calls.append("ran")
    if options["key"] == "boom":
        raise errors.KioskError("quota", "10 KB", errCode=3)
    if options["key"] == "bug":
        raise ZeroDivisionError("divide by zero")
    if options["key"] == "disk":
        raise OSError(28)
    return {"echo": options["key"], "count": options["count"]}


@api.sync_api((("*key", "String", None), ("*data", "", None)))
def sampleSync(key, data):
    if key == "boom":
        raise errors.KioskError("no data")
    return [key, data]


class SampleTask(promise.Promise):
    pass


@api.api((("*ms", "Number", None),), (), SampleTask)
async def sampleTask(options, task):
    await asyncio.sleep_ms(options["ms"])
    task.check()
    return {"waited": options["ms"]}


def _log(results):
    return {
        "success": lambda res: results.append(("success", res)),
        "fail": lambda res: results.append(("fail", res)),
        "complete": lambda res: results.append(("complete", res)),
    }


async def _settled():
    for _ in range(5):
        await asyncio.sleep_ms(2)


async def test_callbacks_come_after_the_call_in_order_and_once():
    results = []
    assert sample(key="a", **_log(results)) is None
    assert results == [] and _calls == []
    await _settled()
    assert [kind for kind, _ in results] == ["success", "complete"]
    res = results[0][1]
    assert res.errMsg == "sample:ok" and res["echo"] == "a" and res.count == 7
    assert results[0][1] is results[1][1]


async def test_a_dict_is_the_same_as_keywords():
    res = await sample({"key": "b", "count": 2})
    assert (res.echo, res.count) == ("b", 2)


async def test_failure_has_errmsg_errno_and_its_own_fields():
    results = []
    sample(dict(key="boom", **_log(results)))
    await _settled()
    assert [kind for kind, _ in results] == ["fail", "complete"]
    res = results[0][1]
    assert res.errMsg == "sample:fail the maximum size of the storage limit is exceeded: 10 KB"
    assert (res.errno, res.errCode) == (1300202, 3)


async def test_await_raises_the_failure():
    try:
        await sample(key="boom")
    except api.Error as exc:
        assert exc.errno == 1300202 and exc.errMsg == str(exc)
    else:
        raise AssertionError("no error")


async def test_wrong_types_name_every_fault():
    results = []
    sample(data=5, count="x", **_log(results))
    await _settled()
    assert results[0][1].errMsg == (
        "sample:fail parameter error: parameter.key should be String instead of Undefined;"
        "parameter.count should be Number instead of String;"
        "parameter.data should be String or Object instead of Number;"
    )
    assert results[0][1].errno == 1001


async def test_null_is_told_from_undefined_only_where_it_matters():
    for options, given in (({"key": None}, "Null"), ({}, "Undefined"), ({"key": True}, "Boolean")):
        try:
            await sample(options)
        except api.Error as exc:
            assert exc.errMsg.endswith("parameter.key should be String instead of %s;" % given), exc.errMsg
        else:
            raise AssertionError("no error")
    assert (await sample(key="a", count=None)).count == 7


async def test_options_that_are_no_object():
    try:
        await sample("key")
    except api.Error as exc:
        assert exc.errMsg == "sample:fail parameter error: parameter should be Object instead of String;"
    else:
        raise AssertionError("no error")


async def test_callbacks_that_cannot_be_called_are_a_fault_that_the_others_hear_of():
    results, before = [], len(_calls)
    assert sample(key="a", success=5, complete=results.append) is None
    await _settled()
    assert len(results) == 1 and len(_calls) == before
    assert results[0].errMsg == "sample:fail parameter error: parameter.success should be Function instead of Number;"
    try:
        await sample(key="a", complete="x")  # with no function at all there is a promise
    except api.Error as exc:
        assert exc.errMsg == "sample:fail parameter error: parameter.complete should be Function instead of String;"
    else:
        raise AssertionError("no error")


async def test_an_object_that_javascript_has_no_word_for_is_no_object():
    try:
        await sample(key="a", data=object())
    except api.Error as exc:
        assert exc.errMsg.endswith("parameter.data should be String or Object instead of object;")
    else:
        raise AssertionError("no error")


async def test_a_call_with_no_memory_to_begin_raises_and_leaves_nothing():
    def no_memory(coroutine):
        raise MemoryError

    results, create_task = [], asyncio.create_task
    asyncio.create_task = no_memory
    try:
        sample(key="a", complete=results.append)
    except api.Error as exc:
        assert (exc.errMsg, exc.errno) == ("sample:fail out of memory", 111)
    else:
        raise AssertionError("no error")
    finally:
        asyncio.create_task = create_task
    await _settled()
    assert results == [] and not tasks.running()


def test_the_text_of_an_error_is_never_long():
    error = errors.KioskError("route", "x" * 50000)
    assert len(error.reason) < 2100 and len(error.args[1]) < 2100


async def test_unknown_options_are_ignored():
    assert (await sample(key="a", nonsense=1)).echo == "a"


async def test_a_bug_in_a_service_is_a_failure_not_a_crash():
    try:
        await sample(key="bug")
    except api.Error as exc:
        assert exc.errno == -1 and "ZeroDivisionError" in exc.errMsg
    else:
        raise AssertionError("no error")


async def test_a_full_disk_is_mapped():
    try:
        await sample(key="disk")
    except api.Error as exc:
        assert exc.errMsg == "sample:fail no space left on device" and exc.errno == 1300202
    else:
        raise AssertionError("no error")


def test_sync_returns_or_raises():
    assert sampleSync("k", None) == ["k", None]
    for args, text in (
        (("boom", 1), "sampleSync:fail data not found"),
        ((5, 1), "sampleSync:fail parameter error: parameter.key should be String instead of Number;"),
        (("k",), "sampleSync:fail parameter error: parameter.data should be given instead of Undefined;"),
    ):
        try:
            sampleSync(*args)
        except api.Error as exc:
            assert str(exc) == text, exc
        else:
            raise AssertionError("no error")


async def test_a_raising_callback_harms_nothing_else():
    seen, results = [], []
    tasks.on_error = lambda exc, quiet: seen.append(exc)

    def bad(res):
        raise ValueError("bad callback")

    sample(key="a", success=bad, complete=lambda res: results.append(res))
    await _settled()
    assert isinstance(seen[0], ValueError) and len(results) == 1


async def test_coroutine_callbacks_run():
    results = []

    async def slow(res):
        await asyncio.sleep_ms(1)
        results.append(res.echo)

    sample(key="a", success=slow)
    await asyncio.sleep_ms(20)
    assert results == ["a"]


async def test_a_task_can_be_awaited_and_aborted():
    assert (await sampleTask(ms=1)).waited == 1
    results = []
    task = sampleTask(ms=1000, **_log(results))
    await asyncio.sleep_ms(5)
    task.abort()
    task.abort()
    assert results == []
    await _settled()
    assert [kind for kind, _ in results] == ["fail", "complete"]
    assert results[0][1].errMsg == "sampleTask:fail abort"


async def test_abort_before_the_task_has_begun():
    results = []
    sampleTask(ms=1000, **_log(results)).abort()
    await _settled()
    assert results[0][1].errMsg == "sampleTask:fail abort" and len(results) == 2


async def test_abort_after_the_end_changes_nothing():
    results = []
    task = sampleTask(ms=1, **_log(results))
    await asyncio.sleep_ms(20)
    task.abort()
    await _settled()
    assert [kind for kind, _ in results] == ["success", "complete"]


async def test_mock_answers_instead_and_restores():
    before = len(_calls)
    api.mock("sample", {"echo": "mocked"})
    assert (await sample(key="a")).echo == "mocked" and len(_calls) == before
    api.mock("sample", {"errMsg": "sample:fail busy"})
    try:
        await sample(key="a")
    except api.Error as exc:
        assert exc.errMsg == "sample:fail busy"
    else:
        raise AssertionError("no error")
    api.mock("sample", None)
    assert (await sample(key="a")).echo == "a"


async def test_unawaited_failure_reaches_the_loop_and_awaited_does_not():
    seen = []
    asyncio.get_event_loop().set_exception_handler(lambda loop, context: seen.append(context["exception"]))
    sample(key="boom")
    await _settled()
    assert len(seen) == 1 and seen[0].errno == 1300202
    sampleTask()
    await _settled()
    assert len(seen) == 1  # a Task is no promise: it may fail unheard


async def test_cancelling_all_ends_calls_without_callbacks():
    results = []
    sampleTask(ms=1000, **_log(results))
    await asyncio.sleep_ms(2)
    await tasks.cancel_all()
    assert results == [] and not tasks.running()


def test_result_is_a_dict_with_attributes():
    res = api.Result(a=1)
    assert res.a == res["a"] == 1
    try:
        res.b  # noqa: B018
    except AttributeError:
        return
    raise AssertionError("no error")
