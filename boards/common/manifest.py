"""
What every board freezes: asyncio, the firmware, requests, the trusted certificates.

Optimised at 2, not 3, which would cost the line numbers.
"""

include("$(MPY_DIR)/extmod/asyncio")
package("wx", base_path="../../firmware", opt=2)
package("kiosk", base_path="../../firmware", opt=2)
module("uploads.py", base_path="../../firmware", opt=2)
package("uwebsockets", base_path="../../firmware", opt=2)
package("requests", base_path="../../firmware", opt=2)
# micropython-lib's own becomes requests.requests: Debian's tree and micropython-lib keep it in different folders.
for folder in ("micropython", "python-ecosys"):
    package("requests/requests", base_path="$(MPY_DIR)/lib/micropython-lib/" + folder, opt=2)
module("urequests.py", base_path="../../firmware", opt=2)
module("main.py", base_path="../../firmware", opt=2)
package("kiosk", base_path="../../build/roots", opt=2)
module("rootfs.py", opt=2)
