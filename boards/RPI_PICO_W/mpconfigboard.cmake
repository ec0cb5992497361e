# Raspberry Pi Pico W: Wi-Fi by the CYW43 driver, sockets by lwIP.
set(PICO_BOARD "pico_w")
set(MICROPY_PY_LWIP ON)
set(MICROPY_PY_NETWORK_CYW43 ON)
# Its dictionary, 122 KB, is for boards with more than 2 MB of flash.
set(MPKIOSK_WITHOUT_BROTLI 1)
# FreeType, 39 KB: wx.loadFontFace fails there and says so.
set(MPKIOSK_WITHOUT_FREETYPE 1)
include(${CMAKE_CURRENT_LIST_DIR}/../common/rp2.cmake)
