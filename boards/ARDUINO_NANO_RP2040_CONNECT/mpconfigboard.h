// Arduino Nano RP2040 Connect: an RP2040, 16 MB of flash, and a NINA-W102 that keeps sockets and Wi-Fi to itself.

#define MICROPY_HW_BOARD_NAME           "Arduino Nano RP2040 Connect"

// The upper 13 MB of flash hold the file system; mpconfigboard.cmake gives the linker the other 3.
#define MICROPY_HW_FLASH_STORAGE_BYTES  (13 * 1024 * 1024)

#include "../common/mpconfigboard_rp2.h"

#define MICROPY_PY_NETWORK_HOSTNAME_DEFAULT "mpkiosk-nano"

// The chip answers with the numbers of the C library, and the table of errors is made from those.
#define MICROPY_USE_INTERNAL_ERRNO      (0)

// The NINA's own pins: LEDs and inputs that are reached over SPI.
#define MICROPY_HW_PIN_EXT_COUNT        (7)
#define MICROPY_HW_ADC_EXT_COUNT        (4)

#define MICROPY_HW_USB_VID              (0x2341)
#define MICROPY_HW_USB_PID              (0x025e)
#define MICROPY_HW_USB_CDC_1200BPS_TOUCH (1)

// The buses of the headers; SPI 1 goes to the NINA.
#define MICROPY_HW_SPI1_SCK             (14)
#define MICROPY_HW_SPI1_MOSI            (11)
#define MICROPY_HW_SPI1_MISO            (8)

#define MICROPY_HW_WIFI_SPI_ID          (1)
#define MICROPY_HW_WIFI_SPI_BAUDRATE    (8 * 1000 * 1000)
#define MICROPY_HW_NINA_RESET           (3)
#define MICROPY_HW_NINA_GPIO0           (2)
#define MICROPY_HW_NINA_GPIO1           (9)
#define MICROPY_HW_NINA_ACK             (10)
