// wires: the emulator's end of what lies between its `machine` and the models.
//
//   wires.connect(fd)   from now on the socket `fd` is the board's pins and buses
//
// Frames are those of host_tools/virtual_board/link.py; what they say is listed in host_tools/models/bench.py.  A bus
// transaction is a question: the process waits for the answer, as the core waits for its bus.  What the models do by
// themselves comes as a signal, which is this board's interrupt: the handler takes what has come and does what an
// interrupt handler may do, no allocation among it.  Critical sections hold the signals back.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "py/runtime.h"
#include "wires.h"

typedef struct {
    uint32_t length;
    char kind;
    uint8_t unit;
    uint16_t reserved;
    double value;
} header_t;

_Static_assert(sizeof(header_t) == 16, "a header as the host packs it");

static int stream = -1;

static struct {
    uint8_t *bytes;
    size_t capacity;
    double value;
    bool complete;
} answer;

static uint8_t inbox[2 * 65536];
static size_t inbox_length;

// A reset in the middle of a frame would leave the host with half of it: the watchdog's waits until the frame is over.
static volatile sig_atomic_t busy;
static volatile sig_atomic_t put_off;

static void enter(void) {
    busy++;
}

static void leave(void) {
    if (--busy == 0 && put_off) {
        board_restart(put_off);
    }
}

bool wires_put_off_reset(int cause) {
    if (busy) {
        put_off = cause;
    }
    return busy;
}

bool wires_connected(void) {
    return stream >= 0;
}

// What MicroPython calls an atomic section (mpconfigvariant.h).
unsigned int wires_lock(void) {
    sigset_t interrupts, before;
    sigemptyset(&interrupts);
    sigaddset(&interrupts, SIGNAL_WIRES);
    sigaddset(&interrupts, SIGNAL_TIMER);
    sigprocmask(SIG_BLOCK, &interrupts, &before);
    return sigismember(&before, SIGNAL_WIRES) == 1;
}

void wires_unlock(unsigned int was_locked) {
    if (!was_locked) {
        sigset_t interrupts;
        sigemptyset(&interrupts);
        sigaddset(&interrupts, SIGNAL_WIRES);
        sigaddset(&interrupts, SIGNAL_TIMER);
        sigprocmask(SIG_UNBLOCK, &interrupts, NULL);
    }
}

// The host has gone, or has ended the run because a model failed: there is no board without it.
static void end(void) {
    _exit(1);
}

static void dispatch(const header_t *frame, const uint8_t *payload) {
    switch (frame->kind) {
        case 'p':
            pin_driven(frame->unit, payload[0]);
            break;
        case 'u':
            uart_received(frame->unit, payload, frame->length);
            break;
        case 'a':
            i2s_heard(frame->unit, payload, frame->length);
            break;
        case 'k':
            i2s_played(frame->unit, (size_t)frame->value);
            break;
        case 'b':
            if (answer.bytes != NULL) {
                memcpy(answer.bytes, payload, MIN(frame->length, answer.capacity));
            }
            answer.value = frame->value;
            break;
        case '.':
            answer.complete = true;
            break;
    }
}

// Take what has come.  Interrupts are held back, or this is one.
static void drain(void) {
    for (;;) {
        ssize_t count = recv(stream, inbox + inbox_length, sizeof(inbox) - inbox_length, MSG_DONTWAIT);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            return;
        }
        if (count <= 0) {
            end();
        }
        inbox_length += count;
        size_t start = 0;
        header_t frame;
        while (inbox_length - start >= sizeof(frame)) {
            memcpy(&frame, inbox + start, sizeof(frame));
            if (inbox_length - start - sizeof(frame) < frame.length) {
                break;
            }
            dispatch(&frame, inbox + start + sizeof(frame));
            start += sizeof(frame) + frame.length;
        }
        inbox_length -= start;
        memmove(inbox, inbox + start, inbox_length);
    }
}

static void on_signal(int signum) {
    (void)signum;
    int error = errno;
    enter();
    drain();
    leave();
    errno = error;
}

// Wait until the socket is ready; what comes meanwhile is taken, so that the two ends cannot wait for each other.
static void wait_for(short events) {
    struct pollfd watched = { .fd = stream, .events = events };
    if (poll(&watched, 1, -1) > 0 && watched.revents & (POLLIN | POLLHUP | POLLERR)) {
        drain();
    }
}

static void send_all(const void *data, size_t length) {
    const uint8_t *next = data;
    while (length > 0) {
        ssize_t count = send(stream, next, length, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (count >= 0) {
            next += count;
            length -= count;
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            wait_for(POLLIN | POLLOUT);
        } else if (errno != EINTR) {
            end();
        }
    }
}

static void send_frame(char kind, int unit, double value, const void *payload, size_t length) {
    header_t frame = { .length = length, .kind = kind, .unit = unit, .value = value };
    send_all(&frame, sizeof(frame));
    send_all(payload, length);
}

void wires_tell(char kind, int unit, double value, const void *payload, size_t length) {
    if (stream < 0) {
        return;
    }
    unsigned int state = wires_lock();
    enter();
    send_frame(kind, unit, value, payload, length);
    leave();
    wires_unlock(state);
}

double wires_ask(char kind, int unit, double value, const void *payload, size_t length, void *bytes, size_t capacity) {
    unsigned int state = wires_lock();
    enter();
    answer.bytes = bytes;
    answer.capacity = capacity;
    answer.value = 0;
    answer.complete = false;
    send_frame(kind, unit, value, payload, length);
    while (!answer.complete) {
        wait_for(POLLIN);
    }
    double result = answer.value;
    leave();
    wires_unlock(state);
    return result;
}

void wires_silence(void) {
    signal(SIGNAL_WIRES, SIG_IGN);
    if (stream >= 0) {
        fcntl(stream, F_SETFL, fcntl(stream, F_GETFL) & ~O_ASYNC);
        while (inbox_length > 0) {
            wait_for(POLLIN); // the rest of a frame that has begun to come
        }
    }
}

static mp_obj_t wires_connect(mp_obj_t fd_in) {
    stream = mp_obj_get_int(fd_in);
    struct sigaction action;
    memset(&action, 0, sizeof(action));
    action.sa_handler = on_signal; // no SA_RESTART: who sleeps shall look at what the interrupt has scheduled
    sigaddset(&action.sa_mask, SIGNAL_TIMER);
    sigaction(SIGNAL_WIRES, &action, NULL);
    if (fcntl(stream, F_SETOWN, getpid()) < 0 || fcntl(stream, F_SETSIG, SIGNAL_WIRES) < 0
        || fcntl(stream, F_SETFL, fcntl(stream, F_GETFL) | O_ASYNC) < 0) {
        mp_raise_OSError(errno);
    }
    wires_ask('h', 0, 0, NULL, 0, NULL, 0);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(wires_connect_obj, wires_connect);

static const mp_rom_map_elem_t wires_globals_table[] = {
    { MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR_wires) },
    { MP_ROM_QSTR(MP_QSTR_connect), MP_ROM_PTR(&wires_connect_obj) },
};
static MP_DEFINE_CONST_DICT(wires_globals, wires_globals_table);

const mp_obj_module_t wires_module = {
    .base = { &mp_type_module },
    .globals = (mp_obj_dict_t *)&wires_globals,
};

MP_REGISTER_MODULE(MP_QSTR_wires, wires_module);
