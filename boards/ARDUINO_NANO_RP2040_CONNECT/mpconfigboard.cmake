# Arduino Nano RP2040 Connect: sockets are the NINA's; a double tap on its button starts the boot loader.
set(MICROPY_PY_NETWORK_NINAW10 1)
set(MICROPY_HW_ENABLE_DOUBLE_TAP 1)

# What nina.c has instead of the driver's own goes by other names there.
list(APPEND MICROPY_SOURCE_BOARD ${CMAKE_CURRENT_LIST_DIR}/nina.c)
set(NINA_DRIVER ${MICROPY_DIR}/drivers/ninaw10)
set_source_files_properties(${NINA_DRIVER}/nina_wifi_bsp.c PROPERTIES
    COMPILE_DEFINITIONS "nina_bsp_spi_slave_select=nina_select_for_ever")
set_source_files_properties(${NINA_DRIVER}/nina_wifi_drv.c PROPERTIES COMPILE_DEFINITIONS
    "nina_connection_reason=nina_read_reason;nina_socket_poll=nina_ask_socket;\
nina_socket_send=nina_send_at_once;nina_socket_recv=nina_recv_at_once")
set_source_files_properties(${NINA_DRIVER}/machine_pin_nina.c PROPERTIES
    COMPILE_DEFINITIONS "nina_init=nina_init_later;nina_ioctl=nina_ioctl_for_pin")

include(${CMAKE_CURRENT_LIST_DIR}/../common/rp2.cmake)

# The port's linker script ends at 2 MB, of all boards; this one's image has 3 (partitions.csv).
file(READ ${MICROPY_PORT_DIR}/memmap_mp_rp2040.ld memmap)
string(REPLACE "LENGTH = 2048k" "LENGTH = 3072k" memmap "${memmap}")
file(WRITE ${CMAKE_BINARY_DIR}/memmap_nano.ld "${memmap}")
cmake_language(DEFER CALL pico_set_linker_script ${MICROPY_TARGET} ${CMAKE_BINARY_DIR}/memmap_nano.ld)
