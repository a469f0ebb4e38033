//! Which addresses lie inside somebody's network, so that an API caller cannot make us reach there.
//!
//! Blocks that are not globally reachable by the registries of IANA (RFC 6890), and the ways in
//! which IPv6 spells IPv4 addresses: these count as what they spell, or, where a gateway may lead
//! anywhere, as private.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether `ip` is not an address of the public internet.
pub fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_private_v4(ip),
        IpAddr::V6(ip) => is_private_v6(ip),
    }
}

/// Whether `text` is an http or https address of at most 2048 bytes.
pub fn is_web_address(text: &str) -> bool {
    let is_web = |url: reqwest::Url| matches!(url.scheme(), "http" | "https") && url.has_host();
    text.len() <= 2048 && reqwest::Url::parse(text).is_ok_and(is_web)
}

/// Whether `url` names a private address or this machine literally. Hosts that a name server knows
/// are not looked up. What cannot be read as an address cannot be judged, and counts as private.
pub fn names_private(url: &str) -> bool {
    // This reader knows the spellings that clients do: `2130706433` and `0x7f.1` are 127.0.0.1.
    let Ok(url) = reqwest::Url::parse(url) else {
        return true;
    };
    let Some(host) = url.host_str() else {
        return true;
    };
    let host = host.trim_matches(['[', ']']).trim_end_matches('.');
    match host.parse() {
        Ok(ip) => is_private(ip),
        // Every name below it is loopback (RFC 6761 section 6.3).
        Err(_) => host == "localhost" || host.ends_with(".localhost"),
    }
}

fn is_private_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    ip.is_loopback()
        || ip.is_private()
        || ip.is_link_local()
        || ip.is_multicast()
        // This network (RFC 1122 section 3.2.1.3).
        || a == 0
        // Shared address space of carriers (RFC 6598).
        || (a == 100 && b & 0xc0 == 64)
        // Protocol assignments (RFC 6890).
        || (a, b, c) == (192, 0, 0)
        // Benchmarks (RFC 2544): 198.18.0.0/15.
        || (a == 198 && b & 0xfe == 18)
        // Reserved, and broadcast (RFC 1112 section 4).
        || a >= 240
}

fn is_private_v6(ip: Ipv6Addr) -> bool {
    if let Some(mapped) = ip.to_ipv4_mapped() {
        return is_private_v4(mapped);
    }
    let groups = ip.segments();
    ip.is_unique_local()
        || ip.is_unicast_link_local()
        || ip.is_multicast()
        // Unspecified, loopback and IPv4-compatible (RFC 4291 section 2.5.5.1).
        || groups[..6] == [0; 6]
        // NAT64 (RFC 6052): a gateway of the network leads to IPv4.
        || groups[..6] == [0x64, 0xff9b, 0, 0, 0, 0]
        // 6to4 (RFC 3056): a relay of the network leads to IPv4.
        || groups[0] == 0x2002
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_known_in_every_spelling() {
        for ip in [
            "127.0.0.1",
            "10.1.2.3",
            "192.168.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "0.1.2.3",
            "192.0.0.8",
            "198.18.0.1",
            "198.19.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "fd00::1",
            "fe80::1",
            "::ffff:127.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
        ] {
            assert!(is_private(ip.parse().unwrap()), "{ip}");
        }
    }

    #[test]
    fn an_address_is_private_in_every_spelling_that_clients_read() {
        for url in [
            "http://127.0.0.1:8080/hook",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://[::1]/",
            "https://LOCALHOST./",
            "http://db.localhost/",
            "no address",
        ] {
            assert!(names_private(url), "{url}");
        }
        for url in ["https://example.com/hook", "http://203.0.113.7/"] {
            assert!(!names_private(url), "{url}");
        }
    }

    #[test]
    fn public_addresses_and_their_neighbors_are_not_private() {
        for ip in [
            "203.0.113.7",
            "1.1.1.1",
            "192.0.1.1",
            "198.17.255.255",
            "198.20.0.1",
            "100.128.0.1",
            "2001:db8::1",
            "::ffff:203.0.113.7",
        ] {
            assert!(!is_private(ip.parse().unwrap()), "{ip}");
        }
    }
}
