// What guard.c needs of a port: a repeating timer and a way to start the board anew.
#ifndef GUARD_H
#define GUARD_H

void guard_port_start(unsigned int ms); // call guard_expired() every `ms` from now on
void guard_port_stop(void);
void guard_port_reset(void); // does not return

void guard_expired(void);

#endif
