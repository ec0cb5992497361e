// Included before extmod/modasyncio.c: a task that is taken from the queue keeps no pointer to the last one that was below it.
//
// MicroPython's pairing heap (py/pairheap.h) clears `child`, not `child_last`.  A task that lives for ever then keeps one that has
// ended, with its coroutine, whose function keeps its module, and so on: 38 KB of screen after the mini-program that had it.

#include "py/pairheap.h"

static inline mp_pairheap_t *mpkiosk_pairheap_pop(mp_pairheap_lt_t lt, mp_pairheap_t *heap) {
    heap->child_last = NULL; // not read while there is no child
    return mp_pairheap_pop(lt, heap);
}

static inline mp_pairheap_t *mpkiosk_pairheap_delete(mp_pairheap_lt_t lt, mp_pairheap_t *heap, mp_pairheap_t *node) {
    heap = mp_pairheap_delete(lt, heap, node);
    if (node->child == NULL) {
        node->child_last = NULL;
    }
    return heap;
}

#define mp_pairheap_pop mpkiosk_pairheap_pop
#define mp_pairheap_delete mpkiosk_pairheap_delete
