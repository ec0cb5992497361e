# Arduino Nano RP2040 Connect: sockets are the NINA's; a double tap on its button starts the boot loader.
set(MICROPY_PY_NETWORK_NINAW10 1)
set(MICROPY_HW_ENABLE_DOUBLE_TAP 1)

# nina.c has these two functions instead of the driver's.
list(APPEND MICROPY_SOURCE_BOARD ${CMAKE_CURRENT_LIST_DIR}/nina.c)
set_source_files_properties(${MICROPY_DIR}/drivers/ninaw10/nina_wifi_bsp.c
    PROPERTIES COMPILE_DEFINITIONS nina_bsp_spi_slave_select=nina_select_for_ever)
set_source_files_properties(${MICROPY_DIR}/drivers/ninaw10/nina_wifi_drv.c
    PROPERTIES COMPILE_DEFINITIONS nina_connection_reason=nina_read_reason)

include(${CMAKE_CURRENT_LIST_DIR}/../common/rp2.cmake)

# The pins that the NINA lends start it when one is used, not before the interpreter (nina.c).
list(APPEND MICROPY_SOURCE_BOARD ${CMAKE_CURRENT_LIST_DIR}/../common/nina.c)
set_source_files_properties(${MICROPY_DIR}/drivers/ninaw10/machine_pin_nina.c PROPERTIES
    COMPILE_DEFINITIONS "nina_init=mpkiosk_nina_init_later;nina_ioctl=mpkiosk_nina_ioctl")
set_source_files_properties(${MICROPY_DIR}/drivers/ninaw10/nina_wifi_drv.c PROPERTIES
    COMPILE_DEFINITIONS "nina_bsp_spi_slave_select=mpkiosk_nina_select")
