"""Any ESP32-S3 with MicroPython on it: what `kiosk install` copies as .mpy files.  asyncio is the interpreter's own."""

package("wx", base_path="../../firmware")
package("kiosk", base_path="../../firmware")
module("uploads.py", base_path="../../firmware")
package("uwebsockets", base_path="../../firmware")
package("requests", base_path="../../firmware")
for folder in ("micropython", "python-ecosys"):
    package("requests/requests", base_path="$(MPY_DIR)/lib/micropython-lib/" + folder)
module("urequests.py", base_path="../../firmware")
module("main.py", base_path="../../firmware")
module("rootfs.py", base_path="../common")
module("usbline.py", base_path="../common")
module("station.py", base_path="../common")
module("softguard.py", base_path="../common")
module("board.py")
