//! The trunk that leads to the simulated callees.

use std::{net::SocketAddr, sync::Arc};

use app::App;
use model::{E164, SipTransport, TenantId, Trunk, TrunkCodec, TrunkDraft, TrunkNumber};
use store::{Paging, Store, StoreError};

use super::CALLEE_PREFIX;

/// Its name.
const NAME: &str = "simulated";

/// Last four digits of the numbers that tenants show, the first tenant's first. 0100 to 0109 are
/// callees.
const SHOWN: std::ops::RangeInclusive<u16> = 110..=199;

/// Trunks and tenants that are looked through.
const LISTED_MAX: u32 = 1000;

/// Makes the trunk lead to `phone`, and gives every tenant that has none a number on it to show.
pub async fn ensure(app: &Arc<App>, phone: SocketAddr) -> Result<(), StoreError> {
    let (store, now) = (app.store(), app.now());
    let draft = draft(phone);
    let trunks = store.trunks(Paging::first(LISTED_MAX)).await?.items;
    let present = trunks.into_iter().find(|trunk| trunk.settings.name == NAME);
    let trunk = match present {
        Some(trunk) if trunk.settings == draft => trunk,
        Some(trunk) => store.update_trunk(trunk.id, &draft).await?,
        None => store.create_trunk(&draft, now).await?,
    };
    for tenant in store.tenants(Paging::first(LISTED_MAX)).await?.items {
        if !trunk
            .numbers
            .iter()
            .any(|number| number.tenant == tenant.id)
        {
            add_number(store, &trunk, tenant.id, app).await?;
        }
    }
    Ok(())
}

/// Gives a tenant a number to show on the trunk, unless it has one.
pub async fn welcome(app: &App, tenant: TenantId) -> Result<(), StoreError> {
    let trunks = app.store().trunks(Paging::first(LISTED_MAX)).await?.items;
    let trunk = trunks.into_iter().find(|trunk| trunk.settings.name == NAME);
    match trunk {
        Some(trunk) if trunk.numbers.iter().all(|number| number.tenant != tenant) => {
            add_number(app.store(), &trunk, tenant, app).await
        }
        // An operator has removed it: then nobody calls simulated callees until the next start.
        Some(_) | None => Ok(()),
    }
}

/// The highest number that is free; none when all ninety are taken.
async fn add_number(
    store: &Store,
    trunk: &Trunk,
    tenant: TenantId,
    app: &App,
) -> Result<(), StoreError> {
    for last in SHOWN.rev() {
        let number = E164::parse(&format!("+12025550{last}"), "").expect("11 digits");
        let shown = TrunkNumber {
            number,
            tenant,
            outbound: true,
            inbound_agent: None,
            inbound_group: None,
            enabled: true,
        };
        match store.add_number(trunk.id, &shown, app.now()).await {
            Err(StoreError::Conflict { .. }) => {}
            other => return other,
        }
    }
    tracing::warn!(%tenant, "no number is left to show to simulated callees");
    Ok(())
}

fn draft(phone: SocketAddr) -> TrunkDraft {
    TrunkDraft {
        name: NAME.to_owned(),
        host: phone.ip().to_string(),
        port: phone.port(),
        transport: SipTransport::Udp,
        user: None,
        password: None,
        register: false,
        domain: None,
        codecs: vec![TrunkCodec::Pcmu, TrunkCodec::Pcma],
        way: model::TrunkWay::default(),
        channels_max: 500,
        calls_per_second_max: 100,
        prefix_rules: Vec::new(),
        callee_prefixes: vec![CALLEE_PREFIX.to_owned()],
        signalling: model::TrunkSignalling::default(),
        simulated: true,
        enabled: true,
    }
}
