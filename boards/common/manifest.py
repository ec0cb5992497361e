"""What every board freezes: asyncio, the firmware and the trusted certificates. Optimised at 2, not 3, which would cost the line numbers."""

include("$(MPY_DIR)/extmod/asyncio")
package("wx", base_path="../../firmware", opt=2)
package("kiosk", base_path="../../firmware", opt=2)
module("uploads.py", base_path="../../firmware", opt=2)
module("main.py", base_path="../../firmware", opt=2)
module("boot.py", base_path="../../firmware", opt=2)
package("kiosk", base_path="../../build/roots", opt=2)
