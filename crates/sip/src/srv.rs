//! Which of a domain's servers is asked first: SRV records (RFC 2782) as SIP names them (RFC 3263).

use crate::Transport;

/// One SRV record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// Lower ones first.
    pub priority: u16,
    /// Share of its priority's calls.
    pub weight: u16,
    /// Name of the machine.
    pub host: String,
    /// Its socket port.
    pub port: u16,
}

/// The name whose records say where a domain is reached (RFC 3263 section 4.2).
///
/// # Panics
///
/// Panics on WebSocket, which nobody is called by.
#[must_use]
pub fn name(domain: &str, transport: Transport) -> String {
    let service = match transport {
        Transport::Udp => "_sip._udp",
        Transport::Tcp => "_sip._tcp",
        Transport::Tls => "_sips._tcp",
        Transport::Ws | Transport::Wss => unreachable!("no trunk is reached by WebSocket"),
    };
    format!("{service}.{}.", domain.trim_end_matches('.'))
}

/// The order in which servers are tried: by priority, and within one at random by weight (RFC 2782,
/// "Usage rules"). `chance(n)` gives a number from 0 to n.
#[must_use]
pub fn in_order(mut servers: Vec<Server>, mut chance: impl FnMut(u32) -> u32) -> Vec<Server> {
    // A single "." says that the service is decidedly not there.
    servers.retain(|server| !matches!(server.host.as_str(), "" | "."));
    // Those without weight first: they have a small chance of being chosen.
    servers.sort_by_key(|server| (server.priority, server.weight > 0));
    let mut ordered = Vec::with_capacity(servers.len());
    while let Some(first) = servers.first() {
        let priority = first.priority;
        let n_alike = servers.partition_point(|server| server.priority == priority);
        let weights = || servers[..n_alike].iter().map(|s| u32::from(s.weight));
        let chosen = chance(weights().sum());
        let mut sum = 0;
        let at = weights().position(|weight| {
            sum += weight;
            sum >= chosen
        });
        ordered.push(servers.remove(at.unwrap_or(0)));
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(priority: u16, weight: u16, host: &str) -> Server {
        Server {
            priority,
            weight,
            host: host.into(),
            port: 5060,
        }
    }

    fn hosts(servers: Vec<Server>, chance: impl FnMut(u32) -> u32) -> Vec<String> {
        let ordered = in_order(servers, chance);
        ordered.into_iter().map(|server| server.host).collect()
    }

    #[test]
    fn lower_priorities_come_first_and_weights_share_the_rest() {
        let all = || {
            vec![
                server(20, 0, "last"),
                server(10, 60, "a"),
                server(10, 40, "b"),
            ]
        };
        assert_eq!(hosts(all(), |_| 0), ["a", "b", "last"]);
        assert_eq!(hosts(all(), |sum| sum), ["b", "a", "last"]);
        let mut asked = Vec::new();
        hosts(all(), |sum| {
            asked.push(sum);
            60
        });
        assert_eq!(asked, [100, 40, 0]);
    }

    #[test]
    fn one_without_weight_is_chosen_now_and_then() {
        let all = || vec![server(1, 9, "heavy"), server(1, 0, "light")];
        assert_eq!(hosts(all(), |_| 0), ["light", "heavy"]);
        assert_eq!(hosts(all(), |_| 1), ["heavy", "light"]);
    }

    #[test]
    fn a_domain_that_has_no_sip_says_so() {
        assert_eq!(hosts(vec![server(0, 0, ".")], |_| 0), Vec::<String>::new());
    }

    #[test]
    fn names_are_those_of_the_rfc() {
        let name = |transport| name("example.com", transport);
        assert_eq!(name(Transport::Udp), "_sip._udp.example.com.");
        assert_eq!(name(Transport::Tls), "_sips._tcp.example.com.");
    }
}
