"""A tenant's chat server, as the vendor's customers write one, and customers of the widget."""

import itertools
import json
import urllib.error
import urllib.parse
import urllib.request

import TLSSigAPIv2

from centre import INSTANCE

_randoms = itertools.count(1)


class Desk:
    """Calls the Desk API with `UserSig`s of the vendor's Python library."""

    def __init__(self, centre):
        self.centre = centre
        self.secret = centre.api("POST", "/chat/secret", instance=INSTANCE)["secret"]

    def sig(self, identifier="administrator", *, app=INSTANCE, secret=None, expire=3600):
        return TLSSigAPIv2.TLSSigAPIv2(app, secret or self.secret).gen_sig(identifier, expire)

    def raw(self, command, body, *, method="POST", service="desk_http_svc", **query):
        """The answer's status and JSON. A query of None leaves the parameter out."""
        asked = {
            "sdkappid": INSTANCE,
            "identifier": "administrator",
            "usersig": None,
            "random": next(_randoms),
            "contenttype": "json",
        } | query
        if "usersig" not in query:
            asked["usersig"] = self.sig()
        asked = {name: value for name, value in asked.items() if value is not None}
        url = f"{self.centre.url}/v4/{service}/{command}?{urllib.parse.urlencode(asked)}"
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(url, data if method == "POST" else None, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.loads(answer.read())

    def __call__(self, command, /, random=None, **body):
        """The answer, which must be OK."""
        query = {} if random is None else {"random": random}
        status, answer = self.raw(command, body, **query)
        assert status == 200 and answer["ActionStatus"] == "OK", answer
        assert answer["ErrorCode"] == 0 and answer["ErrorInfo"] == ""
        return answer

    def code(self, command, /, **body):
        """The error code of a refusal."""
        return refusal(self.raw(command, body))


def refusal(answered):
    status, answer = answered
    assert status == 200 and answer["ActionStatus"] == "FAIL" and answer["ErrorInfo"], answer
    return answer["ErrorCode"]


class Customer:
    """Somebody with the widget open."""

    def __init__(self, centre, **start):
        self.centre = centre
        body = {"instance": INSTANCE, "name": "Ann"} | start
        self.started = self.ask("POST", "/start", body)
        self.token = self.started["token"]
        conversation = self.started["conversation"]
        self.id = conversation and conversation["id"]

    def ask(self, method, path, body=None, headers=None, status=None):
        headers = dict(headers or {})
        if getattr(self, "token", None):
            headers["Authorization"] = f"Bearer {self.token}"
        data = body
        if body is not None and not isinstance(body, bytes):
            data = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        url = f"{self.centre.url}/chat/v1{path}"
        request = urllib.request.Request(url, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=70) as answer:
                text = answer.read()
                return json.loads(text) if answer.headers["Content-Type"] == "application/json" else text
        except urllib.error.HTTPError as refused:
            assert status == refused.code, (refused.code, refused.read())
            return json.loads(refused.read() or b"null")

    def act(self, verb, body=None, **more):
        return self.ask("POST", f"/conversations/{self.id}/{verb}", body, **more)

    def say(self, text, client_id):
        return self.act("messages", {"text": text, "client_id": client_id})

    def events(self, after=0, wait=0):
        return self.ask("GET", f"/conversations/{self.id}/events?after={after}&wait={wait}")

    def messages(self):
        """Texts by author, as they stand."""
        items = self.ask("GET", f"/conversations/{self.id}/messages?limit=200")["items"]
        return [(message["from"]["kind"], message["text"]) for message in items]

    def show(self):
        return self.ask("GET", f"/conversations/{self.id}")

    def socket_url(self, after=0):
        return f"ws{self.centre.url[4:]}/chat/v1/conversations/{self.id}/socket?after={after}"


def fold(events):
    """What a widget shows of these events: text by key; fails if a piece came twice or is missing."""
    texts, last = {}, 0
    for event in events:
        if "n" not in event or event["type"] == "hello":
            continue
        assert event["n"] > last, (last, event)
        last = event["n"]
        if event["type"] in ("message", "stream"):
            assert event["key"] not in texts
            texts[event["key"]] = event["text"]
        elif event["type"] == "chunk":
            assert event["offset"] == len(texts[event["key"]]), event
            texts[event["key"]] += event["text"]
    return texts
