"""Certificates that trustme does not make: weak, self-signed, of authorities that share a name.  Built for one test each."""

import base64
import datetime
import hashlib
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Certificate:
    """A certificate and its private key."""

    certificate: x509.Certificate
    key: Any

    @property
    def der(self) -> bytes:
        """The certificate, as a kiosk keeps it in its folder of trusted ones."""
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def pem(self) -> str:
        """The certificate in PEM."""
        return ssl.DER_cert_to_PEM_cert(self.der)

    @property
    def pin(self) -> str:
        """Its public key as kiosk.json has it."""
        return pin_of(self.certificate)

    def context(self, folder: Path) -> ssl.SSLContext:
        """A server's side of TLS, which takes the weakest of keys and versions; `folder` holds the key."""
        path = folder / f"{self.certificate.serial_number}.pem"
        form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        path.write_bytes(self.key.private_bytes(*form) + self.certificate.public_bytes(serialization.Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.load_cert_chain(path)
        return context


def pin_of(certificate: x509.Certificate) -> str:
    """The public key of a certificate as kiosk.json has it."""
    form = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    digest = hashlib.sha256(certificate.public_key().public_bytes(*form)).digest()
    return "sha256/" + base64.b64encode(digest).decode()


def make(name: str, issuer: Optional[Certificate] = None, key=None, host: Optional[str] = None) -> Certificate:
    """A certificate for `host`, or without one of an authority; signed by `issuer`, or else by itself."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    now = datetime.datetime.now(datetime.timezone.utc)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    builder = x509.CertificateBuilder().subject_name(subject).public_key(key.public_key())
    builder = builder.issuer_name(issuer.certificate.subject if issuer else subject)
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - _DAY).not_valid_after(now + _DAY)
    if host:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
    else:
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    return Certificate(builder.sign(issuer.key if issuer else key, hashes.SHA256()), key)


def rsa_key(bits: int):
    """An RSA key; below 2,048 bits nobody should trust it."""
    return rsa.generate_private_key(65537, bits)
