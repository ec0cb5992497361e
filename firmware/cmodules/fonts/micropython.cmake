# FreeType in the tree's lib/; a tree of the user's own may lack it, or have it as it comes, a board may have no flash for it
# (MPKIOSK_WITHOUT_FREETYPE); then the image has no module fonts.
set(FONTS_LIB ${MICROPY_DIR}/lib/freetype)
set(FONTS_FITTED "")
if(EXISTS ${FONTS_LIB}/include/freetype/internal/tttypes.h)
    file(STRINGS ${FONTS_LIB}/include/freetype/internal/tttypes.h FONTS_FITTED REGEX loca_offset)
endif()
if(FONTS_FITTED AND NOT MPKIOSK_WITHOUT_FREETYPE)
    add_library(usermod_fonts INTERFACE)
    foreach(FONTS_FILE charmap fonts outline paint stream)
        target_sources(usermod_fonts INTERFACE ${CMAKE_CURRENT_LIST_DIR}/${FONTS_FILE}.c)
    endforeach()
    # Before the library's own headers are ours of its options.
    target_include_directories(usermod_fonts INTERFACE ${CMAKE_CURRENT_LIST_DIR} ${FONTS_LIB}/include)

    # FreeType is a library of its own, so that its flags are, too; nothing in it holds a qstr.
    set(FONTS_FILES)
    foreach(FONTS_FILE base/ftcalc base/ftdebug base/ftfntfmt base/ftgloadr base/ftlcdfil base/ftobjs base/ftoutln
            base/ftstream base/fttrigon base/ftutil sfnt/sfnt smooth/smooth truetype/truetype)
        list(APPEND FONTS_FILES ${FONTS_LIB}/src/${FONTS_FILE}.c)
    endforeach()
    add_library(mpkiosk_fonts STATIC ${FONTS_FILES})
    target_include_directories(mpkiosk_fonts PRIVATE ${CMAKE_CURRENT_LIST_DIR} ${FONTS_LIB}/include)
    # Its warnings are its authors'.
    target_compile_definitions(mpkiosk_fonts PRIVATE FT2_BUILD_LIBRARY)
    target_compile_options(mpkiosk_fonts PRIVATE -w -O2 -ffunction-sections -fdata-sections)
    target_link_libraries(usermod_fonts INTERFACE mpkiosk_fonts)
    target_link_libraries(usermod INTERFACE usermod_fonts)
endif()
