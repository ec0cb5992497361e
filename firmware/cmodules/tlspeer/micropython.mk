# Ports that build with make; micropython.cmake says the same for the others.
TLSPEER_DIR := $(USERMOD_DIR)
MBEDTLS_USER_CONFIG ?= $(TLSPEER_DIR)/mbedtls_user_config.h
SRC_USERMOD += $(TLSPEER_DIR)/tlspeer.c
CFLAGS_USERMOD += -I$(TLSPEER_DIR) -DMBEDTLS_USER_CONFIG_FILE='"$(MBEDTLS_USER_CONFIG)"'
LDFLAGS_USERMOD += -Wl,--wrap=mbedtls_ssl_set_hostname,--wrap=mbedtls_ssl_handshake,--wrap=m_tracked_calloc
