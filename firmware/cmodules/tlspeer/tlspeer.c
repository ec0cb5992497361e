// tlspeer: what the `tls` module leaves out of a client's connection: roots looked up when they are needed, pinned
// keys, and sessions to resume.
//
//   peer = Peer(find, pins, session)     for one connection
//       find(issuer) -> list of DER (bytes-like)   the trusted certificates whose subject may be `issuer` (a Name, DER)
//       pins: tuple of bytes       SHA-256 of SubjectPublicKeyInfo; with any, the verified chain must have one of them
//       session: bytes or None     what take_session() gave after an earlier handshake
//   peer.wrap(context, stream, host) -> SSLSocket   as context.wrap_socket() makes it, the handshake yet to be made
//   peer.take_session()            bytes, once after the handshake, if the server lets it be resumed; else None
//   peer.resumed                   whether the handshake was a short one: no certificate was shown
//   peer.alert                     the number of the alert by which the server ended the handshake, or 0
//   peer.starved                   whether the handshake lacked memory, which mbedTLS may tell as a wrong signature
//   peer.stranger                  (subject, issuer) as text, of the certificate that no trusted one stands above
//   subject(der) -> bytes          the subject (a Name, DER) of a certificate; ValueError if it is none
//
// The tls module has no doors for this, so the linker puts functions of this file in front of others (--wrap).
// Exceptions of `find` do not jump out of the middle of mbedTLS: they are kept until the handshake's step has ended.
//
// Nothing here outlives what it is about: the Peer is reachable from the SSLSocket, which holds mbedTLS's structure.
#include <string.h>

#include "mbedtls/platform.h"
#include "mbedtls/sha256.h"
#include "mbedtls/ssl.h"
#include "mbedtls/x509_crt.h"
#include "py/objstr.h"
#include "py/runtime.h"

#define PIN_BYTES (32)
#define NAME_BYTES (128) // of a name in an error's text

typedef struct {
    mp_obj_base_t base;
    mp_obj_t find;
    mp_obj_t pins;
    mp_obj_t session;
    mp_obj_t stranger;
    mp_obj_t candidates; // what find() gave last, into which mbedTLS points
    mp_obj_t raised; // what find() raised, or MP_OBJ_NULL
    bool resumed;
    bool pinned; // whether a pinned key was shown; without pins from the beginning
    bool starved;
    uint8_t alert;
} peer_t;

static bool starved; // an allocation has failed since it was reset

int __real_mbedtls_ssl_set_hostname(mbedtls_ssl_context *ssl, const char *hostname);
int __real_mbedtls_ssl_handshake(mbedtls_ssl_context *ssl);
void *__real_m_tracked_calloc(size_t count, size_t size);

/******************************************************************************/
// Called by mbedTLS while it verifies a chain.

static int parse_candidates(mp_obj_t list, mbedtls_x509_crt *chain) {
    size_t count;
    mp_obj_t *items;
    mp_obj_get_array(list, &count, &items);
    for (size_t i = 0; i < count; i++) {
        mp_buffer_info_t der;
        mp_get_buffer_raise(items[i], &der, MP_BUFFER_READ);
        int ret = mbedtls_x509_crt_parse_der_nocopy(chain, der.buf, der.len);
        // A certificate that this build has no algorithm for is none that it could trust; the others still count.
        if (ret == MBEDTLS_ERR_X509_ALLOC_FAILED) {
            return ret;
        }
    }
    return 0;
}

static int find_roots(void *self_in, const mbedtls_x509_crt *child, mbedtls_x509_crt **found) {
    peer_t *self = self_in;
    *found = NULL;
    if (self == NULL) {
        return 0;
    }
    mbedtls_x509_crt *chain = mbedtls_calloc(1, sizeof(*chain));
    if (chain == NULL) {
        return MBEDTLS_ERR_X509_ALLOC_FAILED;
    }
    mbedtls_x509_crt_init(chain);
    int ret;
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        self->candidates = mp_call_function_1(self->find, mp_obj_new_bytes(child->issuer_raw.p, child->issuer_raw.len));
        ret = parse_candidates(self->candidates, chain);
        nlr_pop();
    } else {
        self->raised = MP_OBJ_FROM_PTR(nlr.ret_val);
        ret = MBEDTLS_ERR_X509_FATAL_ERROR;
    }
    if (ret != 0 || chain->version == 0) { // the latter: not one was parsed
        mbedtls_x509_crt_free(chain);
        mbedtls_free(chain);
        return ret;
    }
    *found = chain;
    return 0;
}

static mp_obj_t name_text(const mbedtls_x509_name *name) {
    char text[NAME_BYTES];
    int length = mbedtls_x509_dn_gets(text, sizeof(text), name);
    return length < 0 ? MP_OBJ_NEW_QSTR(MP_QSTR_) : mp_obj_new_str_copy(&mp_type_str, (byte *)text, length);
}

static void note_stranger(peer_t *self, const mbedtls_x509_crt *crt) {
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        mp_obj_t names[] = { name_text(&crt->subject), name_text(&crt->issuer) };
        self->stranger = mp_obj_new_tuple(2, names);
        nlr_pop();
    } // without memory for a detail of the error, the error has none
}

static bool is_pinned(peer_t *self, const mbedtls_x509_crt *crt) {
    unsigned char digest[PIN_BYTES];
    if (mbedtls_sha256(crt->pk_raw.p, crt->pk_raw.len, digest, 0) != 0) {
        return false;
    }
    size_t count;
    mp_obj_t *pins;
    mp_obj_tuple_get(self->pins, &count, &pins);
    for (size_t i = 0; i < count; i++) {
        if (memcmp(mp_obj_str_get_data(pins[i], &(size_t) {0}), digest, PIN_BYTES) == 0) {
            return true;
        }
    }
    return false;
}

// Gets each certificate of the chain that was built, from the root down; the server's own has depth 0.
static int on_certificate(void *self_in, mbedtls_x509_crt *crt, int depth, uint32_t *flags) {
    peer_t *self = self_in;
    self->resumed = false;
    if (*flags & MBEDTLS_X509_BADCERT_NOT_TRUSTED) {
        note_stranger(self, crt);
    }
    self->pinned = self->pinned || is_pinned(self, crt);
    if (depth == 0 && !self->pinned) {
        *flags |= MBEDTLS_X509_BADCERT_OTHER;
    }
    return 0;
}

/******************************************************************************/
// Sessions, as mbedTLS writes them: bytes that only this build can read.

static void use_session(mbedtls_ssl_context *ssl, mp_obj_t data_in) {
    mp_buffer_info_t data;
    if (!mp_get_buffer(data_in, &data, MP_BUFFER_READ)) {
        return;
    }
    mbedtls_ssl_session session;
    mbedtls_ssl_session_init(&session);
    if (mbedtls_ssl_session_load(&session, data.buf, data.len) == 0) {
        mbedtls_ssl_set_session(ssl, &session); // when that fails, the handshake is made in full
    }
    mbedtls_ssl_session_free(&session);
}

static mp_obj_t saved_session(const mbedtls_ssl_session *session) {
    size_t length = 0;
    mbedtls_ssl_session_save(session, NULL, 0, &length);
    mp_obj_t data = mp_const_none;
    nlr_buf_t nlr;
    if (length > 0 && nlr_push(&nlr) == 0) {
        vstr_t buffer;
        vstr_init_len(&buffer, length);
        if (mbedtls_ssl_session_save(session, (byte *)buffer.buf, length, &length) == 0) {
            data = mp_obj_new_bytes_from_vstr(&buffer);
        }
        nlr_pop();
    } // without memory there is no session
    return data;
}

static mp_obj_t resumable_session(const mbedtls_ssl_context *ssl) {
    mbedtls_ssl_session session;
    mbedtls_ssl_session_init(&session);
    mp_obj_t data = mp_const_none;
    if (mbedtls_ssl_get_session(ssl, &session) == 0 &&
        (session.MBEDTLS_PRIVATE(ticket_len) != 0 || mbedtls_ssl_session_get_id_len(&session) != 0)) {
        data = saved_session(&session);
    }
    mbedtls_ssl_session_free(&session);
    return data;
}

/******************************************************************************/
// In front of the functions of these names.

// mbedTLS's allocator on ports that give it MicroPython's heap; elsewhere nobody calls it.
void *__wrap_m_tracked_calloc(size_t count, size_t size) {
    void *block = __real_m_tracked_calloc(count, size);
    starved = starved || block == NULL;
    return block;
}

// The last thing that wrap_socket() does before the handshake; Peer.wrap() has said whose connection it is.
int __wrap_mbedtls_ssl_set_hostname(mbedtls_ssl_context *ssl, const char *hostname) {
    int ret = __real_mbedtls_ssl_set_hostname(ssl, hostname);
    mp_obj_t self_in = MP_STATE_VM(tlspeer_wrapping);
    if (ret == 0 && self_in != MP_OBJ_NULL) {
        peer_t *self = MP_OBJ_TO_PTR(self_in);
        mbedtls_ssl_set_user_data_p(ssl, self);
        mbedtls_ssl_set_verify(ssl, on_certificate, self);
        use_session(ssl, self->session);
        self->session = mp_const_none;
    }
    return ret;
}

// One step of the handshake: mbedTLS's read and write call it until it is over.
int __wrap_mbedtls_ssl_handshake(mbedtls_ssl_context *ssl) {
    peer_t *self = mbedtls_ssl_get_user_data_p(ssl);
    if (self == NULL) {
        return __real_mbedtls_ssl_handshake(ssl);
    }
    // Connections share a configuration, and each step has its own Peer to ask; without one, nobody is trusted.
    mbedtls_ssl_config *conf = (mbedtls_ssl_config *)mbedtls_ssl_context_get_config(ssl);
    mbedtls_ssl_conf_ca_cb(conf, find_roots, self);
    self->raised = MP_OBJ_NULL;
    starved = false;
    int ret = __real_mbedtls_ssl_handshake(ssl);
    mbedtls_ssl_conf_ca_cb(conf, find_roots, NULL);
    self->candidates = mp_const_none;
    self->starved = starved;
    if (self->raised != MP_OBJ_NULL) {
        nlr_raise(self->raised);
    }
    if (ret == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE) {
        self->alert = ssl->MBEDTLS_PRIVATE(in_msg)[1]; // after its level; no function gives it
    } else if (ret == 0) {
        self->session = resumable_session(ssl); // read() and write() do not come here again
    }
    return ret;
}

/******************************************************************************/
// The module.

static mp_obj_t peer_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    mp_arg_check_num(n_args, n_kw, 3, 3, false);
    if (!mp_obj_is_type(args[1], &mp_type_tuple)) {
        mp_raise_TypeError(MP_ERROR_TEXT("pins must be a tuple"));
    }
    size_t count;
    mp_obj_t *pins;
    mp_obj_tuple_get(args[1], &count, &pins);
    for (size_t i = 0; i < count; i++) {
        size_t length;
        mp_obj_str_get_data(pins[i], &length);
        if (length != PIN_BYTES) {
            mp_raise_ValueError(MP_ERROR_TEXT("a pin must have 32 bytes"));
        }
    }
    peer_t *self = mp_obj_malloc(peer_t, type);
    self->find = args[0];
    self->pins = args[1];
    self->session = args[2];
    self->stranger = self->candidates = mp_const_none;
    self->raised = MP_OBJ_NULL;
    self->resumed = true; // until a certificate is looked at
    self->pinned = count == 0;
    self->starved = false;
    self->alert = 0;
    return MP_OBJ_FROM_PTR(self);
}

static mp_obj_t peer_wrap(size_t n_args, const mp_obj_t *args) {
    (void)n_args;
    mp_obj_t call[7];
    mp_load_method(args[1], MP_QSTR_wrap_socket, call);
    call[2] = args[2];
    call[3] = MP_OBJ_NEW_QSTR(MP_QSTR_server_hostname);
    call[4] = args[3];
    call[5] = MP_OBJ_NEW_QSTR(MP_QSTR_do_handshake_on_connect);
    call[6] = mp_const_false;
    nlr_buf_t nlr;
    if (nlr_push(&nlr) != 0) {
        MP_STATE_VM(tlspeer_wrapping) = MP_OBJ_NULL;
        nlr_jump(nlr.ret_val);
    }
    MP_STATE_VM(tlspeer_wrapping) = args[0];
    mp_obj_t wrapped = mp_call_method_n_kw(1, 2, call);
    MP_STATE_VM(tlspeer_wrapping) = MP_OBJ_NULL;
    nlr_pop();
    return wrapped;
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(peer_wrap_obj, 4, 4, peer_wrap);

static mp_obj_t peer_take_session(mp_obj_t self_in) {
    peer_t *self = MP_OBJ_TO_PTR(self_in);
    mp_obj_t session = self->session;
    self->session = mp_const_none;
    return session;
}
static MP_DEFINE_CONST_FUN_OBJ_1(peer_take_session_obj, peer_take_session);

static void peer_attr(mp_obj_t self_in, qstr attr, mp_obj_t *dest) {
    peer_t *self = MP_OBJ_TO_PTR(self_in);
    if (dest[0] != MP_OBJ_NULL) {
        return; // nothing can be stored
    }
    switch (attr) {
        case MP_QSTR_resumed:
            dest[0] = mp_obj_new_bool(self->resumed);
            break;
        case MP_QSTR_starved:
            dest[0] = mp_obj_new_bool(self->starved);
            break;
        case MP_QSTR_alert:
            dest[0] = MP_OBJ_NEW_SMALL_INT(self->alert);
            break;
        case MP_QSTR_stranger:
            dest[0] = self->stranger;
            break;
        default:
            dest[1] = MP_OBJ_SENTINEL; // look among the methods
    }
}

static const mp_rom_map_elem_t peer_locals_table[] = {
    { MP_ROM_QSTR(MP_QSTR_wrap), MP_ROM_PTR(&peer_wrap_obj) },
    { MP_ROM_QSTR(MP_QSTR_take_session), MP_ROM_PTR(&peer_take_session_obj) },
};
static MP_DEFINE_CONST_DICT(peer_locals, peer_locals_table);

static MP_DEFINE_CONST_OBJ_TYPE(
    peer_type,
    MP_QSTR_Peer,
    MP_TYPE_FLAG_NONE,
    make_new, peer_make_new,
    attr, peer_attr,
    locals_dict, &peer_locals
    );

static mp_obj_t subject(mp_obj_t der_in) {
    mp_buffer_info_t der;
    mp_get_buffer_raise(der_in, &der, MP_BUFFER_READ);
    mbedtls_x509_crt crt;
    mbedtls_x509_crt_init(&crt);
    int ret = mbedtls_x509_crt_parse_der_nocopy(&crt, der.buf, der.len);
    size_t start = ret == 0 ? crt.subject_raw.p - (byte *)der.buf : 0;
    size_t length = crt.subject_raw.len;
    mbedtls_x509_crt_free(&crt);
    if (ret == MBEDTLS_ERR_X509_ALLOC_FAILED) {
        mp_raise_type(&mp_type_MemoryError);
    } else if (ret != 0) {
        mp_raise_ValueError(MP_ERROR_TEXT("no DER certificate"));
    }
    return mp_obj_new_bytes((byte *)der.buf + start, length);
}
static MP_DEFINE_CONST_FUN_OBJ_1(subject_obj, subject);

static const mp_rom_map_elem_t tlspeer_globals_table[] = {
    { MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR_tlspeer) },
    { MP_ROM_QSTR(MP_QSTR_Peer), MP_ROM_PTR(&peer_type) },
    { MP_ROM_QSTR(MP_QSTR_subject), MP_ROM_PTR(&subject_obj) },
};
static MP_DEFINE_CONST_DICT(tlspeer_globals, tlspeer_globals_table);

const mp_obj_module_t tlspeer_module = {
    .base = { &mp_type_module },
    .globals = (mp_obj_dict_t *)&tlspeer_globals,
};

MP_REGISTER_MODULE(MP_QSTR_tlspeer, tlspeer_module);
MP_REGISTER_ROOT_POINTER(mp_obj_t tlspeer_wrapping);
