// The kiosk's main board: an ESP32-S3 with 16 MB of flash and 8 MB of octal PSRAM (N16R8).

#define MICROPY_HW_BOARD_NAME           "mpkiosk ESP32-S3"
#define MICROPY_HW_MCU_NAME             "ESP32S3"

#define MICROPY_PY_NETWORK_HOSTNAME_DEFAULT "mpkiosk-s3"
#define MICROPY_PY_BLUETOOTH            (0)
#define MICROPY_PY_ESPNOW               (0)

// The console is the chip's own USB; the UART stays free for a modem.
#define MICROPY_HW_ENABLE_UART_REPL     (0)

#define MICROPY_HW_I2C0_SDA             (4)
#define MICROPY_HW_I2C0_SCL             (5)
