//! Tells the SIP task whose traffic is to pass when strangers flood: trunks and registered phones.
//!
//! It names addresses only. Who may call is decided by `inbound`, whatever is known here: over UDP
//! anybody can write anybody's address.

use std::{
    collections::BTreeSet,
    net::IpAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use store::StoreError;

use super::{inbound::addresses::Addresses, targets::links_to};
use crate::App;

/// How soon a trunk that is new is known.
const LOOK_EVERY: Duration = Duration::from_secs(3);

/// How soon a phone is known that has registered from a new address: there are many, and all are read.
const PHONES_EVERY: Duration = Duration::from_secs(30);

/// Looks until the process ends.
pub async fn run(app: Arc<App>) {
    let addresses = Addresses::default();
    let (mut told, mut phones) = (Vec::new(), BTreeSet::new());
    let mut phones_at: Option<Instant> = None;
    loop {
        if phones_at.is_none_or(|at| at.elapsed() >= PHONES_EVERY) {
            match of_phones(&app).await {
                Ok(found) => phones = found,
                Err(error) => tracing::warn!(%error, "failed to read the phones"),
            }
            phones_at = Some(Instant::now());
        }
        match of_trunks(&app, &addresses).await {
            Ok(trunks) => {
                let mut peers: Vec<IpAddr> = trunks.iter().copied().collect();
                peers.extend(phones.difference(&trunks));
                if peers != told {
                    told.clone_from(&peers);
                    if app.sip().know(peers).await.is_err() {
                        return;
                    }
                }
            }
            Err(error) => tracing::warn!(%error, "failed to read the trunks"),
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

async fn of_trunks(app: &App, addresses: &Addresses) -> Result<BTreeSet<IpAddr>, StoreError> {
    let mut peers = BTreeSet::new();
    for trunk in app.store().known_trunks().await?.all() {
        let settings = &trunk.settings;
        if !settings.enabled || settings.simulated {
            continue;
        }
        if settings.way.srv {
            // A trunk that cannot be found is told of where it is called.
            let links = links_to(app, settings).await.unwrap_or_default();
            peers.extend(links.iter().map(|link| link.remote.ip().to_canonical()));
        } else {
            let found = addresses.of(&settings.host).await;
            peers.extend(found.iter().map(IpAddr::to_canonical));
        }
    }
    Ok(peers)
}

async fn of_phones(app: &App) -> Result<BTreeSet<IpAddr>, StoreError> {
    let phones = app.store().all_phone_contacts(app.now()).await?;
    let ips = phones.iter().map(|phone| phone.remote.ip().to_canonical());
    Ok(ips.collect())
}
