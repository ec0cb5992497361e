"""What `kiosk install` copies to every board with stock MicroPython, as .mpy files.  asyncio is the interpreter's own."""

package("wx", base_path="../../firmware")
package("kiosk", base_path="../../firmware")
module("uploads.py", base_path="../../firmware")
package("uwebsockets", base_path="../../firmware")
package("requests", base_path="../../firmware")
for folder in ("micropython", "python-ecosys"):
    package("requests/requests", base_path="$(MPY_DIR)/lib/micropython-lib/" + folder)
module("urequests.py", base_path="../../firmware")
module("main.py", base_path="../../firmware")
module("rootfs.py")
module("usbline.py")
