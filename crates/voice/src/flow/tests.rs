//! Ways through flows.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::*;
use crate::{
    line::Line,
    thinker::{Decision, Heard, ThinkRequest, TurnId},
};

#[test]
fn words_keys_and_other_words_lead_their_ways() {
    for (heard, end) in [
        (
            said("yes please"),
            "move yes -> booked [answer=yes] | say Booked. | hang up ScriptEnd",
        ),
        (
            Heard::Digits("2".into()),
            "move no -> bye | say Bye. | hang up ScriptEnd",
        ),
        (said("what?"), "say Can you come? | listen yes,sure,no"),
    ] {
        let mut scene = Scene::new(question());
        assert_eq!(
            scene.tell(Heard::Start),
            "move  -> ask | say Can you come? | listen yes,sure,no"
        );
        assert_eq!(scene.tell(heard), end);
    }
}

#[test]
fn a_caller_of_whom_nothing_useful_comes_is_let_go() {
    let mut scene = Scene::new(question());
    scene.tell(Heard::Start);
    scene.tell(said("hm"));
    scene.tell(Heard::Silence { count: 1 });
    assert_eq!(scene.tell(said("hm")), "say Farewell. | hang up NoMatch");
}

#[test]
fn only_what_is_missing_is_asked_for() {
    let mut scene = Scene::new(booking());
    assert_eq!(
        scene.tell(Heard::Start),
        "move  -> book | say Let us book. | say How many? | listen "
    );
    assert_eq!(
        scene.tell(said("we are 4 people")),
        "say Which room? | listen "
    );
    assert_eq!(
        scene.tell(said("the Garden room, please")),
        "move SlotCollectionSuccess -> done | say 4 in the garden room. | hang up ScriptEnd"
    );
}

#[test]
fn another_run_goes_on_at_the_place_of_the_first_one() {
    let mut first = Scene::new(booking());
    assert_eq!(first.0.place(), None, "nobody has asked yet");
    first.tell(Heard::Start);
    first.tell(said("we are 4 people"));
    let mut second = Scene::new(booking());
    second.0.go_on_at(first.0.place().unwrap());
    assert_eq!(
        second.tell(said("the Garden room, please")),
        "move SlotCollectionSuccess -> done | say 4 in the garden room. | hang up ScriptEnd"
    );
}

#[test]
fn a_place_that_the_flow_does_not_have_is_its_start() {
    let mut scene = Scene::new(question());
    scene.0.go_on_at(FlowPlace {
        node: "gone".to_owned(),
        ..FlowPlace::default()
    });
    assert_eq!(scene.0.place(), None);
}

#[test]
fn a_model_fills_slots_that_words_cannot() {
    let mut scene = Scene::understanding(booking());
    scene.tell(Heard::Start);
    assert_eq!(
        scene.tell(said("a few of us, in the green one")),
        "understand people,room"
    );
    let slots = BTreeMap::from([
        ("people".to_owned(), "5".to_owned()),
        ("room".to_owned(), "garden".to_owned()),
    ]);
    let input = FlowInput::Understood {
        branch: None,
        slots,
        reply: None,
    };
    assert_eq!(
        scene.take(input),
        "move SlotCollectionSuccess -> done | say 5 in the garden room. | hang up ScriptEnd"
    );
}

#[test]
fn what_a_model_replies_is_said_before_the_question_comes_again() {
    let mut scene = Scene::understanding(booking());
    scene.tell(Heard::Start);
    scene.tell(said("do you have parking?"));
    let reply = Some("Yes, behind the house.".to_owned());
    let input = FlowInput::Understood {
        branch: None,
        slots: BTreeMap::new(),
        reply,
    };
    assert_eq!(
        scene.take(input),
        "say Yes, behind the house. | say How many? | listen "
    );
}

#[test]
fn an_api_is_asked_with_variables_and_its_fields_become_some() {
    let mut scene = Scene::new(order());
    assert_eq!(
        scene.tell(Heard::Start),
        "move  -> key | say Your number? | listen "
    );
    assert_eq!(
        scene.tell(Heard::Digits("77".into())),
        "move DTMFCollection -> look | call look id=77"
    );
    let fields = BTreeMap::from([
        ("state".into(), "sent".into()),
        ("noise".into(), "x".into()),
    ]);
    assert_eq!(
        scene.take(FlowInput::ApiAnswered(Some(fields))),
        "move Success -> which | move case 1 -> told | say It is sent. | hang up ScriptEnd"
    );
}

#[test]
fn an_api_that_fails_leads_to_a_person_and_a_failed_transfer_to_the_end() {
    let mut scene = Scene::new(order());
    scene.tell(Heard::Start);
    scene.tell(Heard::Digits("77".into()));
    assert_eq!(
        scene.take(FlowInput::ApiAnswered(None)),
        "move Failure -> clock | time Asia/Shanghai"
    );
    let open = LocalTime {
        weekday: 1,
        minute: 600,
    };
    assert_eq!(
        scene.take(FlowInput::Clock(Some(open))),
        "move Open -> desk | say One moment. | transfer desk"
    );
    assert_eq!(
        scene.tell(Heard::TransferFailed),
        "say Farewell. | hang up TransferFailed"
    );
}

#[test]
fn outside_the_hours_the_call_ends() {
    for time in [
        Some(LocalTime {
            weekday: 7,
            minute: 600,
        }),
        Some(LocalTime {
            weekday: 1,
            minute: 1020,
        }),
        None,
    ] {
        let mut scene = Scene::new(order());
        scene.tell(Heard::Start);
        scene.tell(Heard::Digits("77".into()));
        scene.take(FlowInput::ApiAnswered(None));
        assert_eq!(
            scene.take(FlowInput::Clock(time)),
            "move Closed -> shut | hang up ScriptEnd"
        );
    }
}

#[test]
fn a_replaced_question_was_never_asked() {
    let mut scene = Scene::new(question());
    scene.tell(Heard::Start);
    scene.tell(said("no"));
    let request = ThinkRequest {
        replaces: Some(TurnId(2)),
        ..request(said("no, yes"))
    };
    assert_eq!(
        scene.take(FlowInput::Asked(&request)),
        "move yes -> booked [answer=yes] | say Booked. | hang up ScriptEnd"
    );
}

#[test]
fn faults_name_their_place() {
    let with = |name: &str, kind: NodeKind| {
        let mut parts = question();
        parts.nodes.insert(name.into(), node(None, kind));
        Flow::new(parts).unwrap_err().path
    };
    let set = |next: &str| NodeKind::SetVariables {
        values: BTreeMap::new(),
        next: next.into(),
    };
    assert_eq!(with("x", set("nowhere")), "nodes.x.next");
    assert_eq!(with("x", set("x")), "nodes.x.next");
    assert_eq!(with("", NodeKind::EndCall), "nodes.");
    let silent = NodeKind::Dialogue {
        branches: Vec::new(),
        slots: Vec::new(),
        next: None,
        other: None,
        no_response: None,
        refused: None,
        again: None,
    };
    assert_eq!(with("x", silent), "nodes.x.next");
    assert_eq!(
        Flow::new(FlowParts {
            start: "x".into(),
            ..question()
        })
        .unwrap_err()
        .path,
        "start"
    );
}

fn question() -> FlowParts {
    let ask = NodeKind::Dialogue {
        branches: vec![
            Branch {
                tags: BTreeMap::from([("answer".into(), "yes".into())]),
                ..branch("yes", &["yes", "sure"], &["1"], "booked")
            },
            branch("no", &["no"], &["2"], "bye"),
        ],
        slots: Vec::new(),
        next: None,
        other: None,
        no_response: None,
        refused: None,
        again: None,
    };
    let mut parts = flow([
        ("ask", node(Some("Can you come?"), ask)),
        ("booked", node(Some("Booked."), NodeKind::EndCall)),
        ("bye", node(Some("Bye."), NodeKind::EndCall)),
    ]);
    parts.start = "ask".into();
    parts
}

fn booking() -> FlowParts {
    let slot = |name: &str, kind, ask: &str| Slot {
        name: name.into(),
        kind,
        ask: Line::Text(ask.into()),
        required: true,
    };
    let book = NodeKind::Dialogue {
        branches: Vec::new(),
        slots: vec![
            slot("people", SlotKind::Number, "How many?"),
            slot(
                "room",
                SlotKind::Choice(vec!["garden".into(), "hall".into()]),
                "Which room?",
            ),
        ],
        next: Some("done".into()),
        other: None,
        no_response: None,
        refused: None,
        again: None,
    };
    let mut parts = flow([
        ("book", node(Some("Let us book."), book)),
        (
            "done",
            node(Some("${people} in the ${room} room."), NodeKind::EndCall),
        ),
    ]);
    parts.start = "book".into();
    parts
}

fn order() -> FlowParts {
    let key = NodeKind::KeyPress {
        branches: Vec::new(),
        collect: Some("id".into()),
        next: Some("look".into()),
        otherwise: None,
        again: None,
    };
    let look = NodeKind::ApiCall {
        inputs: BTreeMap::from([("id".into(), "${id}".into())]),
        outputs: BTreeSet::from(["state".into()]),
        waits: true,
        success: "which".into(),
        failure: "clock".into(),
    };
    let sent = Condition {
        variable: "state".into(),
        is: Comparison::Equal,
        value: "sent".into(),
    };
    let which = NodeKind::Condition {
        cases: vec![(sent, "told".into())],
        otherwise: "shut".into(),
    };
    let clock = NodeKind::WorkTime {
        zone: "Asia/Shanghai".into(),
        open: vec![Hours {
            days: (1..=5).collect(),
            from_minute: 540,
            to_minute: 1020,
        }],
        during: "desk".into(),
        outside: "shut".into(),
    };
    let mut parts = flow([
        ("key", node(Some("Your number?"), key)),
        ("look", node(None, look)),
        ("which", node(None, which)),
        ("told", node(Some("It is ${state}."), NodeKind::EndCall)),
        ("clock", node(None, clock)),
        (
            "desk",
            node(
                Some("One moment."),
                NodeKind::Transfer {
                    target: "desk".into(),
                    failed: None,
                },
            ),
        ),
        ("shut", node(None, NodeKind::EndCall)),
    ]);
    parts.start = "key".into();
    parts
}

fn flow<const N: usize>(nodes: [(&str, Node); N]) -> FlowParts {
    FlowParts {
        start: String::new(),
        nodes: nodes
            .into_iter()
            .map(|(name, node)| (name.to_owned(), node))
            .collect(),
        goodbye: Some(Line::Text("Farewell.".into())),
        tries_max: 3,
    }
}

fn node(say: Option<&str>, kind: NodeKind) -> Node {
    Node {
        say: say.map(|say| Line::Text(say.into())),
        interruptible: true,
        kind,
    }
}

fn branch(name: &str, words: &[&str], keys: &[&str], next: &str) -> Branch {
    Branch {
        name: name.into(),
        words: words.iter().map(|word| (*word).into()).collect(),
        keys: keys.iter().map(|row| (*row).into()).collect(),
        means: String::new(),
        tags: BTreeMap::new(),
        next: next.into(),
    }
}

fn said(words: &str) -> Heard {
    Heard::Utterance(words.into())
}

fn request(heard: Heard) -> ThinkRequest {
    ThinkRequest {
        turn: TurnId(1),
        replaces: None,
        heard,
        interrupted: None,
        history: Vec::new(),
    }
}

struct Scene(FlowRun);

impl Scene {
    fn new(parts: FlowParts) -> Self {
        let flow = Arc::new(Flow::new(parts).unwrap());
        Self(FlowRun::new(flow, BTreeMap::new(), false))
    }

    fn understanding(parts: FlowParts) -> Self {
        let flow = Arc::new(Flow::new(parts).unwrap());
        Self(FlowRun::new(flow, BTreeMap::new(), true))
    }

    fn tell(&mut self, heard: Heard) -> String {
        self.take(FlowInput::Asked(&request(heard)))
    }

    fn take(&mut self, input: FlowInput<'_>) -> String {
        self.0.handle(input);
        let told = std::iter::from_fn(|| self.0.poll()).filter_map(|output| match output {
            FlowOutput::Decide(Decision::Say {
                line: Line::Text(text),
                ..
            }) => Some(format!("say {text}")),
            FlowOutput::Decide(Decision::Listen(expected)) => {
                Some(format!("listen {}", expected.phrases.join(",")))
            }
            FlowOutput::Decide(Decision::HangUp { cause }) => Some(format!("hang up {cause:?}")),
            FlowOutput::Decide(Decision::Transfer { target }) => Some(format!("transfer {target}")),
            FlowOutput::Decide(other) => Some(format!("{other:?}")),
            FlowOutput::Moved(to) => {
                let tags: String = to
                    .tags
                    .iter()
                    .map(|(name, value)| format!(" [{name}={value}]"))
                    .collect();
                Some(format!("move {} -> {}{tags}", to.branch, to.node))
            }
            FlowOutput::CallApi { node, inputs, .. } => {
                let inputs: Vec<String> = inputs
                    .iter()
                    .map(|(name, value)| format!("{name}={value}"))
                    .collect();
                Some(format!("call {node} {}", inputs.join(",")))
            }
            FlowOutput::TellTime(zone) => Some(format!("time {zone}")),
            FlowOutput::Understand { missing, .. } => {
                let names: Vec<String> = missing.into_iter().map(|slot| slot.name).collect();
                Some(format!("understand {}", names.join(",")))
            }
            FlowOutput::Done => None,
        });
        told.collect::<Vec<_>>().join(" | ")
    }
}
