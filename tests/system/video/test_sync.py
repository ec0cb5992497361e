"""Sound and picture on the RP2040's own image: what has gone over the wires when a picture is written."""

from array import array
from collections import Counter

import pytest

from tests.system.video.boardfilm import play
from tests.system.video.films import film, ms_of, number_of

FPS = 5
SECONDS = 3
APART_MS = 80


def watch(glass, speaker, seen):
    """Note of each strip with a picture's grey: its number, and the sample that went over the wire last."""
    fill = glass._fill
    half = bytearray()  # of a pixel: the first byte of a window comes alone

    def noted(data):
        fill(data)
        half.extend(data)
        whole = len(half) // 2 * 2
        words = array("H", bytes(half[:whole]))
        del half[:whole]
        words.byteswap()
        if len(words) < 100 or not speaker.words:
            return
        value = Counter(words).most_common(1)[0][0]
        red, green, blue = value >> 11 << 3, (value >> 5 & 63) << 2, (value & 31) << 3
        _, bits, sample = speaker.words[-1]
        if red == blue and abs(red - green) < 8 and number_of(green) is not None:
            seen.append((number_of(green), sample >> bits - 16))

    glass._fill = noted


@pytest.mark.timeout(1000)
def test_they_stay_within_80_ms(tmp_path):
    content = film(tmp_path, SECONDS, fps=FPS)
    seen = []
    played = play(tmp_path, content, "width:160px;height:120px", lambda *models: watch(*models, seen))
    assert played.shown + played.left_out == SECONDS * FPS and played.shown >= 0.8 * SECONDS * FPS
    middles = []  # a picture takes a while to be painted: its time is the middle of that
    for number in sorted({number for number, _ in seen if number}):
        heard = [ms_of(sample) for each, sample in seen if each == number and sample > 0]
        if heard:
            middles.append((heard[0] + heard[-1]) / 2 - number * 1000 / FPS)
    assert len(middles) >= played.shown - 2
    assert all(abs(each) <= APART_MS for each in middles), [round(each) for each in middles]
    samples = [value for value in played.speaker.side(0) if value]
    assert len(samples) >= 0.99 * SECONDS * 8000 and played.underruns == 0
