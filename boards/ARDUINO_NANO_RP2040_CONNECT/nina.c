// What MicroPython's driver of the NINA-W102 gets wrong for a kiosk: when the chip is started, how long it is waited for,
// who joins again, and what a dead socket does.
//
//   nina.reason()        why the chip is not connected (ESP-IDF's wifi_err_reason_t); 0: it is, or is still trying;
//                        255: it does not answer
//   nina.power_save(on)  sleep between beacons, or not; OSError when the chip does not answer
//
// The build gives the driver's own functions other names (mpconfigboard.cmake); those of here take their places.
#include "py/mperrno.h"
#include "py/mphal.h"
#include "py/runtime.h"
#include "shared/runtime/softtimer.h"
#include "shared/tinyusb/mp_usbd.h"

#include "nina_bsp.h"
#include "nina_wifi_drv.h"

// The guard allows five seconds, of which one may have passed: a chip's fault is not to stop the mini-program.  A scan,
// the longest that the chip works at one command, takes 100 to 300 ms for each of 13 channels.
#define REPLY_MS (3500)
#define GONE_MS (2) // for a chip that has let a limit pass, until it answers again
#define SELECT_MS (100)
#define ASK_AGAIN_MS (2) // a socket that is waited for,
#define ASK_RARELY_MS (20) // when it has been asked ASKED_MAX times in vain: each time takes a millisecond
#define ASKED_MAX (100)

// The chip's transfers by DMA have at most 4,092 bytes, a command's or an answer's frame included.
#define PIECE_BYTES (4092 - 16)

#define SET_POWER (0x17)
#define START (0xE0)
#define END (0xEE)
#define REPLY (0x80)

#define POLL_READ (0x01)
#define POLL_WRITE (0x02)

// The driver's own.
int nina_read_reason(void);
int nina_ask_socket(int fd, uint8_t *flags);
int nina_send_at_once(int fd, const uint8_t *buf, uint32_t len);
int nina_recv_at_once(int fd, uint8_t *buf, uint32_t len);

static bool gone;

static void ring(soft_timer_entry_t *self) {
    (void)self; // its interrupt is all that is wanted
}

static soft_timer_entry_t alarm_clock = { .mode = SOFT_TIMER_MODE_ONE_SHOT, .c_callback = ring };

static bool started(void) {
    return MP_STATE_PORT(mp_wifi_spi) != NULL;
}

// The driver starts the chip before the interpreter, for the pins that it lends the board, and once more with Wi-Fi:
// 0.85 s of waiting each time.  Here Wi-Fi starts it, or the first use of such a pin; until then every command fails,
// so that a station that is not active is not connected.
int nina_init_later(void) {
    return 0;
}

int nina_ioctl_for_pin(uint32_t command, size_t size, uint8_t *buffer, uint32_t interface) {
    if (!started()) {
        nina_init();
    }
    return nina_ioctl(command, size, buffer, interface);
}

// The driver's own waits for ever for a reply, and raises pending exceptions (the guard's, Ctrl-C) in the middle of an
// exchange, with the scheduler locked: it would stay locked.
static bool wait_for_ack(int level, mp_uint_t limit_ms) {
    for (mp_uint_t start = mp_hal_ticks_ms(); mp_hal_pin_read(MICROPY_HW_NINA_ACK) != level;) {
        if (mp_hal_ticks_ms() - start >= limit_ms) {
            return false;
        }
        mp_usbd_task();
        MICROPY_INTERNAL_WFE(1);
    }
    return true;
}

int nina_bsp_spi_slave_select(uint32_t timeout_ms) {
    if (!started()) {
        return -1;
    }
    uint32_t limit_ms = gone ? GONE_MS : timeout_ms ? timeout_ms : REPLY_MS;
    gone = !wait_for_ack(0, limit_ms);
    if (gone) {
        return -1;
    }
    mp_hal_pin_write(MICROPY_HW_NINA_GPIO1, 0);
    gone = !wait_for_ack(1, SELECT_MS);
    if (gone) {
        mp_hal_pin_write(MICROPY_HW_NINA_GPIO1, 1);
        return -1;
    }
    return 0;
}

// The driver asks ten times a second while the chip is not connected, and joins again by itself for most reasons: for
// ever, at once, and with an exception that shows the key when the chip is gone.  Told of no reason, it lets that be.
int nina_connection_reason(void) {
    return 0;
}

// The driver raises the failure to ask a socket out of poll(), which ends the event loop for all.  A socket that is dead
// is one to read from and to write to: whoever does so is told.
// And nothing interrupts the sleep of poll() when the chip has news: it would sleep until the loop's next timer.
int nina_socket_poll(int fd, uint8_t *flags) {
    if (nina_ask_socket(fd, flags) != 0) {
        *flags = POLL_READ | POLL_WRITE;
    }
    static unsigned asked;
    asked = *flags & POLL_READ ? 0 : asked + (asked < ASKED_MAX);
    soft_timer_reinsert(&alarm_clock, asked < ASKED_MAX ? ASK_AGAIN_MS : ASK_RARELY_MS);
    return 0;
}

// The driver passes on 16 bits of the length: 65,536 bytes of room are none, which reads as the end of the connection.
// And the chip loses what is more than it can take.
int nina_socket_recv(int fd, uint8_t *buf, uint32_t len) {
    return nina_recv_at_once(fd, buf, MIN(len, PIECE_BYTES));
}

int nina_socket_send(int fd, const uint8_t *buf, uint32_t len) {
    return nina_send_at_once(fd, buf, MIN(len, PIECE_BYTES));
}

static mp_obj_t nina_reason(void) {
    int status = nina_connection_status();
    if (status == NINA_STATUS_CONNECTED || status == NINA_STATUS_NO_SSID_AVAIL) {
        return MP_OBJ_NEW_SMALL_INT(0);
    }
    return MP_OBJ_NEW_SMALL_INT(nina_read_reason());
}
static MP_DEFINE_CONST_FUN_OBJ_0(nina_reason_obj, nina_reason);

// A command that the driver does not have.
static bool set_power(bool save) {
    const uint8_t command[8] = { START, SET_POWER, 1, 1, save, END, 0xFF, 0xFF };
    uint8_t reply[8] = { 0 };
    bool sent = nina_bsp_spi_slave_select(REPLY_MS) == 0;
    if (sent) {
        nina_bsp_spi_transfer(command, NULL, sizeof(command));
        nina_bsp_spi_slave_deselect();
        sent = nina_bsp_spi_slave_select(0) == 0;
    }
    if (sent) {
        nina_bsp_spi_transfer(NULL, reply, sizeof(reply));
        nina_bsp_spi_slave_deselect();
    }
    return reply[0] == START && reply[1] == (SET_POWER | REPLY);
}

static mp_obj_t nina_power_save(mp_obj_t on) {
    nina_bsp_atomic_enter();
    bool done = set_power(mp_obj_is_true(on));
    nina_bsp_atomic_exit();
    if (!done) {
        mp_raise_OSError(MP_EIO);
    }
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(nina_power_save_obj, nina_power_save);

static const mp_rom_map_elem_t nina_globals_table[] = {
    { MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR_nina) },
    { MP_ROM_QSTR(MP_QSTR_reason), MP_ROM_PTR(&nina_reason_obj) },
    { MP_ROM_QSTR(MP_QSTR_power_save), MP_ROM_PTR(&nina_power_save_obj) },
};
static MP_DEFINE_CONST_DICT(nina_globals, nina_globals_table);

const mp_obj_module_t nina_module = {
    .base = { &mp_type_module },
    .globals = (mp_obj_dict_t *)&nina_globals,
};

MP_REGISTER_MODULE(MP_QSTR_nina, nina_module);
