"""What a broken mini-program gets to hear, and that nothing else is disturbed by it."""

import pytest

from host_tools.errors import ExecError
from host_tools.package.pack import PackError

GOOD = "good"


@pytest.fixture
def two(kiosk):
    """A kiosk that also holds a healthy mini-program with something in its storage."""
    kiosk.run({"app.py": 'App({})\nwx.setStorageSync("kept", "safe")\n'}, appid=GOOD)
    return kiosk


def assert_healthy(kiosk):
    """The other mini-program starts, its data is there, and nothing of the broken one runs."""
    assert kiosk.state()["running"] is None
    assert kiosk.launch(GOOD) == {"errMsg": "launch:ok"}
    assert kiosk.call("getStorageSync", ["kept"]) == "safe"


@pytest.fixture
def put_raw(tmp_path):
    """Install files as they are, past the packer, as a bad copy over the serial line would."""

    def put(kiosk, appid, files):
        folder = tmp_path / "raw"
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8")
        kiosk.install(folder, appid)

    return put


BROKEN = [
    ({"app.json": '{\n  "pages": [\n'}, 'app.json:2: the file ends before the "[" of line 2 is closed'),
    ({"app.json": '{"pages": ["pages/gone/gone"]}'}, "app.json:1: pages[0]: "),
    ({"app.json": '{\n  "pages": []\n}'}, "app.json:2: pages: "),
    ({"kiosk.json": '{\n"appid": 5}'}, "kiosk.json:2: appid: "),
]


@pytest.mark.parametrize(("files", "text"), BROKEN)
def test_broken_manifest_is_named_with_file_line_and_key(two, put_raw, files, text):
    put_raw(two, "bad", {"app.json": '{"pages": ["pages/i/i"]}', "pages/i/i.py": "Page({})\n", **files})
    answer = two.launch("bad")
    assert answer["errMsg"].startswith(f"launch:fail {text}"), answer
    assert_healthy(two)


@pytest.mark.parametrize(("files", "text"), BROKEN)
def test_the_packer_says_the_same(kiosk, files, text):
    with pytest.raises(PackError) as caught:
        kiosk.program(files)
    assert str(caught.value).startswith(text)


def test_no_such_mini_program(two):
    assert two.launch("nowhere")["errMsg"] == "launch:fail app.json: not found"
    assert_healthy(two)


def test_syntax_error_in_a_page(two, put_raw):
    put_raw(two, "bad", {"app.json": '{"pages": ["pages/i/i"]}', "pages/i/i.py": "x = 1\ndef (:\n"})
    answer = two.launch("bad")
    assert 'page "pages/i/i" cannot be loaded: SyntaxError' in answer["errMsg"]
    assert 'File "/apps/bad/pages/i/i.py", line 2' in two.errors
    assert_healthy(two)
    with pytest.raises(PackError, match=r"pages/index/index\.py:2: SyntaxError"):
        two.program({"pages/index/index.py": "x = 1\ndef (:\n"})


def test_a_page_that_does_not_register(two):
    answer = two.run({"pages/index/index.py": "x = 1\n"})
    assert answer["errMsg"].endswith('page "pages/index/index" has not been registered: it calls no Page()')
    assert_healthy(two)


def test_a_page_that_raises_while_loading(two):
    answer = two.run({"pages/index/index.py": "x = 1\ny = x / 0\n"})
    assert "ZeroDivisionError" in answer["errMsg"]
    assert 'pages/index/index.py", line 2' in two.errors
    assert_healthy(two)


def test_an_app_that_raises_while_loading(two):
    answer = two.run({"app.py": "x = [][0]\n"})
    assert answer["errMsg"].startswith("launch:fail") and answer["error"] == "IndexError"
    assert_healthy(two)


def test_navigating_to_a_broken_page_leaves_the_stack(kiosk):
    kiosk.run(
        {
            "app.json": '{"pages": ["pages/index/index", "pages/bad/bad"]}',
            "pages/bad/bad.py": "raise ValueError('at import')\n",
        }
    )
    answer = kiosk.call("navigateTo", {"url": "/pages/bad/bad"})
    assert answer["errMsg"] == 'navigateTo:fail page "pages/bad/bad" cannot be loaded: ValueError: at import'
    assert [page["route"] for page in kiosk.pages()] == ["pages/index/index"]


HANDLERS = """
    @Page
    class Index:
        data = {"n": 0}
        def onLoad(self, query):
            setTimeout(self.%s, 1)
        def raises(self):
            raise ValueError("oops")
        async def raises_later(self):
            await wx.getStorageInfo()
            raise ValueError("oops")
        def recursion(self):
            return self.recursion()
        def exits(self):
            raise SystemExit
        def memory(self):
            hold = []
            while True:
                hold.append(bytearray(100000))
    """
APP = """
    @App
    class Main:
        def onLaunch(self, options):
            wx.onError(lambda text: print("wx.onError", text.strip().split("\\n")[-1]))
        def onError(self, text):
            print("App.onError", text.strip().split("\\n")[-1])
            assert "index.py\\", line" in text, text
    """


@pytest.mark.parametrize(
    ("handler", "error"),
    [
        ("raises", "ValueError: oops"),
        ("raises_later", "ValueError: oops"),
        ("recursion", "RuntimeError: maximum recursion depth exceeded"),
        ("exits", "SystemExit: "),
        ("memory", "MemoryError: memory allocation failed, allocating 100000 bytes"),
    ],
)
def test_handler_that_raises_is_reported_and_the_mini_program_lives(make_kiosk, handler, error):
    kiosk = make_kiosk(heap=400 * 1024)
    kiosk.run({"app.py": APP, "pages/index/index.py": HANDLERS % handler})
    kiosk.wait(200)
    assert [line.strip() for line in kiosk.output.splitlines()] == [
        f"App.onError {error}".strip(),
        f"wx.onError {error}".strip(),
    ]
    assert kiosk.state()["running"] == "test"
    assert kiosk.call("setStorageSync", ["still", "alive"]) is None
    assert "Traceback" in kiosk.errors and 'index.py", line' in kiosk.errors


@pytest.mark.parametrize("kind", ["def", "async def"])
def test_on_error_that_raises_itself(kiosk, kind):
    app = f"""
        @App
        class Main:
            {kind} onError(self, text):
                raise ValueError("again")
        """
    kiosk.run({"app.py": app, "pages/index/index.py": HANDLERS % "raises"})
    kiosk.wait(100)
    assert kiosk.errors.count("ValueError: again") == 1
    assert kiosk.state()["running"] == "test"


def test_unawaited_failure_is_an_unhandled_rejection(kiosk):
    app = """
        @App
        class Main:
            def onUnhandledRejection(self, res):
                print("App", res.reason.errMsg)
            def onLaunch(self, options):
                wx.onUnhandledRejection(lambda res: print("wx", res.reason["errMsg"]))
        """
    page = """
        @Page
        class Index:
            def onLoad(self, query):
                wx.getStorage(key="absent")
            async def onShow(self):
                try:
                    await wx.getStorage(key="absent")
                except wx.Error as error:
                    print("caught", error.errMsg)
        """
    kiosk.run({"app.py": app, "pages/index/index.py": page})
    kiosk.wait(100)
    assert sorted(kiosk.output.splitlines()) == [
        "App getStorage:fail data not found",
        "caught getStorage:fail data not found",
        "wx getStorage:fail data not found",
    ]


STALLS = {
    "loop": "while True:\n                pass",
    "swallows": "while True:\n                try:\n                    n = 1 + 1\n                except Exception:\n"
    "                    n = 0",
    "sleeps": "import time\n            time.sleep(60)",
}


@pytest.mark.parametrize("stall", sorted(STALLS))
def test_handler_that_never_returns_is_stopped(two, stall):
    page = f"""
        @Page
        class Index:
            def onLoad(self, query):
                setTimeout(self.stall, 10)
            def stall(self):
                wx.setStorageSync("before", 1)
                self.hang()
            def hang(self):
                {STALLS[stall].replace(chr(10) + "    ", chr(10) + "        ")}
        """
    two.run({"pages/index/index.py": page})
    state = two.wait(12000)
    assert state["running"] is None
    assert state["failure"] == "the mini-program did not give control back for 5000 ms"
    assert "in hang" in two.errors and 'pages/index/index.py", line' in two.errors
    assert_healthy(two)
    two.launch("test")
    assert two.call("getStorageSync", ["before"]) == 1


def test_a_stall_in_a_coroutine_is_stopped_too(two):
    page = """
        @Page
        class Index:
            async def onLoad(self, query):
                await wx.getStorageInfo()
                while True:
                    pass
        """
    two.run({"pages/index/index.py": page})
    assert two.wait(12000)["failure"].startswith("the mini-program did not give control back")
    assert_healthy(two)


def test_full_disk_fails_clearly_and_keeps_what_was_stored(make_kiosk):
    kiosk = make_kiosk(flash_kb=128)
    kiosk.run()
    kiosk.call("setStorageSync", ["kept", "safe"])
    answers = [kiosk.call("setStorage", {"key": f"k{n}", "data": "x" * 8000}) for n in range(20)]
    failed = [answer for answer in answers if answer["errMsg"] != "setStorage:ok"]
    assert failed
    assert all(answer["errMsg"] == "setStorage:fail no space left on device" for answer in failed), failed
    assert failed[0]["errno"] == 1300202
    assert kiosk.call("getStorageSync", ["kept"]) == "safe"
    kiosk.call("removeStorageSync", ["k0"])
    assert kiosk.call("setStorage", {"key": "after", "data": 1})["errMsg"] == "setStorage:ok"


@pytest.mark.parametrize("where", ["onLoad", "onUnload", "app.py"])
def test_a_stall_while_starting_or_closing(two, where):
    stall = "while True:\n    pass\n"
    page = f"""
        @Page
        class Index:
            def {where if where != "app.py" else "nothing"}(self, *args):
                while True:
                    pass
        """
    files = {"pages/index/index.py": page}
    if where == "app.py":
        files["app.py"] = stall
    answer = two.run(files)
    if where == "onUnload":
        assert answer["errMsg"] == "launch:ok"
        with pytest.raises(ExecError, match="Stalled"):
            two.stop()
        two.wait(3000)
    else:
        assert answer["errMsg"] == "launch:fail the mini-program did not give control back for 5000 ms"
        assert "Stalled" in two.errors
    assert_healthy(two)


def test_system_exit_anywhere_ends_nothing_else(two):
    assert two.run({"app.py": "raise SystemExit\n"})["errMsg"] == "launch:fail SystemExit"
    assert (
        two.run({"app.py": "App({})\n", "pages/index/index.py": "raise SystemExit\n"})["errMsg"]
        == "launch:fail SystemExit"
    )
    assert_healthy(two)


def test_a_first_page_that_is_not_there(two):
    two.program()
    assert two.launch("test", path="pages/x/x")["errMsg"] == 'launch:fail page "pages/x/x" is not found'
    assert_healthy(two)
