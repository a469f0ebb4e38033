//! The few facts about a message that a call ladder shows, without parsing all of it.

/// What a ladder shows of one message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Request or response.
    pub what: What,
    /// `Call-ID`; empty if it has none.
    pub call_id: String,
    /// `CSeq` as written, e.g. `2 INVITE`; empty if it has none.
    pub cseq: String,
}

/// First line of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A request's method.
    Request(String),
    /// A response's status and phrase.
    Response(u16, String),
}

/// Reads the first line, `Call-ID` and `CSeq`. `None`: not SIP.
#[must_use]
pub fn summary(bytes: &[u8]) -> Option<Summary> {
    let end = bytes
        .windows(4)
        .position(|w| w == b"\r\n\r\n")
        .unwrap_or(bytes.len());
    let header = String::from_utf8_lossy(&bytes[..end]);
    let mut lines = header.lines().skip_while(|line| line.is_empty());
    let first = lines.next()?;
    let what = match first.strip_prefix("SIP/2.0 ") {
        Some(rest) => {
            let (status, phrase) = rest.split_once(' ').unwrap_or((rest, ""));
            What::Response(status.parse().ok()?, phrase.to_owned())
        }
        None => {
            let (method, rest) = first.split_once(' ')?;
            rest.ends_with("SIP/2.0").then_some(())?;
            What::Request(method.to_owned())
        }
    };
    let (mut call_id, mut cseq) = (String::new(), String::new());
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        let name = name.trim_end();
        if name.eq_ignore_ascii_case("call-id") || name.eq_ignore_ascii_case("i") {
            value.trim().clone_into(&mut call_id);
        } else if name.eq_ignore_ascii_case("cseq") {
            value.trim().clone_into(&mut cseq);
        }
    }
    Some(Summary {
        what,
        call_id,
        cseq,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ladder_needs_three_facts() {
        let ringing = b"SIP/2.0 180 Ringing\r\ni: 7@h\r\nCSEQ: 1 INVITE\r\n\r\nCSeq: 9";
        let expected = Summary {
            what: What::Response(180, "Ringing".into()),
            call_id: "7@h".into(),
            cseq: "1 INVITE".into(),
        };
        assert_eq!(summary(ringing), Some(expected));
        assert_eq!(summary(b"GET / HTTP/1.1\r\n\r\n"), None);
        assert_eq!(summary(b"\r\n\r\n"), None);
    }
}
