"""What README and the guides claim is so: their commands exist and run, their samples run, their links lead somewhere."""

import re
import shlex
import subprocess
import sys

import pytest

from host_tools.paths import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def blocks(text, language):
    return re.findall(rf"```{language}\n(.*?)```", text, re.S)


def commands(text):
    return [line for block in blocks(text, "sh") for line in block.splitlines() if line]


def test_make_commands_of_the_readme_are_in_make_help():
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    named = re.findall(r"(?:^|`)make ([a-z0-9]+)", README, re.M)
    assert len(named) > 4
    for target in set(named):
        assert f"make {target} " in shown, target


def test_kiosk_commands_of_the_readme_run_in_their_order(tmp_path):
    ran = [line for line in commands(README) if line.startswith("kiosk ")]
    assert [line.split()[1] for line in ran] == ["new", "run", "pack", "doctor"]
    for line in ran:
        done = subprocess.run(
            [sys.executable, "-m", "host_tools.cli.main", *shlex.split(line)[1:]],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, f"{line}: {done.stderr}"


def test_the_sample_of_the_readme_runs(tmp_path):
    folder = tmp_path / "sample"
    (folder / "pages" / "index").mkdir(parents=True)
    (folder / "app.json").write_text(re.search(r'`(\{"pages".*?\})`', README).group(1))
    (folder / "pages/index/index.py").write_text(blocks(README, "python")[0])
    done = subprocess.run(
        [sys.executable, "-m", "host_tools.cli.main", "run", str(folder), "--headless", "--timeout", "20"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (0, "visit number 1\n"), done.stderr


def test_the_unit_test_command_of_the_contributing_guide_runs():
    (line,) = commands((ROOT / "docs" / "contributing.md").read_text(encoding="utf-8"))
    done = subprocess.run(shlex.split(line), cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout == "passed\n", done.stderr


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document):
    for target in re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8")):
        assert (document.parent / target).exists(), target


def test_the_guide_lists_the_libraries_that_the_packer_allows():
    import json

    allowed = set(json.loads((ROOT / "boards/common/libraries.json").read_text()))
    guide = (ROOT / "docs/mini-programs.md").read_text(encoding="utf-8")
    section = guide.partition("## What it may import")[2].partition("\n## ")[0]
    assert set(re.findall(r"`([a-z]+)`", section)) == allowed


def test_every_dependency_is_explained():
    text = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8")
    direct = (ROOT / "requirements.txt").read_text().partition("# What those stand on")[0]
    for name in re.findall(r"^([\w-]+)==", direct, re.M):
        assert name in text, name
