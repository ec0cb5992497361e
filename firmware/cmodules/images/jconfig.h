// What libjpeg-turbo's cmake would find out: the 8-bit decoder of libjpeg 6b's interface, in C.
#define JPEG_LIB_VERSION 62
#define LIBJPEG_TURBO_VERSION 2.1.5
#define LIBJPEG_TURBO_VERSION_NUMBER 2001005
#define BITS_IN_JSAMPLE 8
#define NO_GETENV
#define NO_PUTENV
