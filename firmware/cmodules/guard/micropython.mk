# The Unix port; boards with CMake have their own list beside this one.
GUARD_DIR := $(USERMOD_DIR)
SRC_USERMOD += $(GUARD_DIR)/guard.c $(GUARD_DIR)/guard_unix.c
CFLAGS_USERMOD += -I$(GUARD_DIR)
