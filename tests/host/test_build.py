"""The build house: system packages, fetched sources, the Makefile's graph, and what the two images are."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from host_tools.setup.progress import BuildError
from host_tools.setup.sources import PrivateApt, Source, archive_stanzas

ROOT = Path(__file__).resolve().parents[2]
SYSTEM_PYTHON = "/usr/bin/python3"
NOBODY = 65534

needs_apt = pytest.mark.skipif(shutil.which("apt-cache") is None, reason="a machine without apt")


def provide(part, *, path, python=sys.executable, cwd=ROOT, user=()):
    """Run packages.py for one part of the build with only `path` to find commands in."""
    command = [*user, python, "-m", "host_tools.setup.packages", part]
    return subprocess.run(command, cwd=cwd, env={"PATH": str(path)}, capture_output=True, text=True, check=False)


def test_packages_has_nothing_to_say_where_nothing_is_missing():
    done = provide("build", path=os.environ["PATH"])
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_packages_names_all_that_is_missing_in_one_line(tmp_path):
    done = provide("build", path=tmp_path)  # no apt-get in there: not even root can install
    expected = "mpkiosk: missing make, a C compiler; run: sudo apt-get install make gcc libc6-dev\n"
    assert (done.returncode, done.stderr) == (1, expected)


@needs_apt
@pytest.mark.skipif(not os.access(SYSTEM_PYTHON, os.X_OK), reason="no Python that another user may run")
def test_packages_says_what_to_run_when_it_may_not_install():
    with tempfile.TemporaryDirectory() as name:  # not tmp_path: nobody may not look into that
        folder = Path(name)
        folder.chmod(0o755)
        shutil.copytree(ROOT / "host_tools/setup", folder / "host_tools/setup")
        (folder / "bin").mkdir()
        for tool in ("apt-get", "gcc"):
            (folder / "bin" / tool).symlink_to(shutil.which(tool))
        user = ()
        if os.geteuid() == 0:
            user = (shutil.which("setpriv"), f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
        done = provide("sources", path=folder / "bin", python=SYSTEM_PYTHON, cwd=folder, user=user)
    assert (done.returncode, done.stderr) == (
        1, "mpkiosk: missing dpkg-source; run: sudo apt-get install dpkg-dev\n",
    )  # fmt: skip


@pytest.fixture
def etc(tmp_path):
    """An /etc of a bookworm machine without archives; `apt` and `os-release` in it."""
    (tmp_path / "apt/sources.list.d").mkdir(parents=True)
    (tmp_path / "os-release").write_text('PRETTY_NAME="Debian"\nVERSION_CODENAME=bookworm\n')
    return tmp_path


def stanzas(etc):
    return list(archive_stanzas(etc / "apt", etc / "os-release"))


def test_archives_are_read_from_deb822_files(etc):
    (etc / "apt/sources.list.d/debian.sources").write_text(
        "Types: deb\nURIs: mirror:/first\nSuites: bookworm bookworm-updates\nComponents: main\n"
        "Signed-By: /keys/first.gpg\n\n"
        "Types: deb\nURIs: mirror:/security\nSuites: bookworm-security\nComponents: main\n\n"
        "Types: deb\nURIs: mirror:/second\nSuites: bookworm\nComponents: main\n"
    )
    assert stanzas(etc) == [("mirror:/first", "/keys/first.gpg"), ("mirror:/second", None)]


def test_archives_are_read_from_one_line_files(etc):
    (etc / "apt/sources.list").write_text(
        "# deb mirror:/commented bookworm main\n"
        "deb mirror:/first bookworm main contrib\n"
        "deb-src mirror:/sources bookworm main\n"
        "deb mirror:/security bookworm-security main\n"
    )
    (etc / "apt/sources.list.d/more.list").write_text(
        "deb [arch=amd64 signed-by=/keys/second.gpg] mirror:/second bookworm main\n"
    )
    assert stanzas(etc) == [("mirror:/first", None), ("mirror:/second", "/keys/second.gpg")]


@pytest.fixture
def apt(tmp_path):
    """A private apt over a local archive that holds the source package `demo` in four versions."""
    archive = tmp_path / "archive"
    archive.mkdir()
    entry = "Package: demo\nBinary: demo\nVersion: {}\nFormat: 3.0 (quilt)\nDirectory: .\n"
    versions = ("1:1.2.9-1", "1:1.2.10-1", "1:1.2.10~rc1-1", "1:1.3.0-1")
    (archive / "Sources").write_text("\n".join(entry.format(version) for version in versions))
    apt = PrivateApt(tmp_path / "apt")
    (tmp_path / "apt/archive.sources").write_text(f"Types: deb-src\nURIs: file:{archive}\nSuites: ./\nTrusted: yes\n")
    apt.run("apt-get", "update")
    return apt


@needs_apt
def test_newest_is_the_highest_version_that_matches(apt):
    assert apt.newest(Source("demo", r"1\.2\.\d+.*", "")) == "1:1.2.10-1"


@needs_apt
def test_newest_without_a_match_names_what_there_is(apt):
    with pytest.raises(BuildError, match=r"demo: none of .*1:1\.3\.0-1.* matches 9"):
        apt.newest(Source("demo", r"9\..*", ""))


def make(*arguments, cwd, **environment):
    """Run make as from a shell, not as from the make that runs these tests."""
    ours = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "MICROPYTHON_DIR", "JOBS", "K", "TESTOPTS")
    env = {**{name: value for name, value in os.environ.items() if name not in ours}, "LC_ALL": "C", **environment}
    return subprocess.run(["make", *arguments], cwd=cwd, env=env, capture_output=True, text=True, check=False)


def age(folder, seconds):
    """Date all of a folder back, itself included."""
    then = time.time() - seconds
    for path in [folder, *folder.rglob("*")]:
        os.utime(path, (then, then), follow_symlinks=False)


@pytest.fixture
def tree(tmp_path):
    """A copy of what the Makefile looks at, two minutes old."""
    for name in ("Makefile", "requirements.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    for name in ("host_tools/setup", "firmware", "boards"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "host_tools/roots.py", tmp_path / "host_tools")
    age(tmp_path, 120)
    return tmp_path


@pytest.fixture
def built(tree):
    """The same, marked as set up a minute ago."""
    for name in ("stamps", "sources", "mpy-cross", "roots/kiosk/net", "unix", "unix32"):
        (tree / "build" / name).mkdir(parents=True)
    for name in ("sources/fonts", "fonts/kiosk/ui/fonts"):
        (tree / "build" / name).mkdir(parents=True)
    (tree / ".venv/bin").mkdir(parents=True)
    done = make("--touch", "setup", "unix32", cwd=tree)
    assert done.returncode == 0, done.stderr
    age(tree / ".venv", 60)  # before what is made with it
    age(tree / "build", 60)
    return tree


def plan(tree, *arguments):
    """What make would do, as the set of: python, sources, mpy-cross, unix, unix32, `fresh <image>`, packages."""
    done = make("--dry-run", *arguments, cwd=tree)
    assert done.returncode == 0, done.stderr
    marks = {
        "packages": "host_tools.setup.packages",
        "python": "pip install",
        "sources": "host_tools.setup.sources",
        "mpy-cross": "/build/mpy-cross &&",
        "unix": "/build/unix VARIANT",
        "unix32": "/build/unix32 VARIANT",
        "fresh unix": "rm -rf build/unix\n",
        "fresh unix32": "rm -rf build/unix32\n",
    }
    return {step for step, mark in marks.items() if mark in done.stdout}


def test_help_is_the_default_and_lists_every_target():
    listed = re.findall(r"^  make (\S+) +\S", make(cwd=ROOT).stdout, re.M)
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.M).group(1).split()
    assert sorted(listed) == sorted(phony)
    assert {"setup", "unix", "unix32", "run", "test", "lint", "format", "bench", "clean"} <= set(listed)


def test_a_bare_tree_is_set_up_in_all_its_parts(tree):
    assert plan(tree, "setup") == {"packages", "python", "sources", "mpy-cross", "unix", "fresh unix"}


def test_a_tree_that_is_set_up_has_nothing_to_do(built):
    assert "Nothing to be done for 'setup'" in make("--dry-run", "setup", cwd=built).stdout


@pytest.mark.parametrize("path", ["firmware/main.py", "boards/common/manifest.py", "boards/UNIX/board.py"])
def test_an_edit_rebuilds_the_image_that_is_asked_for(built, path):
    (built / path).touch()
    assert plan(built, "unix") == {"unix"}
    assert plan(built, "setup", "unix32") == {"unix", "unix32"}


def test_the_image_with_the_gpls_codecs_is_made_beside_the_free_one(built):
    nano = "ARDUINO_NANO_RP2040_CONNECT"
    images = {"": built / f"build/firmware/{nano}/firmware.bin", "1": built / f"build/firmware/{nano}-gpl/firmware.bin"}
    command = r"^GPL_CODECS=(1?) \S+ -m host_tools.firmware.build (\S+) "
    for wanted in images:
        said = make("--dry-run", "firmware", f"BOARD={nano}", f"GPL_CODECS={wanted}", cwd=built).stdout
        assert re.findall(command, said, re.M) == [(wanted, nano)]
    for image in images.values():  # the one that is there is not built again, whatever the other is
        image.parent.mkdir(parents=True)
        image.touch()
        for other in images:
            said = make("--dry-run", "firmware", f"BOARD={nano}", f"GPL_CODECS={other}", cwd=built).stdout
            assert re.findall(command, said, re.M) == ([] if images[other].exists() else [(other, nano)])
    os.utime(images["1"], (0, 0))
    said = make("--dry-run", "firmware", f"BOARD={nano}", "GPL_CODECS=1", cwd=built).stdout
    assert re.findall(command, said, re.M) == [("1", nano)]
    said = make("--dry-run", "bench", cwd=built).stdout  # which measures both
    assert ("1", nano) in re.findall(command, said, re.M)


def test_a_file_that_vanishes_rebuilds_the_image(built):
    (built / "firmware/kiosk/log.py").unlink()
    assert plan(built, "setup") == {"unix"}


def test_new_build_flags_or_c_modules_rebuild_from_scratch(built):
    (built / "boards/UNIX/variant/mpconfigvariant.mk").touch()
    assert plan(built, "unix", "unix32") == {"unix", "unix32", "fresh unix", "fresh unix32"}
    age(built / "boards", 120)
    (built / "firmware/cmodules/another").mkdir()
    assert plan(built, "unix") == {"unix", "fresh unix"}


def test_new_pins_only_reach_their_own_part(built):
    (built / "host_tools/setup/packages.py").touch()
    assert plan(built, "setup") == {"packages"}
    (built / "requirements.txt").touch()  # certifi's certificates are in the image
    assert plan(built, "setup") == {"packages", "python", "unix"}


@pytest.fixture
def checkout(tmp_path):
    """A stand-in for a MicroPython checkout: its makefiles print 30 lines, and fail when FAIL is set."""
    folder = tmp_path / "checkout"
    recipe = "all:\n\tseq 30\n\ttest -z '$(FAIL)'\n\tmkdir -p $(BUILD)\n\techo image >$(BUILD)/{}\n"
    for path, program in (("mpy-cross", "mpy-cross"), ("ports/unix", "mpkiosk")):
        (folder / path).mkdir(parents=True)
        (folder / path / "Makefile").write_text(recipe.format(program))
    (folder / "lib/mbedtls/library").mkdir(parents=True)
    (folder / "lib/micropython-lib").mkdir()
    (folder / "lib/micropython-lib/README.md").touch()
    return folder


def make_roots(tree):
    """As if the Python packages and the fonts were there, and what images carry made of them."""
    made = ("roots/kiosk/net/shipped_roots.py", "sources/fonts/unifont.otf", "fonts/kiosk/ui/fonts/__init__.py")
    for path in (tree / ".venv/bin/kiosk", *(tree / "build" / name for name in (*made, "stamps/pinyin-80"))):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def test_a_build_says_one_line_a_step_and_is_not_repeated(tree, checkout):
    make_roots(tree)
    option = f"MICROPYTHON_DIR={checkout}"
    done = make("-j2", "unix", option, cwd=tree)
    assert done.returncode == 0
    seconds = r" \.\.\. \d+\.\d s\n"
    assert re.fullmatch(
        f"  building build/mpy-cross/mpy-cross{seconds}  building build/unix/mpkiosk{seconds}", done.stderr
    )
    assert "Nothing to be done for 'unix'" in make("unix", option, cwd=tree).stdout


def test_a_failed_build_shows_the_end_of_its_log_and_is_tried_again(tree, checkout):
    make_roots(tree)
    option = f"MICROPYTHON_DIR={checkout}"
    make("build/mpy-cross/mpy-cross", option, cwd=tree)
    done = make("unix", option, cwd=tree, FAIL="1")
    first, *log, verdict = done.stderr.splitlines()
    assert (done.returncode, first, len(log)) == (2, "  building build/unix/mpkiosk ... failed", 20)
    assert "30" in log
    assert "[Makefile:" in verdict
    assert make("unix", option, cwd=tree).returncode == 0


def test_another_tree_means_building_anew_both_ways(built, checkout):
    option = f"MICROPYTHON_DIR={checkout}"
    everything = {"mpy-cross", "unix", "fresh unix"}
    assert plan(built, "unix", option) == everything
    make("unix", option, cwd=built)
    assert plan(built, "unix") == everything


def test_a_wrong_micropython_dir_is_one_clear_line(tree):
    done = make("unix", "MICROPYTHON_DIR=/nowhere", cwd=tree)
    assert done.returncode == 2
    assert re.fullmatch(
        r"Makefile:\d+: \*\*\* mpkiosk: MICROPYTHON_DIR=/nowhere has no ports/unix/Makefile; .*\n", done.stderr
    )
    assert done.stdout == ""


@pytest.fixture(params=["unix", "unix32"])
def image(request, tmp_path):
    """A function that runs one statement in a built image and returns what it printed."""

    def run(statement, *options):
        command = [ROOT / "build" / request.param / "mpkiosk", *options, "-c", statement]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    return run


def test_image_has_a_board_s_modules_and_no_shell(image):
    assert image("import os; print([n for n in ('system', 'getenv', 'putenv', 'errno') if hasattr(os, n)])") == "[]"
    assert image("import sys; print(sys.path, sys.implementation._build)") == "['', '.frozen'] UNIX"
    for absent in ("_thread", "ffi", "jni", "btree", "bluetooth"):
        assert image(f"try:\n import {absent}\nexcept ImportError:\n print('absent')") == "absent"


def test_image_computes_in_single_precision(image):
    assert image("print(2.0 ** 24 + 1 == 2.0 ** 24)") == "True"  # 24 bits of mantissa, IEEE 754 binary32


def test_image_keeps_to_the_heap_it_is_given(image):
    heap = int(image("import gc; print(gc.mem_free() + gc.mem_alloc())", "-X", "heapsize=190k"))
    assert 185 * 1024 < heap < 190 * 1024


def test_image_brings_tls_and_asyncio(image):
    assert (
        image("import asyncio, tls; tls.SSLContext(tls.PROTOCOL_TLS_CLIENT); print(asyncio.__path__)")
        == ".frozen/asyncio"
    )


def test_mpy_cross_is_where_pack_looks_for_it(tmp_path):
    source = tmp_path / "page.py"
    source.write_text("x = 1\n")
    subprocess.run([ROOT / "build/mpy-cross/mpy-cross", source], check=True)
    assert (tmp_path / "page.mpy").read_bytes()[:2] == b"M\x06"  # the .mpy format that MicroPython 1.25 loads
