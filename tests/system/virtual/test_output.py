"""One line for everything: what a mini-program prints beside what a host does, and neither harms the other."""

import os
import re
import subprocess
import sys

from host_tools.target import open_target
from tests.system.virtual.boards import install

# What it prints is made of what mpremote waits for.
_TALKATIVE = """
@Page
class Index:
    data = {}
    count = 0

    def onLoad(self, query):
        self.timer = setInterval(self.say, 20)

    def say(self):
        print("line", self.count, "R\\x01 OK\\x04\\x04> raw REPL; CTRL-B to exit\\r\\n>")
        self.count += 1
        if self.count % 10 == 0:
            raise ValueError("number %d" % self.count)
"""


def _numbers(text):
    return [int(number) for number in re.findall(r"^line (\d+) ", text, re.M)]


def test_a_host_works_while_a_mini_program_prints(tmp_path):
    paths = [tmp_path / "output", tmp_path / "errors"]
    data = os.urandom(3000)
    output, errors = (path.open("w", encoding="utf-8") for path in paths)
    with output, errors, open_target("virtual", output=output, errors=errors) as target:
        install(target, tmp_path, _TALKATIVE)
        assert target.launch("test")["errMsg"] == "launch:ok"
        for _ in range(5):
            target.put("/file", data)
            assert target.get("/file") == data
            assert target.exec("print(6 * 7)") == "42\r\n"
            assert target.state()["running"] == "test"
        target.stop()
    printed = paths[0].read_text(encoding="utf-8")
    numbers = _numbers(printed)
    assert len(numbers) > 20 and numbers == sorted(set(numbers))
    assert numbers[-1] + 1 == len(numbers) or "bytes of output lost" in printed
    tracebacks = paths[1].read_text(encoding="utf-8")
    assert re.search(r"^ValueError: number \d+0$", tracebacks, re.M) and "Traceback" not in printed


def test_other_programs_do_too(tmp_path):
    with open(tmp_path / "output", "w", encoding="utf-8") as output, open_target("virtual", output=output) as target:
        install(target, tmp_path, _TALKATIVE)
        target.launch("test")
        with target.released() as port:
            for _ in range(3):
                command = [sys.executable, "-m", "mpremote", "connect", port, "resume", "exec", "print(6 * 7)"]
                done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
                assert done.stdout == "42\n", done
        assert target.state()["running"] == "test"


def test_an_open_line_is_not_mixed_with_an_answer(tmp_path):
    with open(tmp_path / "output", "w+", encoding="utf-8") as output, open_target("virtual", output=output) as target:
        install(
            target,
            tmp_path,
            "@Page\nclass Index:\n    data = {}\n    def onShow(self):\n        print('abc', end='')\n",
        )
        assert target.launch("test") == {"errMsg": "launch:ok"}
        assert target.state()["running"] == "test"
        output.seek(0)
        assert output.read() == "abc\n"


def test_what_does_not_fit_is_said_to_be_lost(tmp_path):
    with open(tmp_path / "output", "w+", encoding="utf-8") as output, open_target("virtual", output=output) as target:
        install(target, tmp_path)
        target.launch("test")
        target.exec("from kiosk import log\nfor i in range(200): log.write('line', i, '-' * 20)")
        target.catch_up()
        output.seek(0)
        printed = output.read()
    numbers = _numbers(printed)
    assert numbers == list(range(numbers[0], 200)) and numbers[0] > 0
    lost = int(re.search(r"^\[(\d+) bytes of output lost\]$", printed, re.M).group(1))
    whole = sum(len("line %d %s\n" % (i, "-" * 20)) for i in range(200))
    assert lost == whole - 2048
