# Ports that build with CMake; micropython.mk says the same for the others.
add_library(usermod_tlspeer INTERFACE)
target_sources(usermod_tlspeer INTERFACE ${CMAKE_CURRENT_LIST_DIR}/tlspeer.c)
target_include_directories(usermod_tlspeer INTERFACE ${CMAKE_CURRENT_LIST_DIR})
target_compile_definitions(usermod_tlspeer INTERFACE MBEDTLS_USER_CONFIG_FILE="mbedtls_user_config.h")
target_link_options(usermod_tlspeer INTERFACE
    -Wl,--wrap=mbedtls_ssl_set_hostname,--wrap=mbedtls_ssl_handshake,--wrap=m_tracked_calloc
)
target_link_libraries(usermod INTERFACE usermod_tlspeer)
