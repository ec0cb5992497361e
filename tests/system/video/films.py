"""AVI files by ffmpeg: pictures of one colour each, whose brightness is their number; sound whose samples are their time."""

import io
import struct
import subprocess
import wave

from PIL import Image

RATE_HZ = 8000
STEP = 8  # of brightness, from picture to picture
MS = 4  # of the value of a sample, for each ms


def shade(number):
    """The grey of a picture."""
    return 32 + STEP * (number % 24)


def number_of(grey):
    """The picture that has this grey; None where it is none's."""
    number = int(grey - 32 + STEP // 2) // STEP
    return number if 0 <= number < 24 else None


def sample_at(ms):
    """What is heard at a time."""
    return 1 + MS * ms


def ms_of(sample):
    """When a sample is heard."""
    return (sample - 1) / MS


def film(
    tmp_path,
    seconds=2,
    fps=10,
    size=(160, 120),
    codec="pcm_s16le",
    sound=True,
    pictures="mjpeg",
    rate_hz=RATE_HZ,
    paint=None,
):
    """The bytes of an AVI.  codec: ffmpeg's, of the sound; paint(number): an Image instead of a grey one."""
    count = int(seconds * fps)
    raw = io.BytesIO()
    for number in range(count):
        image = paint(number) if paint else Image.new("RGB", size, (shade(number),) * 3)
        raw.write(image.tobytes())
    (tmp_path / "pictures.rgb").write_bytes(raw.getvalue())
    command = [
        "ffmpeg",
        "-v",
        "error",
        "-y",
        "-f",
        "rawvideo",
        "-pix_fmt",
        "rgb24",
        "-s",
        "%dx%d" % size,
        "-r",
        str(fps),
    ]
    command += ["-i", str(tmp_path / "pictures.rgb")]
    if sound:
        with wave.open(str(tmp_path / "sound.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(rate_hz)
            samples = [min(32767, sample_at(at * 1000 // rate_hz)) for at in range(int(seconds * rate_hz))]
            file.writeframes(struct.pack("<%dh" % len(samples), *samples))
        command += ["-i", str(tmp_path / "sound.wav"), "-c:a", codec]
    command += ["-c:v", pictures, "-q:v", "4", str(tmp_path / "made.avi")]
    subprocess.run(command, check=True)
    return (tmp_path / "made.avi").read_bytes()
