// guard: gets control back from Python code that does not give it.
//
//   guard.arm(ms, exc)   raise `exc` in the running code unless arm() or disarm() is called again within `ms`
//   guard.disarm()       stand down
//
// A supervisor that lives in the event loop arms it again and again; code that keeps the loop from turning is hit by
// `exc` at its next bytecode, with a traceback that names the line.  Code that swallows the exception is hit again
// after another `ms`; the third time in a row the board is reset, because nothing else is left.
//
// Machine code (viper, native) and C that never returns see no bytecode: for those a board has its watchdog.
#include "py/runtime.h"
#include "guard.h"

#define STRIKES (3)

static volatile uint8_t strikes;

// Runs in a signal handler or an interrupt: no allocation, nothing but setting the pending exception.
void guard_expired(void) {
    mp_obj_t exc = MP_STATE_VM(guard_exception);
    if (exc == MP_OBJ_NULL) {
        return;
    }
    if (++strikes >= STRIKES) {
        guard_port_reset();
    }
    mp_obj_exception_clear_traceback(exc);
    mp_sched_exception(exc);
}

static mp_obj_t guard_arm(mp_obj_t ms_in, mp_obj_t exc) {
    mp_int_t ms = mp_obj_get_int(ms_in);
    if (ms <= 0) {
        mp_raise_ValueError(MP_ERROR_TEXT("ms must be positive"));
    }
    if (!mp_obj_is_exception_instance(exc)) {
        mp_raise_TypeError(MP_ERROR_TEXT("exc must be an exception instance"));
    }
    strikes = 0;
    MP_STATE_VM(guard_exception) = exc;
    guard_port_start(ms);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_2(guard_arm_obj, guard_arm);

static mp_obj_t guard_disarm(void) {
    guard_port_stop();
    strikes = 0;
    MP_STATE_VM(guard_exception) = MP_OBJ_NULL;
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_0(guard_disarm_obj, guard_disarm);

static const mp_rom_map_elem_t guard_globals_table[] = {
    { MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR_guard) },
    { MP_ROM_QSTR(MP_QSTR_arm), MP_ROM_PTR(&guard_arm_obj) },
    { MP_ROM_QSTR(MP_QSTR_disarm), MP_ROM_PTR(&guard_disarm_obj) },
};
static MP_DEFINE_CONST_DICT(guard_globals, guard_globals_table);

const mp_obj_module_t guard_module = {
    .base = { &mp_type_module },
    .globals = (mp_obj_dict_t *)&guard_globals,
};

MP_REGISTER_MODULE(MP_QSTR_guard, guard_module);
MP_REGISTER_ROOT_POINTER(mp_obj_t guard_exception);
