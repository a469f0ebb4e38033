//! Wrong signatures from an address that guesses are answered late.
//!
//! They get their true code, since clients tell by it what to correct, but only after a while;
//! few wait at once. Right signatures never come here: many clients may share one address.

use std::{net::IpAddr, time::Duration};

use app::App;
use tokio::sync::Semaphore;

use crate::fault::Fault;

/// What an answer waits for: long for a guesser, short for the time limits of clients (the
/// vendor's own wait 60 s).
const DELAY: Duration = Duration::from_secs(1);

/// Answers that wait at once, in the whole process: each holds a connection.
const WAITING_MAX: usize = 64;

static PLACES: Semaphore = Semaphore::const_new(WAITING_MAX);

/// What a wrong signature, or one of an unknown credential, is told in the end. Counts it, unless
/// its address is slowed already. Without an address nothing is counted.
pub(super) async fn refused(app: &App, from: Option<IpAddr>, fault: Fault) -> Fault {
    let Some(from) = from else {
        return fault;
    };
    if app.is_guessing(from) {
        return late(fault, &PLACES).await;
    }
    app.note_guess(from);
    fault
}

/// Forgets what was guessed from an address that a right signature came from.
pub(super) fn forgive(app: &App, from: Option<IpAddr>) {
    if let Some(from) = from {
        app.forgive_guesses(from);
    }
}

/// `fault` after the delay; at once another one when no place to wait is free.
async fn late(fault: Fault, places: &Semaphore) -> Fault {
    let Ok(_place) = places.try_acquire() else {
        return Fault::too_many_guesses();
    };
    tokio::time::sleep(DELAY).await;
    fault
}

#[cfg(test)]
mod tests {
    use std::{
        future::Future as _,
        pin::pin,
        task::{Context, Poll, Waker},
    };

    use super::*;

    #[tokio::test]
    async fn an_answer_waits_while_there_is_room_and_further_ones_are_turned_away() {
        let places = Semaphore::new(1);
        let mut context = Context::from_waker(Waker::noop());
        let mut waiting = pin!(late(Fault::signature_failure(), &places));
        assert!(waiting.as_mut().poll(&mut context).is_pending());
        let mut second = pin!(late(Fault::signature_failure(), &places));
        let Poll::Ready(fault) = second.as_mut().poll(&mut context) else {
            panic!("it waits without a place");
        };
        assert_eq!(fault.code, "RequestLimitExceeded.IPLimitExceeded");
    }
}
