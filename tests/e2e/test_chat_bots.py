"""Voice agents as bots of chats: language models, Dify, flows; failures, people, kills in mid-answer."""

import json

import pytest

import models
from centre import INSTANCE, SECRET_ID, SECRET_KEY, Centre, wait_for
from desk import Customer, Desk, fold
from test_chat import Person
from test_dialogue import AGENT

GREETING = "Good morning, this is Harbor Clinic."
FALLBACK = "Something is wrong with me."
LONG = " ".join(f"word{n}" for n in range(60))


@pytest.fixture
def own(tmp_path):
    centre = Centre(tmp_path / "centre", "--requests-per-second", "1000", "--fetch-private")
    centre.start()
    yield centre
    centre.stop()


@pytest.fixture
def bot(own):
    """Makes models, and an agent of them that answers chats."""
    made = []

    def make(*scripts, kind=models.Model, **thinker):
        names = []
        for script in scripts:
            model = kind(script)
            made.append(model)
            body = {"name": f"model-{len(made)}", "url": model.url, "key": "sk-e2e"}
            body |= {"type": "dify"} if kind is models.Dify else {"model": "m"}
            own.api("POST", "/language-models", body, instance=INSTANCE)
            names.append(body["name"])
        agent = {
            "language": "en",
            "greeting": GREETING,
            "thinker": {"models": names, "prompt": "You serve ${customer}.", **thinker},
            "goodbye": "Goodbye.",
            "fallback": FALLBACK,
        }
        answers(own, agent)
        return made[-len(scripts) :]

    yield make
    for model in made:
        model.close()


def answers(centre, definition):
    agent = centre.add_agent(definition)
    centre.api("PATCH", "/chat/settings", {"bot": agent}, instance=INSTANCE)


def greeted(centre, **start):
    customer = Customer(centre, **start)
    wait_for("the greeting", lambda: customer.messages() == [("bot", GREETING)], every=0.2)
    return customer


def whole(customer):
    """The texts of the customer's messages, folded from all events."""
    events, after = [], 0
    while page := customer.events(after)["events"]:
        events += page
        after = page[-1]["n"]
    return list(fold(events).values())


def said(customer, *texts):
    wait_for(f"{texts}", lambda: [text for _, text in customer.messages()] == list(texts), every=0.2)


def test_a_model_answers_with_its_markdown_and_knows_what_was_shown(own, bot):
    text = "Take **one** of these:\n\n- `a`\n- [b](https://b.example)\n\n```sh\nif [[ -f x ]]; then\n```"
    replies = ["<think>Hm.</think> " + text, "Gladly. [[hangup]]"]
    [model] = bot(lambda n, body: models.words(replies[n - 1], between=0.05))
    customer = greeted(own)
    customer.say("Which one?", "m1")
    said(customer, GREETING, "Which one?", text + " ")
    kinds = [event["type"] for event in customer.events()["events"]]
    assert kinds.count("chunk") >= 3, kinds
    assert whole(customer)[-1] == text + " "
    customer.say("Thanks", "m2")
    wait_for("the end", lambda: customer.show()["state"] == "ended", every=0.2)
    assert model.messages(2) == [
        ("system", "You serve Ann."),
        ("assistant", GREETING),
        ("user", "Which one?"),
        ("assistant", text + " "),
        ("user", "Thanks"),
    ]
    assert len(model.requests) == 2


def test_a_model_hands_over_to_people_and_ends_the_conversation(own, bot):
    transfer = {"name": "transfer_to_human", "description": "Asked for a person.", "target": "desk", "say": "One moment."}
    acts = [models.call("transfer_to_human", {"reason": "caller_asked"}), models.call("call_end", {})]
    bot(lambda n, body: acts[n - 1], transfers=[transfer])
    lin = Person(own, "lin").status("free")
    customer = greeted(own)
    customer.say("A person, please", "m1")
    wait_for("the offer", lambda: customer.show()["state"] == "offered", every=0.2)
    said(customer, GREETING, "A person, please", "One moment.")
    lin.act(customer, "messages", text="Hello Ann")
    lin.act(customer, "give-back")
    customer.say("Bye", "m2")
    wait_for("the end", lambda: customer.show()["state"] == "ended", every=0.2)
    assert customer.messages()[-1] == ("bot", "Goodbye.")


def test_the_next_model_answers_when_one_breaks_off(own, bot):
    [one, two] = bot(
        lambda n, body: models.broken("First words. And more of them.", 3),
        lambda n, body: models.words("and these are the rest."),
    )
    customer = greeted(own)
    customer.say("Hello?", "m1")
    said(customer, GREETING, "Hello?", "First words. And and these are the rest. ")
    assert len(one.requests) == 1
    assert two.messages(1)[-2] == ("assistant", "First words. And")


def test_when_all_fail_the_fallback_is_shown_and_then_a_person_is_asked(own, bot):
    bot(lambda n, body: models.status(500))
    lin = Person(own, "lin").status("free")
    customer = greeted(own)
    customer.say("Hello?", "m1")
    said(customer, GREETING, "Hello?", FALLBACK)
    assert customer.show()["state"] == "bot"
    customer.say("Hello??", "m2")
    wait_for("a person", lambda: customer.show()["state"] == "offered", every=0.2)
    lin.act(customer, "accept")


def test_a_person_takes_over_in_mid_stream_and_the_model_is_told_what_was_shown(own, bot):
    replies = [models.words(LONG, between=0.1), models.words("I am back.")]
    [model] = bot(lambda n, body: replies[n - 1])
    lin = Person(own, "lin").status("free")
    customer = greeted(own)
    customer.say("Tell me all", "m1")
    wait_for("the stream", lambda: "word3" in customer.messages()[-1][1], every=0.1)
    lin.act(customer, "take-over")
    wait_for("the connection to be closed", lambda: model.requests[0].get("cut"))
    shown = customer.messages()[-1]
    assert shown[0] == "bot" and LONG.startswith(shown[1].strip())
    lin.act(customer, "messages", text="I am Lin.")
    customer.say("Can the robot say it?", "m2")
    lin.act(customer, "give-back")
    wait_for("the answer", lambda: customer.messages()[-1] == ("bot", "I am back. "), every=0.2)
    # The whole text is shown before its end is told.
    ends = lambda: [event["end"] for event in customer.events()["events"] if event["type"] == "stream_end"]
    wait_for("the ends", lambda: ends() == ["finished", "cut", "finished"], every=0.2)
    assert [text.strip() for _, text in model.messages(2)[2:]] == [
        "Tell me all",
        f"{shown[1]} I am Lin.",
        "Can the robot say it?",
    ]


def test_kill_9_in_mid_answer_goes_on_behind_what_was_shown(own, bot):
    replies = [models.words(LONG, between=0.1), models.words("and that is all.")]
    [model] = bot(lambda n, body: replies[n - 1])
    customer = greeted(own)
    customer.say("Tell me all", "m1")
    wait_for("the stream", lambda: "word3" in customer.messages()[-1][1], every=0.1)
    own.kill()
    own.start()
    wait_for("the rest", lambda: customer.messages()[-1][1].endswith("and that is all. "), every=0.2)
    texts = whole(customer)
    assert len(texts) == 3, "it is the same message"
    half = texts[-1].removesuffix("and that is all. ")
    assert LONG.startswith(half.strip()) and "word3" in half
    asked = model.messages(2)
    assert asked[-3:-1] == [("user", "Tell me all"), ("assistant", half)]
    assert "Go on exactly where it stopped" in asked[-1][1]
    assert len(model.requests) == 2


def test_dify_keeps_the_conversation_over_a_restart_seen_through_the_desk(own, bot):
    replies = ["It is open.", LONG, "and so on.", "Until six."]
    [application] = bot(
        lambda n, body: models.words(replies[n - 1], between=0.1 if n == 2 else 0), kind=models.Dify
    )
    desk = Desk(own)
    customer = greeted(own, user_sig=desk.sig("ann@example.com"))
    customer.say("Is it open?", "m1")
    said(customer, GREETING, "Is it open?", "It is open. ")
    page = desk("describe_chat_messages", SessionId=customer.id, Order=1)
    texts = [message["Messages"][0]["Content"] for message in page["Messages"]]
    assert texts == [GREETING, "Is it open?", "It is open. "]
    customer.say("Tell me all", "m2")
    wait_for("the stream", lambda: "word3" in customer.messages()[-1][1], every=0.1)
    own.kill()
    own.start()
    wait_for("the rest", lambda: customer.messages()[-1][1].endswith("and so on. "), every=0.2)
    customer.say("How long?", "m3")
    wait_for("the answer", lambda: customer.messages()[-1][1] == "Until six. ", every=0.2)
    asked = application.questions()
    assert [conversation for _, conversation in asked] == ["", *["dify-conversation-1"] * 3]
    assert [query for query, _ in asked][:2] == ["Is it open?", "Tell me all"]
    assert "word3" in asked[2][0] and asked[3][0] == "How long?"
    assert application.requests[0]["body"]["user"] == "ann@example.com"
    assert desk("get_session_state", SessionId=customer.id)["CurrentState"] == "Chatbot"


def test_a_flow_goes_on_at_its_place_after_a_restart_and_asks_its_api_once(own):
    api = models.Model(lambda n, body: models.words("unused"))
    api.server.RequestHandlerClass.do_GET = lambda handler: order(api, handler)
    branch = {"name": "thanks", "words": ["thanks"], "next": "bye"}
    flow = {
        "start": "number",
        "nodes": {
            "number": {
                "type": "dialogue",
                "say": "Hello.",
                "slots": [{"name": "order", "is": "number", "ask": "What is your number?"}],
                "next": "look",
            },
            "look": {
                "type": "api_call",
                "request": {"url": api.url + "/orders/{order}"},
                "inputs": {"order": "${order}"},
                "outputs": ["state"],
                "success": "told",
                "failure": "bye",
            },
            "told": {"type": "dialogue", "say": "Your order is ${state}.", "branches": [branch]},
            "bye": {"type": "end_call", "say": "Goodbye, it is still ${state}."},
        },
    }
    try:
        answers(own, {"language": "en", "flow": flow})
        customer = Customer(own)
        said(customer, "Hello. What is your number?")
        customer.say("77", "m1")
        said(customer, "Hello. What is your number?", "77", "Your order is on the truck.")
        # An answer of which only the end is missing begins again after a restart, and asks elsewhere again.
        wait_for("the answer's end", lambda: customer.events()["events"][-1]["type"] == "stream_end", every=0.2)
        own.kill()
        own.start()
        customer.say("thanks", "m2")
        wait_for("the end", lambda: customer.show()["state"] == "ended", every=0.2)
        assert customer.messages()[-1] == ("bot", "Goodbye, it is still on the truck.")
        assert api.requests == ["/v1/orders/77"]
    finally:
        api.close()


def order(api, handler):
    api.requests.append(handler.path)
    body = json.dumps({"state": "on the truck"}).encode()
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


@pytest.mark.parametrize("interface", ["dialogue", "callbacks"])
def test_a_robot_elsewhere_answers_and_is_asked_nothing_twice(own, tmp_path, interface):
    second = Centre(tmp_path / "second", "--requests-per-second", "1000")
    second.start()
    try:
        robot = str(second.add_agent({**AGENT, "greeting": "Words from elsewhere."}))
        agent = own.add_agent({"language": "en", "greeting": "Own words."})
        body = {
            "url": second.url,
            "interface": interface,
            "access_key_id": SECRET_ID,
            "access_key_secret": SECRET_KEY,
            "instance": str(INSTANCE),
            "script": robot,
        }
        own.api("PUT", f"/remote-robots/{agent}", body)
        own.api("PATCH", "/chat/settings", {"bot": agent}, instance=INSTANCE)
        customer = Customer(own)
        said(customer, "Words from elsewhere.")
        customer.say("maybe", "m1")
        said(customer, "Words from elsewhere.", "maybe", "Yes or no?")
        wait_for("the answer's end", lambda: customer.events()["events"][-1]["type"] == "stream_end", every=0.2)
        own.kill()
        own.start()
        customer.say("yes", "m2")
        wait_for("the end", lambda: customer.show()["state"] == "ended", every=0.2)
        assert customer.messages()[-1][1].startswith("Great.")
        [seen] = second.api("GET", "/dialogues", name=customer.id)["items"]
        turns = second.api("GET", f"/dialogues/{seen['id']}")["turns"]
        assert [turn["heard"] for turn in turns] == ["", "maybe", "yes"]
    finally:
        second.stop()
