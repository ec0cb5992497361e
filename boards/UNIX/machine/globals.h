// For extmod/modmachine.c: what the board adds to the module (mpconfigvariant.h) and no header of MicroPython declares.
#include "py/obj.h"
extern const mp_obj_type_t machine_soft_i2c_type;
extern const mp_obj_type_t machine_soft_spi_type;
