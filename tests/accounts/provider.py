"""A provider of OpenID Connect whose tokens can be made wrong: real HTTP on localhost, real keys, no shortcuts."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote_plus

from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey


@cache
def _key() -> RSAKey:
    """One for all providers: it takes a while to make."""
    return RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})


class Provider:
    """What it says of itself, its keys, and how its next token is made."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.key = _key()
        self.claims: dict[str, Any] = {}
        self.sign = self.signed
        self.challenge = self.nonce = ""
        self.said: list[dict[str, str]] = []
        self.authorization = ""
        self.metadata = {
            "issuer": issuer, "authorization_endpoint": f"{issuer}/authorize", "token_endpoint": f"{issuer}/token",
            "jwks_uri": f"{issuer}/jwks", "response_types_supported": ["code"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        }  # fmt: skip

    def asked(self, query: Mapping[str, list[str]]) -> None:
        """Remember what the browser was sent with."""
        self.challenge, self.nonce = query["code_challenge"][0], query["nonce"][0]

    def token(self) -> str:
        """The next ID token."""
        now = int(time.time())
        claims = {
            "iss": self.issuer, "sub": "u-1", "aud": "monitor", "iat": now, "exp": now + 300, "nonce": self.nonce,
            "email": "Aysel@Stat.test", "email_verified": True, "name": "Aysel",
        }  # fmt: skip
        return self.sign({name: value for name, value in (claims | self.claims).items() if value is not ...})

    def signed(self, claims: dict[str, Any]) -> str:
        """As it should be."""
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.key)

    def unsigned(self, claims: dict[str, Any]) -> str:
        """``alg: none``."""
        return ".".join([_packed({"alg": "none"}), _packed(claims), ""])

    def signed_by_another(self, claims: dict[str, Any]) -> str:
        """By a key that is not the provider's, under its name."""
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, RSAKey.generate_key(2048))

    def signed_with_the_public_key(self, claims: dict[str, Any]) -> str:
        """HS256 with the public key as the secret: what a verifier that trusts ``alg`` would take."""
        signed = f"{_packed({'alg': 'HS256', 'kid': 'one'})}.{_packed(claims)}"
        mark = hmac.new(self.key.as_pem(private=False), signed.encode(), "sha256").digest()
        return f"{signed}.{base64.urlsafe_b64encode(mark).rstrip(b'=').decode()}"

    def signed_with_the_client_secret(self, claims: dict[str, Any]) -> str:
        """HS256 with what the two share: not of the algorithms taken."""
        return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key("client-secret-" * 3), algorithms=["HS256"])

    def altered(self, claims: dict[str, Any]) -> str:
        """Another e-mail under the signature of the first."""
        head, _, signature = self.signed(claims).split(".")
        return ".".join([head, _packed(claims | {"email": "admin@office.test"}), signature])

    def no_token(self, claims: dict[str, Any]) -> str:
        """Not a token at all."""
        return "abc"


def _packed(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


@contextmanager
def running() -> Iterator[Provider]:
    """A provider on a free port of localhost."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Discovery and keys."""
            if self.path == "/.well-known/openid-configuration":
                self._answer(200, provider.metadata)
            elif self.path == "/jwks":
                self._answer(200, KeySet([provider.key]).as_dict(private=False))
            else:
                self._answer(404, {})

        def do_POST(self) -> None:
            """Codes for tokens, with the verifier checked."""
            body = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
            fields = {name: values[0] for name, values in body.items()}
            provider.said.append(fields)
            kind, _, given = self.headers.get("authorization", "").partition(" ")
            provider.authorization = unquote_plus(base64.b64decode(given).decode()) if kind == "Basic" else ""
            digest = hashlib.sha256(fields.get("code_verifier", "").encode()).digest()
            if (
                base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != provider.challenge
                or fields.get("code") != "the-code"
            ):
                self._answer(400, {"error": "invalid_grant"})
            else:
                self._answer(200, {"access_token": "x", "token_type": "Bearer", "id_token": provider.token()})

        def _answer(self, status: int, value: Any) -> None:
            body = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = Provider(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
