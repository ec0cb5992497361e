"""Scenarios of CameraContext's videos, with a camera and a microphone that give what they are told; see tests/conformance/proof.py."""

FAKES = ("drivers/camera/fake", "drivers/audio/fake")
PICTURES = [b"\xff\xd8\xff\xda\x00\x04\x01\x02" + bytes([number]) * 700 + b"\xff\xd9" for number in range(9)]


def _films(allow=("scope.camera", "scope.record")):
    # Allow it, and put the fakes (Camera, Microphone, from FAKES) where the board has its own.
    import sys

    import board
    from kiosk import app
    from kiosk.media import recorder

    class Lens:
        facings = ("back",)

    app.current.settings["allow"] = allow
    camera = Camera(PICTURES, frame_ms=20)  # noqa: F821  of the fakes
    Lens.camera = staticmethod(lambda facing: camera)
    board.camera, sys.modules["lens"] = "lens", Lens
    recorder._current = recorder.Recorder(Microphone())  # noqa: F821
    return camera


async def a_video(t):
    """wx.createCameraContext CameraContext.startRecord CameraContext.stopRecord"""
    camera = _films()
    context = wx.createCameraContext()
    answers = []
    await t.fails(lambda: context.stopRecord(compressed=True), 1001, "stopRecord:fail record not start")
    context.startRecord(timeout=300, timeoutCallback=answers.append, success=answers.append, fail=answers.append)
    await t.until(lambda: answers and camera.begun > 5)
    assert answers == [{"errMsg": "startRecord:ok"}]
    await t.fails(lambda: context.startRecord(), 1001, "startRecord:fail is recording")
    res = await context.stopRecord(compressed=False)
    assert res.errMsg == "stopRecord:ok" and not camera.is_open and len(answers) == 1
    files = wx.getFileSystemManager()
    assert files.readFileSync(res.tempVideoPath, None, 0, 4) == b"RIFF"
    assert files.readFileSync(res.tempThumbPath) in PICTURES


async def its_longest_time(t):
    """CameraContext.startRecord"""
    camera = _films(("scope.camera",))  # the fake microphone says 300 ms in no time
    context, answers = wx.createCameraContext(), []
    text = "startRecord:fail parameter error: parameter.timeout should be at most 300;"
    await t.fails(lambda: context.startRecord(timeout=301), 1001, text)
    await context.startRecord(timeout=0.3, timeoutCallback=answers.append)
    await t.until(lambda: answers)
    assert sorted(answers[0]) == ["tempThumbPath", "tempVideoPath"]
    await t.until(lambda: not camera.is_open)


async def a_fault(t):
    """CameraContext.stopRecord"""
    from kiosk.video import recording

    camera = _films(("scope.camera",))  # as above
    context = wx.createCameraContext()
    await context.startRecord()
    await t.until(lambda: camera.begun > 3)
    camera.faults = ["slow"] * 20
    await t.until(lambda: recording.current is None)
    await t.fails(lambda: context.stopRecord(), 5, "stopRecord:fail timeout: the camera gives no picture")
    camera.faults = ["missing"]
    await t.fails(lambda: context.startRecord(), -1, "startRecord:fail system error: no camera")
