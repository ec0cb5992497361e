"""Recording: what becomes of pictures and sound, how it ends, and what is kept when something fails."""

import asyncio
import os

from kiosk import tasks
from kiosk.errors import KioskError
from kiosk.media import recorder
from kiosk.video import avireader, recording
from kiosk.video.avireader import SOUND
from kiosk.video.recording import VideoRecording
from tests.fakes.filmset import Filmset, jpeg


async def read(path, size=600):
    """The reader; (time_ms, number) of the pictures; ms of sound."""
    async with await avireader.open_file(path) as reader:
        await reader.measure()
        pictures, sound = [], 0
        while True:
            kind = await reader.next()
            if not kind:
                break
            if kind == SOUND:
                sound += reader.size
            elif reader.size:
                data = bytearray(reader.size)
                await reader.read_into(memoryview(data))
                number = data[20]
                assert bytes(data).startswith(jpeg(number, size)), data[:24]
                pictures.append((reader.time_ms, number))
        return reader, pictures, reader.header.sound.time_ms(sound) if sound else 0


async def is_indexed(path):
    async with await avireader.open_file(path) as reader:
        return await reader.has_index()


async def record(recording, until):
    """From start to end: what finish() says."""
    await recording.start()
    task = asyncio.create_task(recording.finish())
    await until(recording)
    return await task


async def stopped_after(film, pictures):
    one = VideoRecording(30000)

    async def until(recording):
        await film.when(lambda: recording._writer.pictures >= pictures)
        recording.stop()

    return await record(one, until)


async def test_a_recording_is_what_was_seen_and_heard():
    async with Filmset() as film:
        fault, kept = await stopped_after(film, 20)
        assert fault is None and kept.pictures >= 20 and (kept.width, kept.height) == (320, 240)
        reader, pictures, sound = await read(film.path(kept.url))
        assert await is_indexed(film.path(kept.url)) and reader.header.sound and reader.duration_ms == kept.duration_ms
        assert len(pictures) == kept.pictures and kept.size == os.stat(film.path(kept.url))[6]
        numbers = [number for _, number in pictures]
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        # 60 ms apart, as the camera gave them, but for what the host was busy with
        assert pictures[-1][0] - pictures[0][0] >= 60 * (len(pictures) - 2)
        assert abs(sound - kept.duration_ms) <= 80
        with open(film.path(kept.thumb_url), "rb") as file:
            assert file.read() == jpeg(numbers[0])
        assert len(film.temporary()) == 2 and film.microphone.opened == [8000]
        assert recording.current is None and not film.microphone.is_open


async def test_it_ends_by_itself_when_it_is_as_long_as_it_may_be():
    async with Filmset():

        async def wait(one):
            pass

        one = VideoRecording(500)
        fault, kept = await record(one, wait)
        assert fault is None and one.ended_by == "time" and 500 <= kept.duration_ms <= 600


async def test_it_ends_when_it_is_no_longer_seen():
    async with Filmset() as film:
        shown = [True]
        for name in ("page", "program"):
            one = VideoRecording(30000, is_shown=lambda: shown[0])

            async def hide(one, name=name):
                await film.when(lambda: one._writer.pictures >= 2)
                if name == "page":
                    shown[0] = False
                else:
                    film.program.visible = False

            fault, kept = await record(one, hide)
            assert fault is None and one.ended_by == "hidden" and kept.pictures >= 2
            shown[0] = True
        film.program.visible = True


async def test_one_at_a_time():
    async with Filmset() as film:
        one = VideoRecording(30000)
        await one.start()
        try:
            await VideoRecording(30000).start()
        except KioskError as exc:
            assert exc.reason == "is recording" and exc.errno == 1001
        else:
            raise AssertionError
        await film.when(lambda: one._writer.pictures)
        one.stop()
        await one.finish()
        assert (await stopped_after(film, 2))[0] is None


async def is_silent(**settings):
    async with Filmset(**settings) as film:
        fault, kept = await stopped_after(film, 5)
        reader, pictures, sound = await read(film.path(kept.url))
        assert fault is None and not reader.header.sound and sound == 0 and len(pictures) == kept.pictures
        assert not film.microphone or film.microphone.opened == []


async def test_without_a_microphone_there_is_no_sound():
    await is_silent(microphone=False)


async def test_without_the_right_to_the_microphone_there_is_no_sound():
    await is_silent(allow=("scope.camera",))


async def test_a_microphone_that_somebody_has_is_left_to_them():
    async with Filmset() as film:
        recorder.current().start(16000, 1)
        fault, kept = await stopped_after(film, 5)
        assert fault is None and not (await read(film.path(kept.url)))[0].header.sound
        assert recorder.current().is_open and film.microphone.opened == [16000]
        recorder.current().stop()


async def test_a_microphone_that_fails_ends_the_sound_only():
    async with Filmset() as film:
        one = VideoRecording(30000)

        async def until(one):
            await film.when(lambda: one._writer.pictures >= 5)
            film.microphone.fail = 5
            await film.when(lambda: not film.microphone.is_open)
            pictures = one._writer.pictures
            await film.when(lambda: one._writer.pictures >= pictures + 10)
            one.stop()

        fault, kept = await record(one, until)
        reader, pictures, sound = await read(film.path(kept.url))
        assert fault is None and reader.header.sound and sound and len(pictures) == kept.pictures >= 15
        assert pictures[-1][0] > sound + 300 and kept.duration_ms >= pictures[-1][0]


async def test_a_camera_that_cannot_be_used_says_so_and_leaves_nothing():
    async with Filmset() as film:
        film.camera.faults = ["missing"]
        try:
            await VideoRecording(30000).start()
        except KioskError as exc:
            assert "no camera" in exc.reason
        else:
            raise AssertionError
        assert film.temporary() == [] and film.microphone.opened == []
        await film.when(lambda: not tasks.running())
        assert (await stopped_after(film, 2))[0] is None


async def test_pictures_that_break_off_are_left_out():
    async with Filmset() as film:
        film.camera.faults = [None, None, None, "truncated", None, "no end", None, "no start"]
        fault, kept = await stopped_after(film, 12)
        reader, pictures, _ = await read(film.path(kept.url))
        assert fault is None and len(pictures) == kept.pictures and kept.dropped >= 2
        assert len({number for _, number in pictures}) == len(pictures)


async def test_a_camera_that_fails_for_good_ends_it_and_what_was_seen_is_kept():
    async with Filmset() as film:
        one = VideoRecording(30000)

        async def until(one):
            await film.when(lambda: one._writer.pictures >= 5)
            film.camera.faults = ["no answer"] * 50

        fault, kept = await record(one, until)
        assert isinstance(fault, KioskError) and one.ended_by == "fault" and "does not answer" in fault.reason
        reader, pictures, _ = await read(film.path(kept.url))
        assert await is_indexed(film.path(kept.url)) and len(pictures) == kept.pictures >= 5
        film.camera.faults = []
        await film.when(lambda: not tasks.running())
        assert (await stopped_after(film, 2))[0] is None


async def test_a_full_flash_ends_it_and_what_was_written_plays():
    async with Filmset(size_kb=160, picture=3000, frame_ms=5) as film:
        one = VideoRecording(30000)

        async def wait(one):
            pass

        fault, kept = await record(one, wait)
        assert (fault.args[0], fault.errno, one.ended_by) == ("no space", 1300202, "fault")
        assert not await is_indexed(film.path(kept.url))
        reader, pictures, _ = await read(film.path(kept.url), 3000)
        assert reader.duration_ms == kept.duration_ms > 0 and len(pictures) == kept.pictures > 3
        assert film.path(kept.thumb_url)
        os.remove(film.path(kept.url))
        os.remove(film.path(kept.thumb_url))
        film.camera.pictures = [jpeg(number) for number in range(20)]
        assert (await stopped_after(film, 2))[0] is None


async def test_a_recording_that_is_cut_short_by_the_programs_end_leaves_nothing():
    async with Filmset() as film:
        one = VideoRecording(30000)

        async def all_of_it():
            try:
                await one.start()
                await one.finish()
            finally:
                tasks.finished()

        tasks.spawn(all_of_it())
        await film.when(lambda: one._writer and one._writer.pictures >= 3)
        await tasks.cancel_all()
        assert film.temporary() == [] and recording.current is None and not film.microphone.is_open


async def recorded(film, is_compressed, settle):
    """The time of each picture; settle(one): before the end."""
    one = VideoRecording(30000, is_compressed=is_compressed)

    async def until(one):
        await film.when(lambda: one._writer.duration_ms >= 1500)
        settle(one)
        one.stop()

    fault, kept = await record(one, until)
    assert fault is None
    return [time_ms for time_ms, _ in (await read(film.path(kept.url)))[1]]


async def test_one_that_is_compressed_from_the_start_has_pictures_of_fewer_bytes():
    async with Filmset(frame_ms=20) as film:
        for settle in (lambda one: None, lambda one: one.compress()):
            times = await recorded(film, True, settle)
            assert film.camera.settings[-1] == ("quality", 30)
            assert any(later - earlier < 160 for earlier, later in zip(times, times[1:])), times


async def test_one_that_is_compressed_in_the_end_has_fewer_pictures():
    async with Filmset(frame_ms=20) as film:
        times = await recorded(film, False, lambda one: one.compress())
        assert film.camera.settings[-1] == ("quality", 60)
        assert all(later - earlier >= 160 for earlier, later in zip(times, times[1:])) and len(times) >= 4
