"""Alibaba's official clients, run in their own environment: one JSON request a line on stdin, one
JSON answer a line on stdout.

A request is {"client": "core" | "tea", "endpoint", "key", "secret", "action", "fields"}; an answer is
{"answer": …} or {"code", "status", "message"}.
"""

import importlib
import json
import sys


def core(ask):
    from aliyunsdkcore.acs_exception.exceptions import ServerException
    from aliyunsdkcore.client import AcsClient

    client = AcsClient(ask["key"], ask["secret"], "cn-shanghai", timeout=10)
    module = importlib.import_module(f"aliyunsdkoutboundbot.request.v20191226.{ask['action']}Request")
    request = getattr(module, f"{ask['action']}Request")()
    request.set_endpoint(ask["endpoint"])
    request.set_protocol_type("http")
    for name, value in ask["fields"].items():
        getattr(request, f"set_{name}")(value)
    try:
        return {"answer": json.loads(client.do_action_with_exception(request))}
    except ServerException as error:
        return {
            "code": error.get_error_code(),
            "status": error.get_http_status(),
            "message": error.get_error_msg(),
        }


def tea(ask):
    from alibabacloud_outboundbot20191226 import models
    from alibabacloud_outboundbot20191226.client import Client
    from alibabacloud_tea_openapi.models import Config

    config = Config(
        access_key_id=ask["key"],
        access_key_secret=ask["secret"],
        region_id="cn-shanghai",
        endpoint=ask["endpoint"],
        protocol="http",
    )
    action = ask["action"]
    request = getattr(models, f"{action}Request")().from_map(ask["fields"])
    snake = "".join("_" + c.lower() if c.isupper() else c for c in action).lstrip("_")
    try:
        return {"answer": getattr(Client(config), snake)(request).to_map()["body"]}
    except Exception as error:
        return {
            "code": getattr(error, "code", type(error).__name__),
            "status": getattr(error, "status_code", None),
            "message": getattr(error, "message", str(error)),
        }


for line in sys.stdin:
    ask = json.loads(line)
    print(json.dumps({"core": core, "tea": tea}[ask["client"]](ask)), flush=True)
