// The guard's timer on the ESP32: one of ESP-IDF's, whose callback runs in a task of its own.
//
// Not compiled yet: see docs/boards.md.
#include "esp_system.h"
#include "esp_timer.h"
#include "py/mphal.h"

#include "guard.h"

static esp_timer_handle_t timer;

static void on_alarm(void *unused) {
    (void)unused;
    guard_expired();
    mp_hal_wake_main_task(); // it may be asleep in a call that would last
}

void guard_port_start(unsigned int ms) {
    if (timer == NULL) {
        const esp_timer_create_args_t settings = { .callback = on_alarm, .name = "guard" };
        ESP_ERROR_CHECK(esp_timer_create(&settings, &timer));
    }
    guard_port_stop();
    ESP_ERROR_CHECK(esp_timer_start_periodic(timer, (uint64_t)ms * 1000));
}

void guard_port_stop(void) {
    if (timer != NULL && esp_timer_is_active(timer)) {
        esp_timer_stop(timer);
    }
}

void guard_port_reset(void) {
    esp_restart();
}
