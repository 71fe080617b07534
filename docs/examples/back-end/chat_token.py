import base64, hashlib, hmac, json, time


def chat_token(user_id: str, secret: str) -> str:
    """The token with which a user of yours logs in to Chasqui during the next ten minutes."""
    base64url = lambda data: base64.urlsafe_b64encode(data).rstrip(b"=")
    now = int(time.time())
    claims = {"sub": user_id, "iss": "shop", "aud": "chat", "iat": now, "exp": now + 600}
    signed = base64url(b'{"alg":"HS256"}') + b"." + base64url(json.dumps(claims).encode())
    return (signed + b"." + base64url(hmac.digest(secret.encode(), signed, hashlib.sha256))).decode()
