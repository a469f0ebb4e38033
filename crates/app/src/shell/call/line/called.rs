//! A leg that came in: attended, rung, heard before the answer, answered.

use std::{collections::VecDeque, sync::Arc};

use anyhow::Context as _;
use model::{KeyPresses, MediaEncryption, MediaTimeout};
use sip::{
    Command, Incoming,
    sdp::{self, Session},
};

use super::{
    Line, MediaTerms, allowed,
    words::{codecs, local},
};
use crate::{App, shell::sip::LegHold};

impl Line {
    /// Takes hold of a call that came in, without answering it.
    pub async fn attend(app: &App, incoming: &Incoming) -> anyhow::Result<Self> {
        let hold = LegHold::new(app.sip(), incoming.leg);
        Ok(Self {
            hold,
            reports: app.sip().adopt(incoming.leg).await?,
            local_sdp: None,
            sockets: None,
            negotiated: None,
            // Until it is answered, on whatever terms.
            encryption: MediaEncryption::Off,
            key_presses: KeyPresses::Auto,
            timeout: MediaTimeout::default(),
            is_up: false,
            signals_keys: false,
            link: incoming.source,
            carried: None,
            identity: Arc::clone(app.media().identity()),
            is_unanswered: true,
            early_media: false,
            early_phone: None,
            waiting: VecDeque::new(),
            entry: None,
        })
    }

    /// Tells the caller that it rings.
    pub async fn tell_ringing(&self, app: &App) -> anyhow::Result<()> {
        let ring = Command::Ring {
            leg: self.hold.leg(),
            sdp: None,
        };
        Ok(app.sip().command(ring).await?)
    }

    /// Tells the caller that something can be heard before the answer, and where, if that was not told
    /// yet. False for a caller who offers nothing, and says only later where to send it.
    pub async fn progress(
        &mut self,
        app: &App,
        incoming: &Incoming,
        terms: &MediaTerms,
    ) -> anyhow::Result<bool> {
        if incoming.sdp.is_none() {
            return Ok(false);
        }
        if self.local_sdp.is_none() {
            let sdp = Some(self.describe(app, incoming, terms).await?);
            let leg = incoming.leg;
            app.sip().command(Command::Ring { leg, sdp }).await?;
        }
        Ok(true)
    }

    /// Answers a call that came in. The leg is up when the caller confirms.
    pub async fn answer(
        &mut self,
        app: &App,
        incoming: &Incoming,
        terms: &MediaTerms,
    ) -> anyhow::Result<()> {
        let leg = incoming.leg;
        let sdp = match &self.local_sdp {
            Some(told) => told.to_bytes(),
            None => {
                let sdp = self.describe(app, incoming, terms).await?;
                let is_agreed = self.negotiated.is_some();
                if is_agreed && (terms.progress_first || requires_reliable(incoming)) {
                    let sdp = Some(sdp.clone());
                    app.sip().command(Command::Ring { leg, sdp }).await?;
                }
                sdp
            }
        };
        app.sip().command(Command::Accept { leg, sdp }).await?;
        self.is_unanswered = false;
        Ok(())
    }

    /// Makes our description: an answer to the caller's offer, or an offer where there is none.
    async fn describe(
        &mut self,
        app: &App,
        incoming: &Incoming,
        terms: &MediaTerms,
    ) -> anyhow::Result<Vec<u8>> {
        let sockets = app.media().bind().context("no RTP port")?;
        let offers = incoming.sdp.is_none();
        let local = local(app, &sockets, incoming.source, terms, offers);
        let codecs = codecs(&terms.codecs);
        let (ours, negotiated) = match &incoming.sdp {
            Some(offer) => {
                let (ours, agreed) = sdp::answer(&Session::parse(offer)?, &local, &codecs)?;
                (ours, Some(agreed))
            }
            None => (sdp::offer(&local, &codecs), None),
        };
        let allow = allowed(incoming.leg, codecs, terms);
        app.sip().command(allow).await?;
        let sdp = ours.to_bytes();
        self.local_sdp = Some(ours);
        self.sockets = Some(sockets);
        self.negotiated = negotiated;
        self.encryption = terms.encryption;
        self.key_presses = terms.key_presses;
        self.timeout = terms.timeout;
        Ok(sdp)
    }
}

/// Whether a caller wants provisional answers that arrive for certain (RFC 3262): it is shown one, and the
/// 200 follows once it is acknowledged.
fn requires_reliable(incoming: &Incoming) -> bool {
    let mut required = incoming.headers.values("Require");
    required.any(|option| option.eq_ignore_ascii_case("100rel"))
}
