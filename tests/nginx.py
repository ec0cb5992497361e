"""
nginx for the tests and the bench: one process on free loopback ports, plain and under TLS, all it keeps in one folder.

A pytest plugin (see conftest.py).  What it serves is in _CONFIGURATION; build/peers has the program (`make test`).
"""

import contextlib
import http.client
import os
import signal
import socket
import ssl
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme

from host_tools.paths import BUILD

_PROGRAM = BUILD / "peers" / "nginx" / "usr" / "sbin" / "nginx"
_HOST = "127.0.0.1"
_START_S = 20

# nginx has no `listen` for a port that is free, so the sockets are opened by us and inherited; it knows them by their
# addresses.  (Inheriting ends a process without a master with a segmentation fault in 1.22: so one master, one worker.)
_CONFIGURATION = """
daemon off;
worker_processes 1;
@USER@
pid pid;
error_log log;
events { worker_connections 256; }
http {
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    types { text/plain txt; application/json json; text/html html; }
    default_type application/octet-stream;
    server {
        listen @HOST@:@PORT@;
        listen @HOST@:@TLS_PORT@ ssl;
        ssl_certificate chain.pem;
        ssl_certificate_key key.pem;
        ssl_session_cache shared:sessions:1m;
        root files;
        client_max_body_size 16m;

        location /files/ { alias files/; }                          # ETag, Last-Modified, Range, If-Range
        location /plain/ { alias files/; max_ranges 0; etag off; }  # no Range: a server that cannot resume
        location /slow/ { alias files/; limit_rate 20k; }
        location /gzip/ { alias files/; gzip on; gzip_min_length 0; gzip_types *; }
        location /packed/ { alias files/; gzip_static always; }     # NAME.gz under the name NAME, with its length
        # Without a length, so in chunks: what might be substituted might change it.
        location /chunked/ { alias files/; sub_filter_types *; sub_filter "\\0no such bytes\\0" ""; }
        location /few/ { alias files/; keepalive_requests 3; }
        location /once/ { alias files/; keepalive_timeout 0; }
        location /uploads/ { alias uploads/; dav_methods PUT DELETE; create_full_put_path on; }
        # Takes the whole body, then answers with its size.
        location = /post { proxy_pass http://@HOST@:@PORT@/size; }
        location = /size { return 200 $content_length; }
        location = /unread { return 204; }
        location = /small { client_max_body_size 1k; proxy_pass http://@HOST@:@PORT@/size; }
        location = /closed { return 444; }                          # hangs up without an answer
        location = /session { keepalive_timeout 0; return 200 $ssl_session_reused; }
        location = /forbidden { return 403; }
        location = /oops { error_page 404 =404 /files/oops.html; return 404; }
        @REDIRECTS@
    }
}
"""
_REDIRECT = "location = /redirect/%d { return %d /%s; }\n"
_REDIRECTS = (
    (301, "files/hello.txt"),
    (302, "files/hello.txt"),
    (303, "files/hello.txt"),
    (307, "post"),
    (308, "post"),
)


@dataclass(frozen=True)
class Nginx:
    """A running nginx.  `url` and `tls_url` have no slash at their end; `files` is the folder of /files/ and its kin,
    `uploads` that of /uploads/; `der` is the certificate of the authority that vouches for 127.0.0.1 and localhost."""

    url: str
    port: int
    tls_url: str
    tls_port: int
    files: Path
    uploads: Path
    der: bytes

    def add(self, name: str, content: bytes) -> str:
        """Put a file there; return its URL below /files/."""
        (self.files / name).write_bytes(content)
        return f"{self.url}/files/{name}"


@contextlib.contextmanager
def running(folder: Path):
    """An Nginx that has answered once and keeps everything in `folder`, which is new."""
    for name in ("files", "uploads"):
        (folder / name).mkdir()
    (folder / "files" / "hello.txt").write_text("hello", encoding="utf-8")
    (folder / "files" / "oops.html").write_text("<h1>oops</h1>", encoding="utf-8")
    authority = trustme.CA()
    certificate = authority.issue_cert(_HOST, "localhost")
    certificate.private_key_pem.write_to_path(str(folder / "key.pem"))
    for blob in certificate.cert_chain_pems:
        blob.write_to_path(str(folder / "chain.pem"), append=True)
    with _listener() as plain, _listener() as secure:
        port, tls_port = (listener.getsockname()[1] for listener in (plain, secure))
        redirects = "".join(_REDIRECT % (status, status, target) for status, target in _REDIRECTS)
        text = _CONFIGURATION.replace("@HOST@", _HOST).replace("@REDIRECTS@", redirects)
        text = text.replace("@PORT@", str(port)).replace("@TLS_PORT@", str(tls_port))
        # As root it would run its worker as somebody who may not read our folder.
        text = text.replace("@USER@", "user root root;" if os.geteuid() == 0 else "")
        (folder / "nginx.conf").write_text(text, encoding="utf-8")
        descriptors = [plain.fileno(), secure.fileno()]
        process = subprocess.Popen(
            [_PROGRAM, "-p", f"{folder}/", "-c", "nginx.conf", "-e", "log"],
            env={**os.environ, "NGINX": "".join(f"{descriptor};" for descriptor in descriptors)},
            pass_fds=descriptors,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    try:
        _wait_for_answer(port, process, folder / "log")
        der = ssl.PEM_cert_to_DER_cert(authority.cert_pem.bytes().decode())
        urls = (f"http://{_HOST}:{port}", port, f"https://{_HOST}:{tls_port}", tls_port)
        yield Nginx(*urls, folder / "files", folder / "uploads", der)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _listener() -> socket.socket:
    listener = socket.create_server((_HOST, 0), backlog=64)
    listener.setblocking(False)  # nginx takes an inherited socket as it is
    return listener


def _wait_for_answer(port: int, process: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline and process.poll() is None:
        connection = http.client.HTTPConnection(_HOST, port, timeout=1)
        try:
            connection.request("GET", "/files/hello.txt")
            if connection.getresponse().read() == b"hello":
                return
        except OSError:
            time.sleep(0.05)
        finally:
            connection.close()
    raise RuntimeError(f"nginx does not answer:\n{log.read_text(encoding='utf-8') if log.exists() else ''}")


@pytest.fixture(scope="session")
def nginx(tmp_path_factory):
    """nginx: large files with Range, slow, compressed and chunked ones, uploads, redirects, TLS."""
    with running(tmp_path_factory.mktemp("nginx")) as server:
        yield server
