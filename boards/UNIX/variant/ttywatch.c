// ttywatch: Ctrl-C on the console while the kiosk executes what the console sent.
//
// A board's USB or UART driver looks at each byte as it comes; on a Unix process nobody looks until Python reads.  So
// while code of the console runs, the terminal is asked to signal input, and the handler takes the bytes: Ctrl-C becomes
// KeyboardInterrupt, the rest is kept for the console's next read().
//
//   ttywatch.start(fd)   from now on
//   ttywatch.stop()      -> bytes that came meanwhile, without the Ctrl-C
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "py/runtime.h"

#define CTRL_C (3)

static int watched = -1;
static int flags_before;
static unsigned char kept[1024];
static volatile size_t kept_len;

static void on_input(int signum) {
    (void)signum;
    int waiting = 0;
    while (watched >= 0 && ioctl(watched, FIONREAD, &waiting) == 0 && waiting > 0) {
        unsigned char byte;
        if (read(watched, &byte, 1) != 1) {
            return;
        }
        if (byte == CTRL_C) {
            mp_sched_keyboard_interrupt();
        } else if (kept_len < sizeof(kept)) {
            kept[kept_len++] = byte;
        }
    }
}

static mp_obj_t ttywatch_start(mp_obj_t fd_in) {
    watched = mp_obj_get_int(fd_in);
    kept_len = 0;
    struct sigaction action;
    memset(&action, 0, sizeof(action));
    action.sa_handler = on_input;
    sigaction(SIGIO, &action, NULL);
    flags_before = fcntl(watched, F_GETFL);
    fcntl(watched, F_SETOWN, getpid());
    fcntl(watched, F_SETFL, flags_before | O_ASYNC);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(ttywatch_start_obj, ttywatch_start);

static mp_obj_t ttywatch_stop(void) {
    if (watched >= 0) {
        fcntl(watched, F_SETFL, flags_before);
        watched = -1;
    }
    size_t length = kept_len;
    kept_len = 0;
    return mp_obj_new_bytes(kept, length);
}
static MP_DEFINE_CONST_FUN_OBJ_0(ttywatch_stop_obj, ttywatch_stop);

static const mp_rom_map_elem_t ttywatch_globals_table[] = {
    { MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR_ttywatch) },
    { MP_ROM_QSTR(MP_QSTR_start), MP_ROM_PTR(&ttywatch_start_obj) },
    { MP_ROM_QSTR(MP_QSTR_stop), MP_ROM_PTR(&ttywatch_stop_obj) },
};
static MP_DEFINE_CONST_DICT(ttywatch_globals, ttywatch_globals_table);

const mp_obj_module_t ttywatch_module = {
    .base = { &mp_type_module },
    .globals = (mp_obj_dict_t *)&ttywatch_globals,
};

MP_REGISTER_MODULE(MP_QSTR_ttywatch, ttywatch_module);
