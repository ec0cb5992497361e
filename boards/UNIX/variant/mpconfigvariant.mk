# The emulator's image, for both word sizes: the Makefile at the top adds MICROPY_FORCE_32BIT=1 for the second.

PROG = mpkiosk
FROZEN_MANIFEST ?= $(VARIANT_DIR)/../manifest.py

# What no board has.
MICROPY_PY_BTREE = 0
MICROPY_PY_FFI = 0
MICROPY_PY_JNI = 0
MICROPY_PY_THREAD = 0
MICROPY_PY_BLUETOOTH = 0
MICROPY_VFS_LFS1 = 0

MICROPY_PY_SSL = 1
MICROPY_SSL_MBEDTLS = 1
MBEDTLS_USER_CONFIG = $(VARIANT_DIR)/mbedtls_heap_config.h

# Debian's extmod.mk links the system's mbedtls, which has neither MicroPython's configuration nor a 32-bit twin.
# Where the tree has no recipe of its own for lib/mbedtls (upstream's has), compile all of it: --gc-sections drops
# the rest.  mp_mbedtls_errors.c takes the place of error.c.
ifeq ($(shell grep -c '^MBEDTLS_DIR' $(TOP)/extmod/extmod.mk),0)
override LDFLAGS_EXTMOD :=
CFLAGS_EXTMOD += -DMBEDTLS_CONFIG_FILE='"mbedtls/mbedtls_config_port.h"' -I$(TOP)/lib/mbedtls/include
SRC_THIRDPARTY_C += lib/mbedtls_errors/mp_mbedtls_errors.c
SRC_THIRDPARTY_C += $(patsubst $(TOP)/%,%,$(filter-out %/error.c,$(wildcard $(TOP)/lib/mbedtls/library/*.c)))
endif

# Imports within imports take as much stack as on a board.
$(BUILD)/py/builtinimport.o: CFLAGS += -include $(VARIANT_DIR)/importpath.h

# Tasks that have ended are let go.
$(BUILD)/extmod/modasyncio.o: CFLAGS += -include $(VARIANT_DIR)/../../common/tasksgone.h

# `machine`: MicroPython's own classes, and this board's half of them in ../machine.
MACHINE_DIR = $(VARIANT_DIR)/../machine
SRC_C += $(wildcard $(MACHINE_DIR)/*.c)
SHARED_SRC_C_EXTRA += runtime/mpirq.c
CFLAGS += -I$(MACHINE_DIR)
LDFLAGS_EXTRA += -lrt
$(BUILD)/extmod/modmachine.o: CFLAGS += -include $(MACHINE_DIR)/globals.h
# Upstream compiles this file for ports that do not ask for -Wextra.
$(BUILD)/extmod/machine_i2c.o: CFLAGS += -Wno-sign-compare
