// A Python object's stream, and whose memory is used again when it has had its turn.
#ifndef MPKIOSK_IMAGES_STREAM_H
#define MPKIOSK_IMAGES_STREAM_H

#include "py/obj.h"

#include "images.h"

struct images_stream {
    mp_obj_t object;
    codecs_heap_t *heap;
};

extern const mp_obj_type_t images_encoder_type;

#endif
