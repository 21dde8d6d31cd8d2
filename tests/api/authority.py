"""An authorization server as a resource server sees one: keys that sign tokens, and the set of their public halves."""

import time
from typing import Any

import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

ISSUER, AUDIENCE = "https://login.hospital.example", "https://eligo.hospital.example"


class Authority:
    """Signs with the key of the id; `document` is its JSON Web Key Set."""

    def __init__(self) -> None:
        self.keys: dict[str, Any] = {"ec": ec.generate_private_key(ec.SECP384R1()), "rsa": rsa_key(2048)}

    @property
    def document(self) -> bytes:
        return msgspec.json.encode({"keys": [self._public(key_id) for key_id in self.keys]})

    def _public(self, key_id: str) -> dict[str, Any]:
        public = self.keys[key_id].public_key()
        algorithm = RSAAlgorithm if isinstance(public, rsa.RSAPublicKey) else ECAlgorithm
        told: dict[str, Any] = algorithm.to_jwk(public, as_dict=True)
        return {**told, "kid": key_id, "use": "sig"}

    def token(self, key_id: str = "ec", algorithm: str = "ES384", **claims: Any) -> str:
        """Good for five minutes and allowed to match, unless the claims say otherwise; a claim of None is left out."""
        said = {
            "iss": ISSUER, "aud": AUDIENCE, "exp": time.time() + 300, "sub": "record-system",
            "scope": "system/ResearchStudy.rs system/ResearchSubject.rs", **claims,
        }  # fmt: skip
        kept = {name: value for name, value in said.items() if value is not None}
        return jwt.encode(kept, self.keys[key_id], algorithm, {"kid": key_id})


def rsa_key(bits: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)
