"""Fixtures of the tests that drive a kiosk: through `Target` and nothing else, so that any target passes them."""

import io
import itertools
import textwrap
from pathlib import Path

import pytest

from host_tools.package.pack import pack_folder
from host_tools.target import open_target

pytest_plugins = ["tests.servers", "tests.nginx"]

_APP_JSON = '{"pages": ["pages/index/index"]}'
_INDEX = "@Page\nclass Index:\n    data = {}\n"
_BOARD_HEAP_BYTES = 200 * 1024
_BOARD_TEST_S = 400
_numbers = itertools.count(1)


def pytest_collection_modifyitems(config, items):
    """A board takes longer for everything, and is not what some tests are about."""
    if config.getoption("--target") != "unix":
        for item in items:
            emulator = item.get_closest_marker("emulator")
            if emulator:
                item.add_marker(pytest.mark.skip(reason=f"is about the emulator: {emulator.args[0]}"))
            if not item.get_closest_marker("timeout"):
                item.add_marker(pytest.mark.timeout(_BOARD_TEST_S))


def pytest_addoption(parser):
    """`--target unix` (the default), `--target virtual` or `--target serial:PORT`; `--write-api`."""
    parser.addoption("--target", default="unix", help="where the kiosk runs: unix, virtual, serial:PORT")
    parser.addoption("--write-api", action="store_true", help="write docs/api.md anew (make api)")


class Kiosk:
    """A target with what its mini-program has printed, and a way to give it mini-programs."""

    def __init__(self, name, folder, **settings):
        self._folder = folder
        self.apps = folder / "apps"
        self.apps.mkdir(exist_ok=True)
        self._output = open(folder / f"output{next(_numbers)}", "w+", encoding="utf-8")  # noqa: SIM115
        self._errors = open(folder / f"errors{next(_numbers)}", "w+", encoding="utf-8")  # noqa: SIM115
        settings = {"output": self._output, "errors": self._errors, **settings}
        self.target = open_target(name, **settings)

    def __getattr__(self, name):
        return getattr(self.target, name)

    def program(self, files=None, appid="test"):
        """Pack and install a mini-program made of `files` (path -> text); what is left out is the least that runs."""
        source = self.apps / appid
        for path, text in {"app.json": _APP_JSON, "pages/index/index.py": _INDEX, **(files or {})}.items():
            (source / path).parent.mkdir(parents=True, exist_ok=True)
            (source / path).write_text(textwrap.dedent(text), encoding="utf-8")
        packed = self._folder / "packed" / appid
        pack_folder(source, packed)
        self.target.install(packed, appid)
        return appid

    def run(self, files=None, appid="test", **options):
        """program(), then launch it; return the launch's answer."""
        return self.target.launch(self.program(files, appid), **options)

    @property
    def output(self):
        """What the mini-programs have printed so far."""
        self._catch_up()
        return _read(self._output)

    @property
    def errors(self):
        """The kiosk's log and the tracebacks so far."""
        self._catch_up()
        return _read(self._errors)

    def _catch_up(self):
        if not self._output.closed:
            self.target.catch_up()

    def close(self):
        """End the kiosk as a power cut does, once."""
        if not self._output.closed:
            self.target.close()
            self._output.close()
            self._errors.close()


def _read(stream: io.TextIOWrapper) -> str:
    return Path(stream.name).read_text(encoding="utf-8")


def _of_a_board(name, settings):
    """What of a test's settings a board can be given; it brings the rest itself, or else the test is skipped."""
    heap = settings.pop("heap", 0)
    if heap > _BOARD_HEAP_BYTES:
        pytest.skip(f"wants a heap of {heap} bytes, which no board has that runs the tests")
    if "flash_kb" in settings:
        pytest.skip("wants a small flash; a board's is what it is")
    if name != "virtual" and settings:
        pytest.skip(f"wants {', '.join(settings)} of its own, which a board on the desk has not")
    return settings


@pytest.fixture
def make_kiosk(request, tmp_path):
    """Start kiosks with settings of the test's own: `make_kiosk(heap=190 * 1024)`."""
    started = []

    def make(**settings):
        name = request.config.getoption("--target")
        if name != "unix":
            settings = _of_a_board(name, settings)
        started.append(Kiosk(name, tmp_path, **settings))
        if name == "virtual" and request.node.get_closest_marker("online"):
            started[-1].target.join()
        return started[-1]

    yield make
    for kiosk in started:
        kiosk.close()


@pytest.fixture
def on_board(request):
    """bool: whether the kiosk is a board, which has less memory, and whose emulator is a hundred times slower than the other."""
    return request.config.getoption("--target") != "unix"


@pytest.fixture
def kiosk(make_kiosk):
    """A kiosk that has just started."""
    return make_kiosk()
