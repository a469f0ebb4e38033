"""The vendor's own Python SDK, changed in nothing but its endpoint."""

import json

from tencentcloud.ccc.v20200210 import ccc_client, models
from tencentcloud.common import credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile

import centre as local


class Cloud:
    """One credential at one server. Every action of the SDK is a method: `cloud.HangUpCall(…)`."""

    def __init__(
        self,
        centre,
        secret_id=local.SECRET_ID,
        secret_key=local.SECRET_KEY,
        instance=local.INSTANCE,
        method="POST",
        sign="TC3-HMAC-SHA256",
        language="en-US",
    ):
        endpoint = f"127.0.0.1:{centre.http_port}"
        http = HttpProfile(protocol="http", endpoint=endpoint, reqTimeout=30, reqMethod=method)
        profile = ClientProfile(httpProfile=http, signMethod=sign, language=language)
        keys = credential.Credential(secret_id, secret_key)
        self.client = ccc_client.CccClient(keys, "ap-guangzhou", profile)
        self.instance = instance

    def __getattr__(self, action):
        def call(**fields):
            request = getattr(models, f"{action}Request")()
            request.from_json_string(json.dumps({"SdkAppId": self.instance} | fields))
            answer = getattr(self.client, action)(request)
            return json.loads(answer.to_json_string())

        return call


def code_of(action, **fields):
    """The vendor's code that an action of a [`Cloud`] is refused with."""
    try:
        answer = action(**fields)
    except TencentCloudSDKException as refused:
        assert refused.get_request_id(), "every answer has a RequestId"
        assert refused.get_message(), "every refusal has a message"
        return refused.get_code()
    raise AssertionError(f"was not refused: {answer}")
