"""kiosk.net.roots and tlspeer: the certificates of the image, each found by its subject; the file that replaces them."""

import gc
import hashlib
import os
import struct

import tlspeer
import vfs
from kiosk.net.shipped_roots import DATA

import board
from kiosk import log
from kiosk.errors import KioskError
from kiosk.net import roots
from tests.fakes.ramblockdev import RAMBlockDev

_ENTRY = ">4sIH"
warnings = []


def _warn(tag, text, *args):
    warnings.append(text % args)


def _ders(data=DATA):
    # Each certificate of a bundle, as its index has it.
    view = memoryview(data)
    for i in range(struct.unpack(">H", view[6:])[0]):
        _, offset, length = struct.unpack(_ENTRY, view[40 + i * 10 :])
        yield view[offset : offset + length]


def _bundle(ders):
    # What host_tools/roots.py makes of them.
    entries = sorted((hashlib.sha256(tlspeer.subject(der)).digest()[:4], bytes(der)) for der in ders)
    offset = 40 + 10 * len(entries)
    rest = b""
    for subject, der in entries:
        rest += struct.pack(_ENTRY, subject, offset, len(der))
        offset += len(der)
    rest += b"".join(der for _, der in entries)
    return struct.pack(">6sH", b"ROOTS\x01", len(entries)) + hashlib.sha256(rest).digest() + rest


def _prepare(**files):
    # A new folder of trusted certificates with these files (`_` for the dot of a name).
    chip = RAMBlockDev(128, 512)
    vfs.VfsLfs2.mkfs(chip)
    vfs.mount(vfs.VfsLfs2(chip), "/ca")
    board.ca_folder = "/ca"
    log.warn = _warn
    for name, data in files.items():
        _write(name, data)
    return roots.prepare()


def _write(name, data):
    with open("/ca/" + name.replace("_", "."), "wb") as file:
        file.write(data)


def _found(subject):
    return [bytes(der) for der in roots.find(subject)]


def test_every_shipped_certificate_is_found_by_its_subject():
    assert _prepare()
    count = 0
    for der in _ders():
        subject = tlspeer.subject(der)  # which is: mbedTLS takes it
        assert bytes(der) in _found(subject)
        count += 1
    assert count > 100 and warnings == []


def test_a_look_up_holds_no_more_than_what_it_finds():
    assert _prepare()
    held = []
    for der in _ders():
        held.append(_held(der))
    assert max(held) < 400  # what is in ROM stays there
    few = list(_ders())[:12]
    assert _prepare_again(_bundle(few))
    for der in few:
        assert _held(der) - len(der) < 400


def _held(der):
    # Bytes that a look-up takes for the time that its answer is kept.
    subject = tlspeer.subject(der)
    roots.find(subject)
    gc.collect()
    before = gc.mem_alloc()
    found = roots.find(subject)
    gc.collect()
    held = gc.mem_alloc() - before
    assert bytes(found[0]) == bytes(der)
    return held


def _prepare_again(data):
    _write("roots_bin", data)
    return roots.prepare()


def test_who_is_not_there_is_not_found():
    assert _prepare()
    for subject in (b"", b"0\x00", b"x" * 1000):
        assert roots.find(subject) == []


def test_a_bundle_in_the_folder_supersedes():
    ders = list(_ders())
    assert _prepare(roots_bin=_bundle(ders[3:5]))
    for der in ders:
        assert _found(tlspeer.subject(der)) == ([bytes(der)] if der in ders[3:5] else [])
    assert warnings == []
    assert _prepare_again(_bundle([])) and roots.find(tlspeer.subject(ders[3])) == []


def test_single_certificates_add():
    ders = list(_ders())
    assert _prepare(roots_bin=_bundle(ders[:2]), one_der=ders[5], two_der=ders[6], again_der=ders[0], other_txt=b"x")
    assert [len(_found(tlspeer.subject(ders[i]))) for i in (0, 1, 2, 5, 6)] == [2, 1, 0, 1, 1]
    assert warnings == []


def test_what_is_damaged_counts_for_nothing():
    ders = list(_ders())
    good = _bundle(ders[3:4])
    assert _prepare(bad_der=b"0\x82", cut_der=ders[5][:-1], long_der=b"0\x82\xff\xff" + bytes(20000), one_der=ders[6])
    assert sorted(warning.split(" ")[0] for warning in warnings) == ["bad.der", "cut.der", "long.der"]
    assert len(_found(tlspeer.subject(ders[6]))) == 2
    for data in (b"", good[:6], good[:8], good[:39], good[:40], good[:-1], good + b"x", b"X" + good[1:]):
        del warnings[:]
        assert _prepare_again(data)
        assert "roots.bin is damaged: the image's own certificates count instead" in warnings
        assert _found(tlspeer.subject(ders[4])) == [bytes(ders[4])], len(data)
    del warnings[:]
    assert _prepare_again(good) and _found(tlspeer.subject(ders[4])) == []
    os.remove("/ca/roots.bin")
    os.mkdir("/ca/roots.bin")
    assert roots.prepare() and _found(tlspeer.subject(ders[4])) == [bytes(ders[4])]
    assert "roots.bin is not to be read ([Errno 21] EISDIR): the image's own certificates count instead" in warnings


def test_a_certificate_that_cannot_be_read_any_more():
    ders = list(_ders())
    assert _prepare(roots_bin=_bundle(ders[:1]), one_der=ders[5])
    os.remove("/ca/one.der")
    try:
        roots.find(tlspeer.subject(ders[5]))
        raise AssertionError
    except KioskError as exc:
        assert exc.reason == "ssl hand shake error: the trusted certificates cannot be read ([Errno 2] ENOENT)"
    os.remove("/ca/roots.bin")
    try:
        roots.find(tlspeer.subject(ders[0]))
        raise AssertionError
    except KioskError as exc:
        assert exc.args[0] == "tls"


def test_without_any():
    real, roots._shipped_bundle = roots._shipped_bundle, lambda: None
    assert not _prepare() and roots.find(b"0\x00") == []
    assert _prepare_again(_bundle(list(_ders())[:1]))
    roots._shipped_bundle = real
    assert roots.prepare()
    roots.forget()
    assert roots.find(tlspeer.subject(list(_ders())[0])) == []


def test_what_a_peer_is_made_of():
    for pins in ((), (b"x" * 32,), (b"x" * 32, b"y" * 32)):
        peer = tlspeer.Peer(roots.find, pins, None)
        assert peer.take_session() is None and peer.stranger is None and (peer.alert, peer.starved) == (0, False)
    for pins, error in (((b"short",), ValueError), ((5,), TypeError), (None, TypeError), ([b"x" * 32], TypeError)):
        try:
            tlspeer.Peer(roots.find, pins, None)
            raise AssertionError(pins)
        except error:
            pass
    for der in (b"", b"0", b"0\x80", b"x" * 500, bytes(list(_ders())[0])[:-1]):
        try:
            tlspeer.subject(der)
            raise AssertionError(der)
        except ValueError:
            pass
    for attempt in ("pinned", "alert"):
        try:
            setattr(peer, attempt, 1)
            raise AssertionError(attempt)
        except AttributeError:
            pass
