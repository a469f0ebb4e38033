//! Gives the machine of voice-agent slots its time, and waiters their answer.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard},
    time::{Duration, Instant},
};

use engine::slots::{Acquired, SlotEvent, Slots, WAITING_MAX};
use model::{CallId, Refusal, TenantId};
use tokio::sync::oneshot;

/// The slots of every tenant.
#[derive(Clone)]
pub struct SlotDesk(Arc<Mutex<Desk>>);

struct Desk {
    slots: Slots,
    waiters: HashMap<CallId, oneshot::Sender<Result<(), Refusal>>>,
}

/// A slot that is held; dropping it frees it for the next who waits.
pub struct SlotGuard {
    desk: SlotDesk,
    call: CallId,
    tenant: TenantId,
}

impl SlotDesk {
    /// Nobody talks.
    pub fn new() -> Self {
        Self(Arc::new(Mutex::new(Desk {
            slots: Slots::new(WAITING_MAX),
            waiters: HashMap::new(),
        })))
    }

    /// Waits for a slot, at most `wait_max`. Dropping the future gives up the place in the queue.
    pub async fn acquire(
        &self,
        call: &CallId,
        tenant: TenantId,
        limit: Option<u32>,
        wait_max: Duration,
    ) -> Result<SlotGuard, Refusal> {
        // Made first: releases the slot, or the place, whatever happens below.
        let guard = SlotGuard {
            desk: self.clone(),
            call: call.clone(),
            tenant,
        };
        let wait_until = Instant::now() + wait_max;
        let told = {
            let mut desk = self.desk();
            let now = Instant::now();
            match desk.slots.acquire(call, tenant, limit, wait_until, now) {
                Acquired::Granted => return Ok(guard),
                Acquired::Refused(refusal) => return Err(refusal),
                Acquired::Waiting => {
                    let (waiter, told) = oneshot::channel();
                    desk.waiters.insert(call.clone(), waiter);
                    told
                }
            }
        };
        tokio::pin!(told);
        loop {
            let deadline = tokio::time::Instant::from_std(wait_until);
            match tokio::time::timeout_at(deadline, &mut told).await {
                Ok(Ok(Ok(()))) => return Ok(guard),
                Ok(Ok(Err(refusal))) => return Err(refusal),
                Ok(Err(_)) => return Err(Refusal::NoAgentSlot { waited: wait_max }),
                Err(_) => self.desk().expire(),
            }
        }
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.0
            .lock()
            .expect("nothing panics while it holds this lock")
    }
}

impl Desk {
    fn expire(&mut self) {
        self.slots.handle_timeout(Instant::now());
        self.tell();
    }

    fn tell(&mut self) {
        while let Some(event) = self.slots.poll() {
            let (call, told) = match event {
                SlotEvent::Granted(call) => (call, Ok(())),
                SlotEvent::Expired { call, refusal } => (call, Err(refusal)),
            };
            if let Some(waiter) = self.waiters.remove(&call) {
                // Whoever waited has just gone: its guard gives the slot back.
                let _ = waiter.send(told);
            }
        }
    }
}

impl Drop for SlotGuard {
    fn drop(&mut self) {
        let mut desk = self.desk.desk();
        desk.waiters.remove(&self.call);
        desk.slots.release(&self.call, self.tenant, Instant::now());
        desk.tell();
    }
}
