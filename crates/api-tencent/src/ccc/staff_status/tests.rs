//! Fields of the vendor, and what a request for history may ask for.

use model::{Language as Spoken, Reserved, Role, StaffId, TenantId};
use serde_json::{Value, json};

use super::*;
use crate::{definition, sample::assert_fields};

const NOW: UnixMs = UnixMs(1_795_222_800_000);

#[test]
fn answers_have_every_field_of_the_vendor() {
    let vendor = definition::ccc();
    let metrics = StaffStatusMetrics::at_present(staff());
    assert_fields(&metrics, vendor.object("StaffStatusMetrics"));
    assert_fields(&metrics.status_extra, vendor.object("StaffStatusExtra"));
    let change = StatusChange {
        n: 3,
        at: NOW,
        status: StaffStatus::WrapUp,
        reason: String::new(),
        work: Some("6bb56a09".into()),
    };
    let row = StaffStatusRow::of(change, &staff().settings);
    assert_fields(&row, vendor.object("StaffStatus"));
    assert_fields(
        &SetStaffStatusRspItem::default(),
        vendor.object("SetStaffStatusRspItem"),
    );
    let client = ClientInfo {
        client_type: "Web",
        is_connected: true,
    };
    assert_fields(&client, vendor.object("ClientInfo"));
}

#[test]
fn a_reserved_break_shows() {
    let metrics = StaffStatusMetrics::at_present(staff());
    assert_eq!(metrics.status, "busy");
    assert!(metrics.reserve_rest && !metrics.reserve_not_ready);
}

#[test]
fn every_status_has_a_word_that_leads_back() {
    for status in StaffStatus::ALL {
        assert_eq!(status_of(word_of(status)), Some(status));
    }
    assert_eq!(status_of("arrange"), None);
}

#[test]
fn a_cursor_leads_behind_its_row() {
    let change = StatusChange {
        n: 3,
        at: UnixMs(1_756_800_548_275),
        status: StaffStatus::Free,
        reason: String::new(),
        work: None,
    };
    let row = StaffStatusRow::of(change, &staff().settings);
    let ask = |cursor: &str| asked(&json!({"Cursor": cursor})).after();
    assert_eq!(ask(&row.cursor), Ok(3));
    assert_eq!(ask(""), Ok(0));
    for wrong in ["x", "!", "MTIzNA=="] {
        assert!(ask(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn history_is_asked_for_in_windows_of_less_than_7_days_of_the_last_180() {
    const DAY: i64 = 24 * 3600;
    let now = NOW.seconds();
    for (start, end, good) in [
        (now - DAY, now, true),
        (now - 7 * DAY + 1, now, true),
        (now - 7 * DAY, now, false),
        (now, now - 1, false),
        (now - 180 * DAY, now - 179 * DAY, true),
        (now - 181 * DAY, now - 180 * DAY, false),
    ] {
        let window = asked(&json!({"StartTimestamp": start, "EndTimestamp": end})).window(NOW);
        assert_eq!(window.is_ok(), good, "{start} {end}");
    }
}

fn asked(more: &Value) -> DescribeStaffStatusHistory {
    let mut fields = json!({"StaffUserId": "lin@x.com", "StartTimestamp": 0, "EndTimestamp": 0});
    for (name, value) in more.as_object().unwrap() {
        fields[name] = value.clone();
    }
    serde_json::from_value(fields).unwrap()
}

fn staff() -> Staff {
    Staff {
        id: StaffId(1),
        tenant: TenantId(1_400_000_001),
        settings: StaffDraft {
            email: "lin@x.com".into(),
            name: "Lin".into(),
            nick: String::new(),
            phone: None,
            staff_number: "7".into(),
            extension: None,
            language: Spoken::Chinese,
            roles: vec![Role::Agent],
            everywhere: false,
            mobile_call_out: true,
            mobile_accept: MobileAccept::Always,
            forwarding: None,
        },
        skill_groups: Vec::new(),
        presence: Presence {
            status: StaffStatus::Busy,
            reserved: Some(Reserved {
                status: StaffStatus::Rest,
                reason: "lunch".into(),
            }),
            ..Presence::new(NOW)
        },
        created_at: NOW,
        modified_at: NOW,
    }
}
