// What tlspeer wants of mbedTLS, on top of MicroPython's configuration of it.
#ifndef TLSPEER_MBEDTLS_USER_CONFIG_H
#define TLSPEER_MBEDTLS_USER_CONFIG_H

// Roots by callback.
#define MBEDTLS_X509_TRUSTED_CERTIFICATE_CALLBACK

// Sessions by ticket; and keys that are bound to their handshake, without which resuming has a known hole (RFC 7627).
#define MBEDTLS_SSL_SESSION_TICKETS
#define MBEDTLS_SSL_EXTENDED_MASTER_SECRET

#endif
