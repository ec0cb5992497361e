# What every RP2040 board compiles besides the port.

list(APPEND MICROPY_SOURCE_BOARD ${CMAKE_CURRENT_LIST_DIR}/rp2.c)

# The port's flash driver looks after USB between two operations, and raises a pending exception there: the guard's or
# Ctrl-C's would jump out of the middle of littlefs and lose files.  With this it looks after USB and nothing else.
set_source_files_properties(rp2_flash.c PROPERTIES COMPILE_DEFINITIONS mp_event_handle_nowait=mp_usbd_task)

set(MICROPY_FROZEN_MANIFEST ${MICROPY_BOARD_DIR}/manifest.py)
