"""
The API held to Tencent's typings: every name that `wx` offers takes the options and gives the fields that they list.

wx-typings.json is extracted from the npm package miniprogram-api-typings 5.2.3 (MIT).
"""

import json
from pathlib import Path

import pytest

TYPINGS = json.loads((Path(__file__).parent / "wx-typings.json").read_text(encoding="utf-8"))
# Options that the original documents have and the typings have dropped.
DROPPED = {"connectSocket": {"method"}}
ASK = """
import json, wx
offered = {}
for chapter, names in wx.CHAPTERS:
    for name in names:
        function = getattr(wx, name)
        if hasattr(function, "options"):
            offered[name] = [[option[0] for option in function.options], list(function.fields), function.promise is not None]
print(json.dumps(offered))
"""


@pytest.fixture
def offered(kiosk):
    """name -> [options with `*` before the required ones, fields of a success, whether a Task is returned]."""
    kiosk.run()
    return json.loads(kiosk.exec(ASK))


def test_options_and_fields_are_those_of_the_typings(offered):
    compared = 0
    for name, (options, fields, is_task) in offered.items():
        typed = TYPINGS.get(name)
        if typed is None or name.endswith("Sync"):
            continue
        compared += 1
        taken = {option.lstrip("*") for option in options} - DROPPED.get(name, set())
        assert taken == {option["name"] for option in typed["options"]}, name
        required = {option["name"] for option in typed["options"] if option["required"]}
        assert {option[1:] for option in options if option[0] == "*"} == required, name
        assert set(fields) | {"errMsg"} == set(typed["success"]) | {"errMsg"}, name
        assert is_task != typed["promise"], name
    assert compared >= 12


def test_results_have_the_fields_that_the_typings_promise(kiosk):
    kiosk.run()
    for name, options in (
        ("setStorage", {"key": "k", "data": [1]}),
        ("getStorage", {"key": "k"}),
        ("getStorageInfo", {}),
        ("removeStorage", {"key": "k"}),
        ("clearStorage", {}),
        ("getSystemInfo", {}),
        ("navigateTo", {"url": "/pages/index/index"}),
        ("redirectTo", {"url": "/pages/index/index"}),
        ("navigateBack", {}),
        ("reLaunch", {"url": "/pages/index/index"}),
    ):
        result = kiosk.call(name, options)
        assert result["errMsg"] == f"{name}:ok"
        assert set(result) == set(TYPINGS[name]["success"]) | {"errMsg"}, name


def test_request_and_its_parts(kiosk, httpbin):
    kiosk.run(urlCheck=False)
    result = kiosk.call("request", {"url": httpbin.url + "/get"})
    assert set(result) == set(TYPINGS["request"]["success"])
    assert set(result["profile"]) == {prop["name"] for prop in TYPINGS["@RequestProfile"]["props"]}
    failed = kiosk.call("request", {"url": "http://127.0.0.1:1/"})
    assert set(failed) == set(TYPINGS["request"]["fail"])
    assert failed["errMsg"] == "request:fail net::ERR_CONNECTION_REFUSED" and failed["errno"] == 600001
    methods = kiosk.exec("import wx\nprint(*[name for name in dir(wx.network.RequestTask) if name[0] != '_'])").split()
    assert set(TYPINGS["@RequestTask"]["methods"]) <= set(methods)
