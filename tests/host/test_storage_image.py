"""What the runtime stores can be read on a PC: littlefs-python mounts the image, json and zlib understand the files."""

import json
import subprocess
import zlib

import littlefs

from host_tools.paths import unix_image

_KB = 1024
_VALUES = {
    "userInfo": {"name": "小明", "tags": ["a", 'quoted "b"'], "age": 7, "ratio": 0.5, "none": None},
    "userinfo": "x" * 9000,
    "a/b ../键": [True, False],
    "long " * 60: "under a hashed name",
    "empty": "",
}
_WRITE = """
import json, sys, vfs
from flashfile import FlashFile
from kiosk.storage import Storage
flash = FlashFile(sys.argv[1], 256 * 1024)
vfs.VfsLfs2.mkfs(flash, progsize=256)
vfs.mount(vfs.VfsLfs2(flash, progsize=256), "/flash")
store = Storage("/flash/data/shop/storage", 100000)
with open(sys.argv[2]) as file:
    values = json.load(file)
for turn in range(3):
    for key, value in values.items():
        store.set(key, "older" * 300 if turn == 0 else value)
vfs.umount("/flash")
"""


def _entries(image):
    """Mount an image as the boards' littlefs; return file name -> content of the store."""
    disk = littlefs.LittleFS(
        block_size=4 * _KB, block_count=len(image) // (4 * _KB), read_size=32, prog_size=256, cache_size=_KB,
        lookahead_size=32, mount=False,
    )  # fmt: skip
    disk.context.buffer = bytearray(image)
    disk.mount()
    found = {}
    for name in disk.listdir("/data/shop/storage"):
        with disk.open("/data/shop/storage/" + name, "rb") as file:
            found[name] = file.read()
    return found


def test_littlefs_python_reads_what_the_runtime_wrote(tmp_path):
    script, values, image = tmp_path / "write.py", tmp_path / "values.json", tmp_path / "flash.img"
    script.write_text(_WRITE)
    values.write_text(json.dumps(_VALUES))
    subprocess.run([unix_image(64), script, image, values], check=True, timeout=60)
    entries = _entries(image.read_bytes())
    found = {}
    for name, data in entries.items():
        if data:
            key, value, checksum = json.loads(data)
            assert int(checksum, 16) == zlib.crc32(data[:-12]), name
            found[key] = value
    assert found == _VALUES
    names = {name[:-2] for name in entries}
    assert {"user+info", "userinfo", "empty", "a=2fb=20=2e=2e=2f=e9=94=ae"} < names
    assert [len(name) for name in names if name.startswith("@")] == [33]
