"""Alibaba's official clients, each in an environment of its own, and a request signed by hand."""

import base64
import datetime
import hashlib
import hmac
import json
import os
import pathlib
import subprocess
import urllib.parse
import uuid

from centre import SECRET_ID, SECRET_KEY, VENVS

HERE = pathlib.Path(__file__).parent
NODE = pathlib.Path(os.environ.get("SWITCHBOARD_NODE_ALIYUN", "target/node-aliyun"))


class Clients:
    """The clients `core` and `tea` for Python, `node-core` and `node-tea` for Node."""

    def __init__(self):
        self.processes = {}

    def process(self, client):
        language = "node" if client.startswith("node") else "python"
        if language not in self.processes:
            command = {
                "node": ["node", HERE / "node-aliyun" / "client.js"],
                "python": [
                    VENVS / "aliyun" / "bin" / "python", "-W", "ignore", HERE / "aliyun_client.py",
                ],
            }[language]  # fmt: skip
            self.processes[language] = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env={**os.environ, "SWITCHBOARD_NODE_ALIYUN": str(NODE.resolve())},
            )
        return self.processes[language]

    def ask(self, client, centre, action, key=SECRET_ID, secret=SECRET_KEY, **fields):
        ask = {
            "client": client,
            "endpoint": centre.url.removeprefix("http://"),
            "key": key,
            "secret": secret,
            "action": action,
            "fields": fields,
        }
        process = self.process(client)
        process.stdin.write(json.dumps(ask) + "\n")
        process.stdin.flush()
        return json.loads(process.stdout.readline())

    def close(self):
        for process in self.processes.values():
            process.stdin.close()
            process.wait(timeout=10)


def signed_url(base, fields, ago_second=0):
    """The address of a request of signature v1, made by POST."""
    now = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=ago_second)
    quote = lambda text: urllib.parse.quote(text, safe="-_.~")
    pairs = {
        "Version": "2019-12-26",
        "Format": "JSON",
        "AccessKeyId": SECRET_ID,
        "SignatureMethod": "HMAC-SHA1",
        "SignatureVersion": "1.0",
        "SignatureNonce": str(uuid.uuid4()),
        "Timestamp": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        **fields,
    }
    canonical = "&".join(f"{quote(k)}={quote(v)}" for k, v in sorted(pairs.items()))
    to_sign = f"POST&%2F&{quote(canonical)}"
    mac = hmac.new(f"{SECRET_KEY}&".encode(), to_sign.encode(), hashlib.sha1).digest()
    return f"{base}/?{canonical}&Signature={quote(base64.b64encode(mac).decode())}"
