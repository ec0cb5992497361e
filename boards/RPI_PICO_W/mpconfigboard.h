// Raspberry Pi Pico W: an RP2040, 2 MB of flash, and a CYW43439 whose TCP/IP (lwIP) takes part of the heap.

#define MICROPY_HW_BOARD_NAME           "Raspberry Pi Pico W"

// The upper part of the flash; partitions.csv says the same.
#define MICROPY_HW_FLASH_STORAGE_BYTES  (320 * 1024)

#include "../common/mpconfigboard_rp2.h"

#define MICROPY_PY_NETWORK_HOSTNAME_DEFAULT "mpkiosk-pico"

#define CYW43_USE_SPI                   (1)
#define CYW43_SPI_PIO                   (1)
#define CYW43_LWIP                      (1)
#define CYW43_GPIO                      (1)

// The pins of the radio, the LED among them.
#define MICROPY_HW_PIN_EXT_COUNT        CYW43_WL_GPIO_COUNT

// The interrupt of the radio outlives a soft reset.
int mp_hal_is_pin_reserved(int n);
#define MICROPY_HW_PIN_RESERVED(i)      mp_hal_is_pin_reserved(i)
