# Arduino Nano RP2040 Connect: sockets are the NINA's; a double tap on its button starts the boot loader.
set(MICROPY_PY_NETWORK_NINAW10 1)
set(MICROPY_HW_ENABLE_DOUBLE_TAP 1)
include(${CMAKE_CURRENT_LIST_DIR}/../common/rp2.cmake)
