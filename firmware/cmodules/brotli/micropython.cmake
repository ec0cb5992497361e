# Google's decoder, in the tree's lib/brotli.  A tree of the user's own may lack it, a board may have no flash for it
# (MPKIOSK_WITHOUT_BROTLI); then the image has no module brotli.
set(BROTLI_LIB ${MICROPY_DIR}/lib/brotli/c)
if(EXISTS ${BROTLI_LIB}/dec/decode.c AND NOT MPKIOSK_WITHOUT_BROTLI)
    add_library(usermod_brotli INTERFACE)
    target_sources(usermod_brotli INTERFACE ${CMAKE_CURRENT_LIST_DIR}/brotli.c)
    foreach(BROTLI_FILE common/constants common/context common/dictionary common/platform common/shared_dictionary
            common/transform dec/bit_reader dec/decode dec/huffman dec/state)
        target_sources(usermod_brotli INTERFACE ${BROTLI_LIB}/${BROTLI_FILE}.c)
    endforeach()
    target_include_directories(usermod_brotli INTERFACE ${BROTLI_LIB}/include)
    target_link_libraries(usermod INTERFACE usermod_brotli)
endif()
