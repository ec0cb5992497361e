// flashfile: the emulator's flash chip, a file of the host.
//
//   flash = FlashFile(path, size)   a block device of 4096-byte blocks; the file is made when it is not there
//
// In C like the flash drivers of the boards, because exceptions must not get in: one that the guard or Ctrl-C raises
// between two bytecodes of a block device in Python would jump out of the middle of littlefs.
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "extmod/vfs.h"
#include "py/runtime.h"

#define BLOCK (4096)

typedef struct {
    mp_obj_base_t base;
    int fd;
    mp_uint_t blocks;
} flashfile_t;

static void check(bool ok) {
    if (!ok) {
        mp_raise_OSError(errno ? errno : EIO); // a short read or write sets no errno
    }
}

static void erase(flashfile_t *self, mp_uint_t block) {
    byte erased[BLOCK];
    memset(erased, 0xff, BLOCK);
    errno = 0;
    check(pwrite(self->fd, erased, BLOCK, (off_t)block * BLOCK) == BLOCK);
}

static mp_obj_t flashfile_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    mp_arg_check_num(n_args, n_kw, 2, 2, false);
    flashfile_t *self = mp_obj_malloc(flashfile_t, type);
    self->fd = open(mp_obj_str_get_str(args[0]), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    check(self->fd >= 0);
    off_t size = lseek(self->fd, 0, SEEK_END);
    if (size == 0) {
        size = mp_obj_get_int(args[1]);
        check(ftruncate(self->fd, size) == 0);
    }
    self->blocks = size / BLOCK;
    return MP_OBJ_FROM_PTR(self);
}

static off_t position(flashfile_t *self, mp_obj_t block_in, size_t length, size_t n_args, const mp_obj_t *args) {
    mp_uint_t block = mp_obj_get_int(block_in);
    mp_uint_t offset = n_args == 4 ? mp_obj_get_int(args[3]) : 0;
    off_t start = (off_t)block * BLOCK + offset;
    if (start + (off_t)length > (off_t)self->blocks * BLOCK) {
        mp_raise_OSError(EINVAL);
    }
    return start;
}

static mp_obj_t flashfile_readblocks(size_t n_args, const mp_obj_t *args) {
    flashfile_t *self = MP_OBJ_TO_PTR(args[0]);
    mp_buffer_info_t buffer;
    mp_get_buffer_raise(args[2], &buffer, MP_BUFFER_WRITE);
    off_t start = position(self, args[1], buffer.len, n_args, args);
    errno = 0;
    check(pread(self->fd, buffer.buf, buffer.len, start) == (ssize_t)buffer.len);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(flashfile_readblocks_obj, 3, 4, flashfile_readblocks);

// With an offset a program of erased bytes; without one, as FAT writes, the blocks are erased before.
static mp_obj_t flashfile_writeblocks(size_t n_args, const mp_obj_t *args) {
    flashfile_t *self = MP_OBJ_TO_PTR(args[0]);
    mp_buffer_info_t buffer;
    mp_get_buffer_raise(args[2], &buffer, MP_BUFFER_READ);
    off_t start = position(self, args[1], buffer.len, n_args, args);
    if (n_args == 3) {
        for (mp_uint_t i = 0; i < buffer.len / BLOCK; i++) {
            erase(self, start / BLOCK + i);
        }
    }
    errno = 0;
    check(pwrite(self->fd, buffer.buf, buffer.len, start) == (ssize_t)buffer.len);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(flashfile_writeblocks_obj, 3, 4, flashfile_writeblocks);

static mp_obj_t flashfile_ioctl(mp_obj_t self_in, mp_obj_t operation, mp_obj_t argument) {
    flashfile_t *self = MP_OBJ_TO_PTR(self_in);
    switch (mp_obj_get_int(operation)) {
        case MP_BLOCKDEV_IOCTL_INIT:
        case MP_BLOCKDEV_IOCTL_DEINIT:
        case MP_BLOCKDEV_IOCTL_SYNC:
            return MP_OBJ_NEW_SMALL_INT(0);
        case MP_BLOCKDEV_IOCTL_BLOCK_COUNT:
            return MP_OBJ_NEW_SMALL_INT(self->blocks);
        case MP_BLOCKDEV_IOCTL_BLOCK_SIZE:
            return MP_OBJ_NEW_SMALL_INT(BLOCK);
        case MP_BLOCKDEV_IOCTL_BLOCK_ERASE:
            erase(self, mp_obj_get_int(argument));
            return MP_OBJ_NEW_SMALL_INT(0);
        default:
            return mp_const_none;
    }
}
static MP_DEFINE_CONST_FUN_OBJ_3(flashfile_ioctl_obj, flashfile_ioctl);

static const mp_rom_map_elem_t flashfile_locals_table[] = {
    { MP_ROM_QSTR(MP_QSTR_readblocks), MP_ROM_PTR(&flashfile_readblocks_obj) },
    { MP_ROM_QSTR(MP_QSTR_writeblocks), MP_ROM_PTR(&flashfile_writeblocks_obj) },
    { MP_ROM_QSTR(MP_QSTR_ioctl), MP_ROM_PTR(&flashfile_ioctl_obj) },
};
static MP_DEFINE_CONST_DICT(flashfile_locals, flashfile_locals_table);

static MP_DEFINE_CONST_OBJ_TYPE(
    flashfile_type,
    MP_QSTR_FlashFile,
    MP_TYPE_FLAG_NONE,
    make_new, flashfile_make_new,
    locals_dict, &flashfile_locals
    );

static const mp_rom_map_elem_t flashfile_globals_table[] = {
    { MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR_flashfile) },
    { MP_ROM_QSTR(MP_QSTR_FlashFile), MP_ROM_PTR(&flashfile_type) },
};
static MP_DEFINE_CONST_DICT(flashfile_globals, flashfile_globals_table);

const mp_obj_module_t flashfile_module = {
    .base = { &mp_type_module },
    .globals = (mp_obj_dict_t *)&flashfile_globals,
};

MP_REGISTER_MODULE(MP_QSTR_flashfile, flashfile_module);
