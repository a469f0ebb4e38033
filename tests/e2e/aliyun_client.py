"""Alibaba's official clients, run in their own environment: one JSON request a line on stdin, one
JSON answer a line on stdout.

A request is {"client": "core" | "tea", "endpoint", "key", "secret", "action", "fields"}; an answer is
{"answer": …} or {"code", "status", "message"}.
"""

import json
import sys


def core(ask):
    from aliyunsdkcore.acs_exception.exceptions import ServerException
    from aliyunsdkcore.client import AcsClient
    from aliyunsdkcore.request import CommonRequest

    client = AcsClient(ask["key"], ask["secret"], "cn-shanghai", timeout=10)
    request = CommonRequest()
    request.set_domain(ask["endpoint"])
    request.set_version(ask.get("version", "2019-12-26"))
    request.set_action_name(ask["action"])
    request.set_protocol_type("http")
    request.set_method("POST")
    request.set_accept_format("json")
    for name, value in ask["fields"].items():
        request.add_query_param(name, value)
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
