# Picture libraries in the tree's lib/; a tree of the user's own may lack them, and then the image has no module images.
set(IMAGES_LIB ${MICROPY_DIR}/lib)
if(EXISTS ${IMAGES_LIB}/libspng/spng/spng.c)
    add_library(usermod_images INTERFACE)
    target_sources(usermod_images INTERFACE ${CMAKE_CURRENT_LIST_DIR}/images.c ${CMAKE_CURRENT_LIST_DIR}/encoder.c)
    target_include_directories(usermod_images INTERFACE ${MICROPY_DIR})

    # The rest is a library of its own, so that its flags are, too; nothing in it holds a qstr.
    set(IMAGES_FILES)
    foreach(IMAGES_FILE encode scale png_spng jpeg_turbo)
        list(APPEND IMAGES_FILES ${CMAKE_CURRENT_LIST_DIR}/${IMAGES_FILE}.c)
    endforeach()
    foreach(IMAGES_FILE adler32 crc32 inffast inflate inftrees)
        list(APPEND IMAGES_FILES ${IMAGES_LIB}/zlib/${IMAGES_FILE}.c)
    endforeach()
    foreach(IMAGES_FILE jcomapi jdapimin jdapistd jdcoefct jdcolor jddctmgr jdhuff jdinput jdmainct jdmarker jdmaster
            jdmerge jdphuff jdpostct jdsample jidctint jidctred jmemmgr jsimd_none jutils)
        list(APPEND IMAGES_FILES ${IMAGES_LIB}/libjpeg-turbo/${IMAGES_FILE}.c)
    endforeach()
    add_library(mpkiosk_images STATIC ${IMAGES_FILES})
    target_include_directories(mpkiosk_images PRIVATE ${MICROPY_DIR} ${CMAKE_CURRENT_LIST_DIR} ${IMAGES_LIB}/zlib
        ${IMAGES_LIB}/libjpeg-turbo)
    # Their warnings are their authors'.  No gzip, no files.
    target_compile_definitions(mpkiosk_images PRIVATE Z_SOLO NO_GZIP HAVE_MEMCPY SPNG_DISABLE_OPT)
    target_compile_options(mpkiosk_images PRIVATE -w -O2 -include string.h -ffunction-sections -fdata-sections)
    target_link_libraries(usermod_images INTERFACE mpkiosk_images)
    target_link_libraries(usermod INTERFACE usermod_images)
endif()
