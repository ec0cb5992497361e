// machine.reset() and its kin: the process becomes the same program anew, on the same console, wires and flash.
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "py/mphal.h"
#include "py/runtime.h"
#include "extmod/modmachine.h"
#include "wires.h"

#define POWER_ON (1)
#define WATCHDOG (3) // machine.reset() too: the RP2040 has its watchdog do it
#define DESCRIPTORS (256)
#define CPU_HZ (125000000)

static const char cause_name[] = "MPKIOSK_RESET_CAUSE=";
static char cause[sizeof(cause_name) + 1];

static char **arguments;
static bool given[DESCRIPTORS]; // the descriptors that the host gave; those of sockets and files die with the board

__attribute__((constructor)) static void at_start(int argc, char **argv) {
    (void)argc;
    arguments = argv;
    for (int fd = 0; fd < DESCRIPTORS; fd++) {
        given[fd] = fcntl(fd, F_GETFD) != -1;
    }
}

// Perhaps within a signal handler: nothing but system calls.
void board_restart(int why) {
    if (wires_put_off_reset(why)) {
        return;
    }
    static char *environment[2] = { cause, NULL };
    memcpy(cause, cause_name, sizeof(cause_name));
    cause[sizeof(cause_name) - 1] = '0' + why;
    wires_silence();
    signal(SIGIO, SIG_IGN);
    struct itimerval never;
    memset(&never, 0, sizeof(never));
    setitimer(ITIMER_REAL, &never, NULL); // the guard's; the others end with the program
    for (int fd = 0; fd < DESCRIPTORS; fd++) {
        if (!given[fd]) {
            close(fd);
        }
    }
    fcntl(STDIN_FILENO, F_SETFL, fcntl(STDIN_FILENO, F_GETFL) & ~O_ASYNC);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execve("/proc/self/exe", arguments, environment);
    _exit(2);
}

static mp_obj_t machine_reset(void) {
    board_restart(WATCHDOG);
    return mp_const_none;
}
MP_DEFINE_CONST_FUN_OBJ_0(machine_reset_obj, machine_reset);

static mp_obj_t machine_reset_cause(void) {
    const char *why = getenv("MPKIOSK_RESET_CAUSE");
    return MP_OBJ_NEW_SMALL_INT(why == NULL ? POWER_ON : *why - '0');
}
MP_DEFINE_CONST_FUN_OBJ_0(machine_reset_cause_obj, machine_reset_cause);

static mp_obj_t machine_unique_id(void) {
    return mp_obj_new_bytes((const byte *)"emulator", 8);
}
MP_DEFINE_CONST_FUN_OBJ_0(machine_unique_id_obj, machine_unique_id);

// The RP2040's usual frequency; another one is taken note of and changes nothing.
static mp_obj_t machine_freq(size_t n_args, const mp_obj_t *args) {
    static mp_int_t freq = CPU_HZ;
    if (n_args == 0) {
        return MP_OBJ_NEW_SMALL_INT(freq);
    }
    mp_int_t wanted = mp_obj_get_int(args[0]);
    if (wanted < 10000000 || wanted > 270000000) {
        mp_raise_ValueError(MP_ERROR_TEXT("cannot change frequency"));
    }
    freq = wanted;
    return mp_const_none;
}
MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(machine_freq_obj, 0, 2, machine_freq);

static mp_obj_t machine_lightsleep(size_t n_args, const mp_obj_t *args) {
    if (n_args == 0) {
        for (;;) {
            mp_event_wait_ms(1000); // until something raises
        }
    }
    mp_hal_delay_ms(mp_obj_get_int(args[0]));
    return mp_const_none;
}
MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(machine_lightsleep_obj, 0, 1, machine_lightsleep);

static mp_obj_t machine_deepsleep(size_t n_args, const mp_obj_t *args) {
    machine_lightsleep(n_args, args);
    board_restart(WATCHDOG);
    return mp_const_none;
}
MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(machine_deepsleep_obj, 0, 1, machine_deepsleep);
