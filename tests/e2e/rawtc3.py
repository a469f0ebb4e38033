"""TC3 and v1 signatures written by hand, for requests that no SDK would send."""

import base64
import hashlib
import hmac
import http.client
import json
import time
import urllib.parse

import centre as local

VERSION = "2020-02-10"


def post(centre, action, body, *, at=None, key=local.SECRET_KEY, secret_id=local.SECRET_ID, spoil=None,
         raw=None, service="ccc", headers=(), ip=None):  # fmt: skip
    """One TC3 request. `spoil` changes the body after it was signed, `ip` is where it
    comes from. Gives (status, headers, answer)."""
    at = int(at if at is not None else time.time())
    host = f"127.0.0.1:{centre.http_port}"
    payload = raw if raw is not None else json.dumps(body).encode()
    date = time.strftime("%Y-%m-%d", time.gmtime(at))
    canonical = "\n".join(
        ["POST", "/", "", f"content-type:application/json\nhost:{host}\n", "content-type;host", sha256(payload)]
    )
    scope = f"{date}/{service}/tc3_request"
    text = "\n".join(["TC3-HMAC-SHA256", str(at), scope, sha256(canonical.encode())])
    signing = f"TC3{key}".encode()
    for part in (date, service, "tc3_request"):
        signing = hmac.digest(signing, part.encode(), "sha256")
    signature = hmac.new(signing, text.encode(), hashlib.sha256).hexdigest()
    authorization = (
        f"TC3-HMAC-SHA256 Credential={secret_id}/{scope}, "
        f"SignedHeaders=content-type;host, Signature={signature}"
    )
    sent = {
        "Content-Type": "application/json",
        "Host": host,
        "Authorization": authorization,
        "X-TC-Action": action,
        "X-TC-Version": VERSION,
        "X-TC-Timestamp": str(at),
    } | dict(headers)
    return ask(centre, "POST", "/", spoil if spoil is not None else payload, sent, ip)


def v1(centre, action, fields, *, method="GET", sign="HmacSHA256", at=None, key=local.SECRET_KEY, ip=None):
    """One v1 request; gives (status, headers, answer)."""
    host = f"127.0.0.1:{centre.http_port}"
    common = {
        "Action": action,
        "Version": VERSION,
        "Timestamp": str(int(at if at is not None else time.time())),
        "Nonce": "11886",
        "SecretId": local.SECRET_ID,
        "SignatureMethod": sign,
    }
    fields = common | {name: str(value) for name, value in fields.items()}
    plain = "&".join(f"{name}={fields[name]}" for name in sorted(fields))
    text = f"{method}{host}/?{plain}".encode()
    digest = {"HmacSHA1": "sha1", "HmacSHA256": "sha256"}[sign]
    fields["Signature"] = base64.b64encode(hmac.digest(key.encode(), text, digest)).decode()
    form = urllib.parse.urlencode(fields)
    if method == "GET":
        return ask(centre, "GET", f"/?{form}", None, {"Host": host}, ip)
    headers = {"Host": host, "Content-Type": "application/x-www-form-urlencoded"}
    return ask(centre, "POST", "/", form.encode(), headers, ip)


def ask(centre, method, path, body, headers, ip=None):
    source = (ip, 0) if ip else None
    connection = http.client.HTTPConnection("127.0.0.1", centre.http_port, 30, source_address=source)
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    return answer.status, dict(answer.getheaders()), json.loads(text)["Response"]


def code(answer):
    """The error code of (status, headers, answer), after what holds for every answer is checked."""
    status, headers, response = answer
    assert status == 200
    assert {name.lower(): value for name, value in headers.items()}["content-type"] == "application/json"
    assert response["RequestId"]
    return response.get("Error", {}).get("Code")


def sha256(data):
    return hashlib.sha256(data).hexdigest()
