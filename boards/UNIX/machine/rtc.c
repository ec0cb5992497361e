// machine.RTC: a clock of its own beside the host's, which it shows until it is set.
#include <time.h>

#include "py/runtime.h"
#include "extmod/modmachine.h"
#include "shared/timeutils/timeutils.h"

typedef struct {
    mp_obj_base_t base;
} rtc_t;

static const rtc_t rtc = { { &machine_rtc_type } };
static int64_t ahead_s;

static mp_obj_t rtc_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    (void)type;
    (void)args;
    mp_arg_check_num(n_args, n_kw, 0, 0, false);
    return MP_OBJ_FROM_PTR(&rtc);
}

// (year, month, day, weekday, hour, minute, second, 0); in UTC, as a board's clock is set.
static mp_obj_t rtc_datetime(size_t n_args, const mp_obj_t *args) {
    timeutils_struct_time_t when;
    if (n_args == 1) {
        timeutils_seconds_since_epoch_to_struct_time(time(NULL) + ahead_s, &when);
        mp_obj_t parts[8] = {
            MP_OBJ_NEW_SMALL_INT(when.tm_year),
            MP_OBJ_NEW_SMALL_INT(when.tm_mon),
            MP_OBJ_NEW_SMALL_INT(when.tm_mday),
            MP_OBJ_NEW_SMALL_INT(when.tm_wday),
            MP_OBJ_NEW_SMALL_INT(when.tm_hour),
            MP_OBJ_NEW_SMALL_INT(when.tm_min),
            MP_OBJ_NEW_SMALL_INT(when.tm_sec),
            MP_OBJ_NEW_SMALL_INT(0),
        };
        return mp_obj_new_tuple(8, parts);
    }
    mp_obj_t *parts;
    mp_obj_get_array_fixed_n(args[1], 8, &parts);
    ahead_s = (int64_t)timeutils_seconds_since_epoch(mp_obj_get_int(parts[0]), mp_obj_get_int(parts[1]),
        mp_obj_get_int(parts[2]), mp_obj_get_int(parts[4]), mp_obj_get_int(parts[5]), mp_obj_get_int(parts[6]))
        - time(NULL);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(rtc_datetime_obj, 1, 2, rtc_datetime);

static const mp_rom_map_elem_t rtc_locals_table[] = {
    { MP_ROM_QSTR(MP_QSTR_datetime), MP_ROM_PTR(&rtc_datetime_obj) },
};
static MP_DEFINE_CONST_DICT(rtc_locals, rtc_locals_table);

MP_DEFINE_CONST_OBJ_TYPE(
    machine_rtc_type,
    MP_QSTR_RTC,
    MP_TYPE_FLAG_NONE,
    make_new, rtc_make_new,
    locals_dict, &rtc_locals
    );
