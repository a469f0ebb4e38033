//! A leg in somebody's hands.

use sip::{Command, LegId, Reason};

use super::{Request, SipHandle, Stopped};

/// A leg in somebody's hands: whoever lets go of it before its end, as a task that panics does,
/// hangs it up. The peer must not listen to nobody.
pub struct LegHold {
    sip: SipHandle,
    leg: LegId,
    is_over: bool,
}

impl LegHold {
    /// Takes hold of a leg.
    pub fn new(sip: &SipHandle, leg: LegId) -> Self {
        Self {
            sip: sip.clone(),
            leg,
            is_over: false,
        }
    }

    /// The leg.
    pub fn leg(&self) -> LegId {
        self.leg
    }

    /// Whether it has ended.
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    /// Ends it by what its state needs, and says why.
    ///
    /// # Errors
    ///
    /// When the process is ending.
    pub async fn hang_up(&self, reason: Reason) -> Result<(), Stopped> {
        let hang_up = Command::HangUp {
            leg: self.leg,
            reason: Some(reason),
        };
        self.sip.command(hang_up).await
    }

    /// It has ended.
    pub fn end(&mut self) {
        self.is_over = true;
    }
}

impl Drop for LegHold {
    fn drop(&mut self) {
        if self.is_over {
            return;
        }
        // ITU-T Q.850 table 1: temporary failure.
        let reason = Some(Reason {
            protocol: "Q.850".into(),
            cause: Some(41),
            text: None,
        });
        let hang_up = Request::Command(Command::HangUp {
            leg: self.leg,
            reason,
        });
        // A leg whose end is on its way to us is not hung up twice: the endpoint knows.
        if self.sip.requests.try_send(hang_up).is_err() {
            tracing::error!(leg = self.leg.0, "a leg was let go of and not hung up");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{net::SocketAddr, time::Duration};

    use sip::{Event, Incoming, Invite, NameAddr, Transport, Uri};
    use tokio::sync::mpsc;

    use super::*;
    use crate::shell::sip::{Report, SipSettings, StreamSettings};

    #[tokio::test]
    async fn a_task_that_panics_hangs_up() {
        let (ours, _) = endpoint().await;
        let (phone, mut rings) = endpoint().await;
        let (hold, mut reports) = dial(&ours, &phone).await;
        let leg = rings.recv().await.unwrap().leg;
        let mut heard = phone.adopt(leg).await.unwrap();
        let accept = Command::Accept {
            leg,
            sdp: SDP.into(),
        };
        phone.command(accept).await.unwrap();
        until(&mut reports, |event| {
            matches!(event, Event::Answered { .. })
        })
        .await;
        until(&mut heard, |event| matches!(event, Event::Confirmed { .. })).await;

        let task = tokio::spawn(async move {
            let _held = hold;
            panic!("as a defect would")
        });
        assert!(task.await.is_err_and(|error| error.is_panic()));
        until(&mut heard, |event| matches!(event, Event::Ended { .. })).await;
    }

    #[tokio::test]
    async fn a_task_that_panics_while_it_rings_gives_up() {
        let (ours, _) = endpoint().await;
        let (phone, mut rings) = endpoint().await;
        let (hold, _reports) = dial(&ours, &phone).await;
        let leg = rings.recv().await.unwrap().leg;
        let mut heard = phone.adopt(leg).await.unwrap();
        phone
            .command(Command::Ring { leg, sdp: None })
            .await
            .unwrap();
        drop(hold);
        until(&mut heard, |event| matches!(event, Event::Canceled { .. })).await;
    }

    const SDP: &str = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n\
                       m=audio 40000 RTP/AVP 8\r\n";

    async fn endpoint() -> (SipHandle, mpsc::Receiver<Box<Incoming>>) {
        let (to_rings, rings) = mpsc::channel(4);
        let settings = SipSettings {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            public_ip: None,
            user_agent: "test".into(),
            streams: StreamSettings::default(),
        };
        (SipHandle::start(settings, to_rings).await.unwrap(), rings)
    }

    async fn dial(ours: &SipHandle, phone: &SipHandle) -> (LegHold, mpsc::Receiver<Report>) {
        let leg = ours.new_leg();
        let invite = Invite {
            leg,
            to: Uri::sip("1000", "127.0.0.1", None),
            from: NameAddr::new(Uri::sip("1001", "127.0.0.1", None)),
            link: ours.link(Transport::Udp, phone.local()),
            routes: Vec::new(),
            credentials: None,
            headers: Vec::new(),
            sdp: SDP.into(),
            ring_time_max: Duration::from_secs(30),
            rules: sip::InviteRules::default(),
        };
        let reports = ours.invite(invite).await.unwrap();
        (LegHold::new(ours, leg), reports)
    }

    async fn until(reports: &mut mpsc::Receiver<Report>, is_it: impl Fn(&Event) -> bool) {
        let looking = async {
            loop {
                match reports.recv().await.expect("the leg is told of") {
                    Report::Event(event) if is_it(&event) => return,
                    Report::Event(_) | Report::Dialed { .. } => {}
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(10), looking)
            .await
            .expect("in time");
    }
}
