//! The centre: speech engines, object storage, database, trunks, pushes.

use app::Settings;
use model::{DeliveryState, TenantId};
use providers::{
    recognizer::pocketsphinx::Pocketsphinx, speaker::LocalSpeaker, storage::ObjectStore,
};
use store::{Database, DeliveryFilter, Paging, Store, StoreError};

use super::{network, report::Report};
use crate::{config::Resolved, setup_link::seal_key};

/// Trunks and tenants that are looked at.
const LOOKED_AT_MAX: u32 = 50;

/// Looks at the engines that speak and recognize.
pub fn check_speech(report: &mut Report) {
    let missing = LocalSpeaker::new().missing();
    if missing.is_empty() {
        report.good("speakers", "flite and espeak-ng");
    }
    for fault in missing {
        report.broken(
            "speakers",
            fault.to_string(),
            "apt-get install flite espeak-ng",
        );
    }
    match Pocketsphinx::check() {
        Ok(()) => report.good("recognizer", "pocketsphinx"),
        Err(fault) => {
            let fix = "apt-get install libpocketsphinx3 pocketsphinx-en-us; keys work without it";
            report.warn("recognizer", fault.to_string(), fix);
        }
    }
}

/// Looks at the store that recordings are copied to, if there is one.
pub async fn check_storage(report: &mut Report, settings: &Settings) {
    let Some(storage) = settings.storage.clone() else {
        return report.good("recording copies", "not configured");
    };
    let bucket = storage.bucket.clone();
    let checked = match ObjectStore::new(storage) {
        Ok(store) => store.check().await,
        Err(fault) => Err(fault),
    };
    match checked {
        Ok(()) => report.good(
            "recording copies",
            format!("bucket {bucket} can be written"),
        ),
        Err(fault) => {
            report.broken(
                "recording copies",
                fault.to_string(),
                "check the block [s3] of the settings",
            );
        }
    }
}

/// Looks at the database and at what stands in it.
pub async fn check_data(report: &mut Report, resolved: &Resolved, settings: &Settings) {
    if let Database::Sqlite { path } = &settings.database
        && !path.exists()
    {
        let shown = format!(
            "{} is not there yet: the first start makes it",
            path.display()
        );
        return report.good("database", shown);
    }
    let store = match open(resolved, settings).await {
        Ok(store) => store,
        Err(error) => {
            return report.broken(
                "database",
                format!("{error:#}"),
                "check --database and --data",
            );
        }
    };
    report.good("database", "answers, can be written, schema known");
    if let Err(error) = check_contents(report, &store).await {
        report.broken("database", error.to_string(), "see the log of the server");
    }
    store.close().await;
}

async fn open(resolved: &Resolved, settings: &Settings) -> anyhow::Result<Store> {
    let store = Store::open(settings.database.clone(), seal_key(resolved)?).await?;
    store.check().await?;
    Ok(store)
}

async fn check_contents(report: &mut Report, store: &Store) -> Result<(), StoreError> {
    let trunks = store.trunks(Paging::first(LOOKED_AT_MAX)).await?;
    if trunks.items.is_empty() {
        report.good("trunks", "none yet: add one with switchboard trunk add");
    }
    // Simulated people are in the server, which need not run now, on a port of each start's own.
    let carriers = trunks
        .items
        .into_iter()
        .filter(|trunk| trunk.settings.enabled && !trunk.settings.simulated);
    network::check_trunks(report, carriers).await;
    let tenants = store.tenants(Paging::first(LOOKED_AT_MAX)).await?;
    let (mut due, mut exhausted) = (0, 0);
    for tenant in tenants.items {
        due += n_deliveries(store, tenant.id, DeliveryState::Due).await?;
        exhausted += n_deliveries(store, tenant.id, DeliveryState::Exhausted).await?;
    }
    if exhausted > 0 {
        let fix =
            "see them with switchboard delivery list --state exhausted; then delivery replay ID";
        report.warn(
            "pushes",
            format!("{exhausted} given up, {due} on their way"),
            fix,
        );
    } else {
        report.good("pushes", format!("none given up, {due} on their way"));
    }
    Ok(())
}

async fn n_deliveries(
    store: &Store,
    tenant: TenantId,
    state: DeliveryState,
) -> Result<i64, StoreError> {
    let filter = DeliveryFilter {
        tenant,
        endpoint: None,
        call: None,
        state: Some(state),
    };
    Ok(store.deliveries(&filter, Paging::first(0)).await?.total)
}
