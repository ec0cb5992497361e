// What the configurations of all RP2040 boards have in common.

// Sockets and TLS; a kiosk has no remote REPL but its console.
#define MICROPY_PY_NETWORK              (1)
#define MICROPY_PY_WEBSOCKET            (0)
#define MICROPY_PY_WEBREPL              (0)

// One core runs Python: the guard's exception and Ctrl-C reach the code that holds the loop, and nothing locks.
#define MICROPY_PY_THREAD               (0)

// The console is USB, and what that consists of does not change while the board runs.
#define MICROPY_HW_USB_MSC              (0)
#define MICROPY_HW_ENABLE_USB_RUNTIME_DEVICE (0)
#define MICROPY_PY_OS_DUPTERM           (0)

#define MICROPY_PY_HASHLIB_MD5          (1)

void mpkiosk_startup(void);
#define MICROPY_BOARD_STARTUP()         mpkiosk_startup()
