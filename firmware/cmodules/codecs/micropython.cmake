# Sound libraries in the tree's lib/; a tree of the user's own may lack them, and then the image has no module codecs.
# GPL_CODECS=1 in the environment takes the GPL's, too: FAAD2, without which AAC is not decoded.
set(CODECS_LIB ${MICROPY_DIR}/lib)
if(EXISTS ${CODECS_LIB}/shine/src/lib/layer3.h)
    add_library(usermod_codecs INTERFACE)
    foreach(CODECS_FILE codecs memory framing mp3_shine aac_vo)
        target_sources(usermod_codecs INTERFACE ${CMAKE_CURRENT_LIST_DIR}/${CODECS_FILE}.c)
    endforeach()
    target_include_directories(usermod_codecs INTERFACE ${MICROPY_DIR})

    # The rest is a library of its own, so that its flags are, too; nothing in it holds a qstr.
    set(CODECS_FILES)
    foreach(CODECS_FILE bitstream huffman l3bitstream l3loop l3mdct l3subband layer3 reservoir tables)
        list(APPEND CODECS_FILES ${CODECS_LIB}/shine/src/lib/${CODECS_FILE}.c)
    endforeach()
    set(CODECS_VO)
    foreach(CODECS_FILE basic_op/basicop2 basic_op/oper_32b src/aac_rom src/aacenc src/aacenc_core src/adj_thr
            src/band_nrg src/bit_cnt src/bitbuffer src/bitenc src/block_switch src/channel_map src/dyn_bits src/grp_data
            src/interface src/line_pe src/memalign src/ms_stereo src/pre_echo_control src/psy_configuration src/psy_main
            src/qc_main src/quantize src/sf_estim src/spreading src/stat_bits src/tns src/transform)
        list(APPEND CODECS_VO ${CODECS_LIB}/vo-aacenc/aacenc/${CODECS_FILE}.c)
    endforeach()
    set_source_files_properties(${CODECS_VO} PROPERTIES INCLUDE_DIRECTORIES
        "${CODECS_LIB}/vo-aacenc/aacenc/inc;${CODECS_LIB}/vo-aacenc/aacenc/basic_op;${CODECS_LIB}/vo-aacenc/common/include")
    list(APPEND CODECS_FILES ${CODECS_VO})
    if("$ENV{GPL_CODECS}" STREQUAL "1")
        set(CODECS_FAAD ${CMAKE_CURRENT_LIST_DIR}/aac_faad.c ${CMAKE_CURRENT_LIST_DIR}/aac_filterbank.c)
        foreach(CODECS_FILE bits common decoder drc error huffman is mp4 ms pns pulse specrec syntax tns)
            list(APPEND CODECS_FAAD ${CODECS_LIB}/faad2/libfaad/${CODECS_FILE}.c)
        endforeach()
        # Low complexity only, and no SBR: the rest would take 100 KB and more.
        set_source_files_properties(${CODECS_FAAD} PROPERTIES
            COMPILE_DEFINITIONS
            "FIXED_POINT;LC_ONLY_DECODER;DISABLE_SBR;HAVE_INTTYPES_H;HAVE_STRING_H;PACKAGE_VERSION=\"\";NDEBUG"
            INCLUDE_DIRECTORIES "${CODECS_LIB}/faad2/include;${CODECS_LIB}/faad2/libfaad")
        target_compile_definitions(usermod_codecs INTERFACE MPKIOSK_FAAD2=1)
        list(APPEND CODECS_FILES ${CODECS_FAAD})
    endif()
    add_library(mpkiosk_codecs STATIC ${CODECS_FILES})
    target_include_directories(mpkiosk_codecs PRIVATE ${MICROPY_DIR} ${CMAKE_CURRENT_LIST_DIR})
    # Their memory is that of the object they work for.  Their warnings are their authors'.
    target_compile_options(mpkiosk_codecs PRIVATE -w -Os -ffunction-sections -fdata-sections)
    set_source_files_properties(${CODECS_FILES} PROPERTIES
        COMPILE_OPTIONS "-include;${CMAKE_CURRENT_LIST_DIR}/allocation.h")
    # What takes time.
    set_source_files_properties(${CODECS_FAAD} PROPERTIES
        COMPILE_OPTIONS "-include;${CMAKE_CURRENT_LIST_DIR}/allocation.h;-O2")
    # Ours, which is to play in real time: for speed rather than size, and with its warnings.
    set(CODECS_MP3)
    foreach(CODECS_FILE mp3 mp3_huffman mp3_imdct mp3_side mp3_stereo mp3_synthesis)
        list(APPEND CODECS_MP3 ${CMAKE_CURRENT_LIST_DIR}/${CODECS_FILE}.c)
    endforeach()
    add_library(mpkiosk_mp3 STATIC ${CODECS_MP3})
    target_compile_options(mpkiosk_mp3 PRIVATE -Wall -O2 -ffunction-sections -fdata-sections)
    target_link_libraries(usermod_codecs INTERFACE mpkiosk_codecs mpkiosk_mp3)
    target_link_libraries(usermod INTERFACE usermod_codecs)
endif()
