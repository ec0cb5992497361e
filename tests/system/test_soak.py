"""What requests leave behind on a heap of 190 KB: the small form of `make bench`'s ten thousand."""

from tests.bench.soak import soak


def test_three_hundred_requests_with_one_in_ten_aborted():
    counted, _ = soak("aborted", 300, 11)
    assert counted["calls"] == counted["complete"] == counted["success"] + counted["fail"] == 300
    assert counted["wrong"] == 0 and counted["fail"] > 0, counted
    assert counted["descriptors"] == 0 and counted["heap"] <= 512, counted
