"""host_tools/converter: real PDFs through real pdftoppm, and what it does with everything else."""

import http.client
import io
import json
import os
import stat
import subprocess
import sys
import threading

import pytest
from PIL import Image

from host_tools.converter import pages
from host_tools.converter.service import Limits, serve
from host_tools.paths import ROOT
from tests.system.documents import officefiles


class Client:
    """A server with these limits, and questions to it."""

    def __init__(self, **limits):
        self.server = serve("127.0.0.1", 0, Limits(**limits))
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def ask(self, method, path, body=None, header=None):
        """(status, body, content type)."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.server_address[1], timeout=60)
        connection.request(method, path, body, header or {})
        response = connection.getresponse()
        found = response.status, response.read(), response.getheader("Content-Type")
        connection.close()
        return found

    def refused(self, *question):
        """(status, text) of what is no success."""
        status, body, _ = self.ask(*question)
        assert status >= 400
        return status, json.loads(body)["error"]

    def files(self):
        """What lies in its folder."""
        return sorted(path.name for path in self.server.folder.rglob("*"))


@pytest.fixture
def client():
    """Start a Client; with limits of its own if asked for."""
    started = []

    def start(**limits):
        started.append(Client(**limits))
        return started[-1]

    yield start
    for one in started:
        one.server.shutdown()
        one.server.server_close()
        assert not one.server.folder.exists()


@pytest.fixture
def pdf(tmp_path):
    """The bytes of a PDF of three pages."""
    officefiles.pdf(tmp_path / "a.pdf")
    return (tmp_path / "a.pdf").read_bytes()


def test_pages_of_a_pdf(client, pdf):
    one = client()
    status, body, kind = one.ask("POST", "/documents?type=pdf&width=240", pdf)
    answer = json.loads(body)
    assert (status, kind, answer["pages"]) == (201, "application/json", 3)
    for number in (1, 3):
        status, body, kind = one.ask("GET", f"/documents/{answer['id']}/{number}")
        picture = Image.open(io.BytesIO(body)).convert("RGB")
        assert (status, kind, picture.width) == (200, "image/png", 240) and 335 <= picture.height <= 345
        red, green, blue = picture.getpixel((30, 30))
        assert abs(green - 60 * number) < 12 and red > 230 and blue < 60
    for number in (0, 4):
        assert one.refused("GET", f"/documents/{answer['id']}/{number}") == (404, "there is no such page")
    assert one.ask("DELETE", f"/documents/{answer['id']}")[0] == 200
    assert one.refused("DELETE", f"/documents/{answer['id']}")[0] == 404
    assert one.refused("GET", f"/documents/{answer['id']}/1")[0] == 404
    assert one.files() == []


def test_what_is_no_document_is_refused_and_leaves_nothing(client, pdf):
    one = client(size_bytes=1 << 20)
    for question, status, part in (
        (("POST", "/documents?type=exe&width=240", b"x"), 415, "this type"),
        (("POST", "/documents?type=pdf&width=0", b"x"), 400, "width"),
        (("POST", "/documents?type=pdf&width=99999", b"x"), 400, "width"),
        (("POST", "/elsewhere?type=pdf", b"x"), 404, "no such thing"),
        (("POST", "/documents?type=pdf", bytes(1 << 20) + b"x"), 413, "1 MB"),
        (("POST", "/documents?type=pdf", b"no PDF"), 422, "cannot be read"),
        (("POST", "/documents?type=pdf", b""), 422, "cannot be read"),
        (("POST", "/documents?type=pdf", pdf[: len(pdf) // 9]), 422, "cannot be read"),
        (("GET", "/documents/../../etc/passwd"), 404, "no such document"),
        (("GET", "/documents/x/1"), 404, "no such document"),
    ):
        found = one.refused(*question)
        assert found[0] == status and part in found[1], (question[:2], found)
        assert one.files() == []


def test_what_is_not_asked_for_goes(client, pdf):
    one = client(documents=2)
    names = [json.loads(one.ask("POST", "/documents?type=pdf", pdf)[1])["id"] for _ in range(3)]
    assert [one.ask("GET", f"/documents/{name}/1")[0] for name in names] == [404, 200, 200]
    other = client(kept_s=0.0)
    name = json.loads(other.ask("POST", "/documents?type=pdf", pdf)[1])["id"]
    assert other.ask("GET", f"/documents/{name}/1")[0] == 404 and other.files() == []


def _program(folder, name, text):
    path = folder / name
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def test_an_office_document_goes_through_libreoffice(client, pdf, tmp_path, monkeypatch):
    """What the program is asked for and what becomes of its answer; the program itself is one that copies a PDF."""
    programs = tmp_path / "programs"
    programs.mkdir()
    (tmp_path / "made.pdf").write_bytes(pdf)
    _program(
        programs,
        "soffice",
        f'echo "$@" >{tmp_path}/said\nmkdir -p "${{7}}"\ncp {tmp_path}/made.pdf "$7/document.pdf"\n',
    )
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    one = client()
    status, body, _ = one.ask("POST", "/documents?type=doc&width=100", b"a document")
    assert (status, json.loads(body)["pages"]) == (201, 3)
    said = (tmp_path / "said").read_text().split()
    assert said[1:5] == ["--headless", "--norestore", "--convert-to", "pdf"] and said[-1].endswith("/document.doc")
    assert said[0].startswith("-env:UserInstallation=file://")


def test_programs_that_hang_fail_or_are_missing(client, tmp_path, monkeypatch):
    programs = tmp_path / "programs"
    programs.mkdir()
    monkeypatch.setattr(pages, "_OFFICE_PROGRAMS", ("soffice-of-the-test",))
    one = client(timeout_s=0.5)
    assert one.refused("POST", "/documents?type=ppt", b"x") == (
        422,
        "this converter has no LibreOffice, so it converts PDF only",
    )
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    _program(programs, "soffice-of-the-test", "exec sleep 100\n")
    assert one.refused("POST", "/documents?type=ppt", b"x") == (422, "the document takes too long to convert")
    _program(programs, "soffice-of-the-test", "exit 0\n")
    assert one.refused("POST", "/documents?type=ppt", b"x") == (422, "the document cannot be read")
    assert one.files() == []


def test_the_command_starts_it(pdf, tmp_path):
    (tmp_path / "scratch").mkdir()
    environment = {**os.environ, "TMPDIR": str(tmp_path / "scratch")}
    command = [sys.executable, "-m", "host_tools.converter", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            port = int(process.stdout.readline().rpartition(":")[2])
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            connection.request("POST", "/documents?type=pdf", pdf)
            assert json.loads(connection.getresponse().read())["pages"] == 3
            connection.close()
            assert os.listdir(tmp_path / "scratch")
        finally:
            process.terminate()
    assert process.returncode == 0 and not os.listdir(tmp_path / "scratch")
