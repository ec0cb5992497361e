// The guard's timer on the Unix port: a real-time interval timer and its signal.
//
// Real time, not CPU time: a handler that sleeps for a minute stops the kiosk as surely as one that computes.
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "guard.h"

static void on_alarm(int signum) {
    (void)signum;
    guard_expired();
}

static void set_timer(unsigned int ms) {
    struct itimerval timer;
    timer.it_interval.tv_sec = timer.it_value.tv_sec = ms / 1000;
    timer.it_interval.tv_usec = timer.it_value.tv_usec = (ms % 1000) * 1000;
    setitimer(ITIMER_REAL, &timer, NULL);
}

void guard_port_start(unsigned int ms) {
    struct sigaction action;
    memset(&action, 0, sizeof(action));
    action.sa_handler = on_alarm; // no SA_RESTART: a blocking call must come back for the exception to be seen
    sigaction(SIGALRM, &action, NULL);
    set_timer(ms);
}

void guard_port_stop(void) {
    set_timer(0);
}

void guard_port_reset(void) {
    static const char message[] = "guard: control was not given back, the board is reset\n";
    ssize_t written = write(STDERR_FILENO, message, sizeof(message) - 1);
    _exit(written < 0 ? 2 : 1);
}
