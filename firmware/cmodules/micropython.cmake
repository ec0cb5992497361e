# Every module folder that has a list for boards with CMake.
file(GLOB MPKIOSK_MODULE_LISTS ${CMAKE_CURRENT_LIST_DIR}/*/micropython.cmake)
foreach(MPKIOSK_MODULE_LIST ${MPKIOSK_MODULE_LISTS})
    include(${MPKIOSK_MODULE_LIST})
endforeach()
