//! The kernel that every cloud dialect shares: one typed [`Action`] for each operation, one
//! static table of [`Entry`] rows for each group of them.
//!
//! An action file holds the request, the response, the handler and its row; nothing else changes
//! when an action is added. The kernel knows nothing of signatures, envelopes or error codes:
//! a [`Dialect`] brings its own context and its own fault.
//!
//! # Invariants
//!
//! - A handler sees parsed parameters only: what does not fit [`Action`] never reaches `run`.
//! - A row is found by the exact spelling of the vendor, and by nothing else.

use std::{future::Future, pin::Pin};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// What differs from one cloud's wire to another's.
pub trait Dialect: 'static {
    /// Who asks, in whose name, and the use cases that may be called.
    type Context: Send + 'static;
    /// An error that already has the dialect's code. Parameters that do not fit become one.
    type Fault: From<serde_json::Error> + Send + 'static;
}

/// One operation of a compatible cloud API.
pub trait Action: DeserializeOwned + Send + 'static {
    /// Whose wire it is.
    type Dialect: Dialect;
    /// The fields of the answer.
    type Response: Serialize;
    /// Name on the wire, exactly as the vendor spells it.
    const NAME: &'static str;
    /// Codes that the action answers with, beside those that every action may answer with.
    const REFUSALS: &'static [Reached];

    /// Runs the action. Validation is parsing: it happens on the way into `model` types.
    fn run(
        self,
        context: <Self::Dialect as Dialect>::Context,
    ) -> impl Future<Output = Result<Self::Response, <Self::Dialect as Dialect>::Fault>> + Send;
}

/// An error code and the condition that leads to it, for people who read the compatibility page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reached {
    /// The vendor's code.
    pub code: &'static str,
    /// When it is answered, as a lowercase fragment.
    pub when: &'static str,
}

/// What an action answers.
pub type Reply<D> = Pin<Box<dyn Future<Output = Result<Value, <D as Dialect>::Fault>> + Send>>;

/// A row of the action table.
pub struct Entry<D: Dialect> {
    /// Name on the wire.
    pub name: &'static str,
    /// Codes of its own.
    pub refusals: &'static [Reached],
    /// Parses the parameters and runs the action.
    pub run: fn(D::Context, Value) -> Reply<D>,
}

impl<D: Dialect> Entry<D> {
    /// The row of `A`.
    pub const fn of<A: Action<Dialect = D>>() -> Self {
        Self {
            name: A::NAME,
            refusals: A::REFUSALS,
            run: run::<A>,
        }
    }

    /// Whether the action answers with `code` on a condition of its own.
    pub fn reaches(&self, code: &str) -> bool {
        self.refusals.iter().any(|reached| reached.code == code)
    }
}

fn run<A: Action>(
    context: <A::Dialect as Dialect>::Context,
    parameters: Value,
) -> Reply<A::Dialect> {
    Box::pin(async move {
        let action: A = serde_json::from_value(parameters)?;
        let response = action.run(context).await?;
        Ok(serde_json::to_value(response)?)
    })
}

/// Finds a row by its wire name.
pub fn find<D: Dialect>(
    groups: &'static [&'static [Entry<D>]],
    name: &str,
) -> Option<&'static Entry<D>> {
    groups
        .iter()
        .flat_map(|group| group.iter())
        .find(|entry| entry.name == name)
}

#[cfg(test)]
mod tests {
    use std::task::{Context, Poll, Waker};

    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_row_runs_its_action_with_the_context_and_the_parameters() {
        assert_eq!(ask("Add", json!({"To": 2})), Ok(json!({"Sum": 42})));
    }

    #[test]
    fn parameters_that_do_not_fit_never_reach_the_action() {
        let fault = ask("Add", json!({"To": "two"})).unwrap_err();
        assert!(fault.contains("invalid type"), "{fault}");
    }

    #[test]
    fn names_are_found_only_as_the_vendor_spells_them() {
        assert!(find(TABLE, "add").is_none());
    }

    #[test]
    fn a_row_knows_the_codes_of_its_action() {
        let row = find(TABLE, "Add").unwrap();
        assert!(row.reaches("Overflow") && !row.reaches("Underflow"));
    }

    static TABLE: &[&[Entry<Abacus>]] = &[&[Entry::of::<Add>()]];

    fn ask(name: &str, parameters: Value) -> Result<Value, String> {
        let mut reply = (find(TABLE, name).unwrap().run)(40, parameters);
        match reply.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(answer) => answer.map_err(|fault| fault.0),
            Poll::Pending => panic!("the action never waits"),
        }
    }

    struct Abacus;

    struct Wrong(String);

    impl From<serde_json::Error> for Wrong {
        fn from(error: serde_json::Error) -> Self {
            Self(error.to_string())
        }
    }

    impl Dialect for Abacus {
        type Context = i64;
        type Fault = Wrong;
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Add {
        to: i64,
    }

    #[derive(Serialize)]
    #[serde(rename_all = "PascalCase")]
    struct AddResponse {
        sum: i64,
    }

    impl Action for Add {
        type Dialect = Abacus;
        type Response = AddResponse;
        const NAME: &'static str = "Add";
        const REFUSALS: &'static [Reached] = &[Reached {
            code: "Overflow",
            when: "the sum does not fit",
        }];

        async fn run(self, context: i64) -> Result<AddResponse, Wrong> {
            Ok(AddResponse {
                sum: context + self.to,
            })
        }
    }
}
