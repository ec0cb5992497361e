# What every RP2040 board compiles besides the port.

list(APPEND MICROPY_SOURCE_BOARD ${CMAKE_CURRENT_LIST_DIR}/rp2.c ${CMAKE_CURRENT_LIST_DIR}/rp2_i2s.c)
set_source_files_properties(${MICROPY_DIR}/extmod/machine_i2s.c PROPERTIES HEADER_FILE_ONLY TRUE) # rp2_i2s.c includes it

# The port's flash driver looks after USB between two operations, and raises a pending exception there: the guard's or
# Ctrl-C's would jump out of the middle of littlefs and lose files.  With this it looks after USB and nothing else.
# And what changes the flash is ours, which keeps I2S going meanwhile (rp2_i2s.c).
set_source_files_properties(rp2_flash.c PROPERTIES COMPILE_DEFINITIONS
    "mp_event_handle_nowait=mp_usbd_task;flash_range_erase=mpkiosk_flash_erase;flash_range_program=mpkiosk_flash_program")

# Tasks that have ended are let go.
set_source_files_properties(${MICROPY_DIR}/extmod/modasyncio.c PROPERTIES
    COMPILE_OPTIONS "-include;${CMAKE_CURRENT_LIST_DIR}/tasksgone.h")

set(MICROPY_FROZEN_MANIFEST ${MICROPY_BOARD_DIR}/manifest.py)

# Imports, TLS and JSON nest deeper than the port's 8 KB of stack: the heap cedes 8 KB that lie just below.
set_source_files_properties(main.c PROPERTIES COMPILE_DEFINITIONS
    "__StackBottom=mpkiosk_stack_bottom;__GcHeapEnd=mpkiosk_stack_bottom")
add_link_options(-Wl,--defsym=mpkiosk_stack_bottom=0x2003e000)
