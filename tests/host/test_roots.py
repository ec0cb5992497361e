"""The bundle of trusted certificates as the host makes it: `kiosk roots` and the module that an image freezes."""

import hashlib
import random
import struct
import subprocess
import sys

import certifi
import pytest
from cryptography import x509

from host_tools.errors import HostError
from host_tools.paths import ROOT
from host_tools.roots import bundle, from_pem, module, shipped, subject
from tests.certificates import make


def entries(data):
    count = struct.unpack_from(">H", data, 6)[0]
    return [struct.unpack_from(">4sIH", data, 40 + 10 * i) for i in range(count)]


def kiosk(*arguments):
    command = [sys.executable, "-m", "host_tools.cli.main", "roots", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.filterwarnings("ignore:Parsed a serial number")  # of an old root, which is as it is
def test_subjects_are_those_that_others_read():
    for der in shipped():
        assert subject(der) == x509.load_der_x509_certificate(der).subject.public_bytes()


@pytest.mark.parametrize(
    "der",
    [b"", b"0", b"\x30\x03abc", b"\x31\x00", b"\x30\x84\xff\xff\xff\xff", make("a").der[:-1]],
    ids=["nothing", "one byte", "no certificate's content", "another type", "a length without end", "cut"],
)
def test_what_is_no_certificate(der):
    with pytest.raises(HostError, match="not a certificate"):
        subject(der)


def test_a_bundle_has_each_certificate_once_whatever_their_order():
    ders = shipped()
    data = bundle(ders)
    random.Random(1).shuffle(ders)
    assert bundle(ders + ders[:5]) == data
    assert data[:6] == b"ROOTS\1" and data[8:40] == hashlib.sha256(data[40:]).digest()
    assert sorted(data[offset : offset + length] for _, offset, length in entries(data)) == sorted(ders)
    assert [entry[0] for entry in entries(data)] == sorted(entry[0] for entry in entries(data))
    assert len(data) == 40 + sum(10 + len(der) for der in ders)


def test_the_module_is_one_bytes_object(tmp_path):
    data = bundle([make("one").der, make("two").der])
    namespace = {}
    exec(module(data), namespace)
    assert namespace["DATA"] == data


def test_the_command(tmp_path):
    output = tmp_path / "roots.bin"
    done = kiosk(output)
    assert (done.returncode, done.stderr) == (0, "")
    assert output.read_bytes() == bundle(shipped())
    assert done.stdout == f"{output}: {len(shipped())} certificates, {output.stat().st_size} bytes\n"
    one, two = make("one"), make("two")
    (tmp_path / "own.pem").write_text(f"# mine\n{one.pem}\n{two.pem}")
    assert kiosk(output, "--pem", tmp_path / "own.pem", "--pem", certifi.where()).returncode == 0
    assert output.read_bytes() == bundle([one.der, two.der, *shipped()])


def test_the_command_without_certificates(tmp_path):
    (tmp_path / "empty.pem").write_text("nothing")
    (tmp_path / "bad.pem").write_text("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n")
    for name, reason in (
        ("empty.pem", "no certificate in PEM"),
        ("bad.pem", "not a certificate"),
        ("absent.pem", "No such file"),
    ):
        done = kiosk(tmp_path / "roots.bin", "--pem", tmp_path / name)
        assert done.returncode == 1 and reason in done.stderr and len(done.stderr.splitlines()) == 1, name
    assert not (tmp_path / "roots.bin").exists()
    assert kiosk(tmp_path / "no" / "folder").returncode == 1
    assert from_pem(tmp_path / "bad.pem") == [b"0\0"]
