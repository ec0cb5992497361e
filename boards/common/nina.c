// The NINA-W102 is started when it is first used.
//
// The port's driver starts it before the interpreter, for the pins that it lends the board, and once more with Wi-Fi:
// 0.85 s of waiting each time.  Here Wi-Fi starts it, or the first use of such a pin; until then every command fails,
// so that a station that is not active is not connected.  mpconfigboard.cmake puts these in the place of the driver's.
#include "py/runtime.h"

#include "nina_bsp.h"
#include "nina_wifi_drv.h"

static bool started(void) {
    return MP_STATE_PORT(mp_wifi_spi) != NULL;
}

int mpkiosk_nina_init_later(void) {
    return 0;
}

int mpkiosk_nina_ioctl(uint32_t command, size_t size, uint8_t *buffer, uint32_t interface) {
    if (!started()) {
        nina_init();
    }
    return nina_ioctl(command, size, buffer, interface);
}

int mpkiosk_nina_select(uint32_t timeout_ms) {
    return started() ? nina_bsp_spi_slave_select(timeout_ms) : -1;
}
