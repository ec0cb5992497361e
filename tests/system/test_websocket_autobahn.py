"""Autobahn's cases for WebSocket clients, all of groups 1 to 7 and 10, played by a mini-program in a board's 190 KB."""

import pytest

from tests import autobahn

pytestmark = pytest.mark.online

pytest.importorskip("kosoku", reason="kosoku needs Python 3.10")


@pytest.mark.timeout(1500)
def test_every_case_is_passed(make_kiosk, pytestconfig):
    kiosk = make_kiosk(heap=190 * 1024)
    patience = {} if pytestconfig.getoption("--target") == "unix" else {"all_s": 1400, "pause_s": 20}
    results = autobahn.run(lambda port: autobahn.play_in(kiosk, port, **patience))
    assert autobahn.failures(results) == []
    assert len(results) == 247, autobahn.verdicts(results)


@pytest.mark.emulator("16 MB take an emulated Wi-Fi chip hours")
def test_messages_that_are_too_big_are_told_so(make_kiosk):
    kiosk = make_kiosk(heap=190 * 1024)
    results = autobahn.run(lambda port: autobahn.play_in(kiosk, port), ("9.*",))
    passed = [result.case_id for result in results if result.passed]
    # Those of 9.7 and 9.8 send a thousand messages of up to 16 KB; the others single ones of 64 KB to 16 MB.
    assert passed[-12:] == [f"9.{group}.{case}" for group in (7, 8) for case in range(1, 7)], passed
    codes = {result.remote_close_code for result in results if not result.passed}
    assert codes == {1009}, codes
