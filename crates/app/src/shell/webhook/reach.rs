//! How far a webhook endpoint reaches: anywhere, if an operator named it; else to the public
//! internet only.
//!
//! # Invariants
//!
//! - The address that was checked is the one that is connected to: a name is looked up once, and
//!   its private addresses are left out before anybody connects.
//! - Nothing is redirected, and no proxy looks names up for us.

use std::{io, net::SocketAddr, time::Duration};

use reqwest::{
    Client, Url,
    dns::{Addrs, Name, Resolve, Resolving},
};

use crate::{is_private, names_private};

/// The ways out.
pub(in crate::shell) struct Outside {
    anywhere: Client,
    public: Client,
    /// The operator lets everybody reach private addresses.
    is_open: bool,
}

impl Outside {
    /// `is_open` lets everybody reach private addresses; an answer takes no longer than `wait_max`.
    pub fn new(is_open: bool, wait_max: Duration) -> Self {
        let client = || {
            Client::builder()
                .timeout(wait_max)
                .redirect(reqwest::redirect::Policy::none())
                .no_proxy()
                .user_agent(concat!("Switchboard/", env!("CARGO_PKG_VERSION")))
        };
        Self {
            anywhere: client().build().expect("these settings make a client"),
            public: client()
                .dns_resolver(PublicOnly)
                .build()
                .expect("these settings make a client"),
            is_open,
        }
    }

    /// What asks `url` for somebody who may reach private addresses, or may not.
    ///
    /// # Errors
    ///
    /// Fails where `url` is a private address and no operator named it.
    pub fn client(&self, reaches_private: bool, url: &Url) -> anyhow::Result<&Client> {
        if self.is_open || reaches_private {
            return Ok(&self.anywhere);
        }
        // An address is not looked up, so the resolver below does not see it.
        anyhow::ensure!(!names_private(url.as_str()), LEADS_INSIDE);
        Ok(&self.public)
    }
}

const LEADS_INSIDE: &str = "the address leads into a private network: an operator must name it";

/// Looks names up and leaves private addresses out.
struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|at| !is_private(at.ip())).collect();
            if public.is_empty() {
                return Err(io::Error::other(LEADS_INSIDE).into());
            }
            let public: Addrs = Box::new(public.into_iter());
            Ok(public)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A name that every machine has for itself, whatever DNS says.
    const INSIDE: &str = "http://localhost:9/push";

    #[test]
    fn an_operators_endpoint_may_be_anywhere() {
        let reach = reach(false);
        assert!(reach.client(true, &url(INSIDE)).is_ok());
    }

    #[test]
    fn another_endpoint_may_not_name_a_private_address() {
        let reach = reach(false);
        for inside in [
            INSIDE,
            "http://10.0.0.1/",
            "http://[::1]:80/",
            "http://2130706433/",
        ] {
            assert!(reach.client(false, &url(inside)).is_err(), "{inside}");
        }
        assert!(reach.client(false, &url("http://203.0.113.7/")).is_ok());
    }

    #[test]
    fn an_operator_may_open_the_network_to_all() {
        assert!(reach(true).client(false, &url(INSIDE)).is_ok());
    }

    #[tokio::test]
    async fn a_name_whose_addresses_are_private_is_not_connected_to() {
        let name = "localhost".parse().unwrap();
        let refused = PublicOnly.resolve(name).await.map(|_| ());
        let why = refused.expect_err("localhost is private").to_string();
        assert!(why.contains("private network"), "{why}");
    }

    fn reach(is_open: bool) -> Outside {
        // Another test of this process may have been first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Outside::new(is_open, Duration::from_secs(10))
    }

    fn url(text: &str) -> Url {
        text.parse().unwrap()
    }
}
