//! What a registrar makes of a REGISTER (RFC 3261 section 10.3): the contacts of an account after it.
//!
//! It decides; the shell has proved who asks before, and stores what comes out.
//!
//! # Invariants
//!
//! - All contacts of a request take effect, or none.
//! - A request that is older than what is known of the same phone changes nothing.
//! - No account has more than [`RegistrarRules::bindings_max`] contacts.

use std::time::{Duration, SystemTime};

use crate::{Link, NameAddr, Registering, Uri};

/// Route values of one contact that are kept (RFC 3327): more proxies are a loop.
const PATH_MAX: usize = 8;

/// One place where an account can be called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// Request-URI of calls to it.
    pub contact: Uri,
    /// Routes to it, first hop first; empty for a phone that came straight to us.
    pub path: Vec<String>,
    /// The way that its REGISTER came: through the NAT that it is behind, or by the last proxy.
    pub link: Link,
    /// Names the phone's series of requests.
    pub call_id: String,
    /// The last of them.
    pub cseq: u32,
    /// When it is forgotten.
    pub expires_at: SystemTime,
    /// What the phone says it is; may be empty.
    pub user_agent: String,
    /// The phone's `+sip.instance` and `reg-id` (RFC 5626): a new contact of the same pair takes the
    /// place of the old one.
    pub instance: Option<String>,
}

/// Bounds of a registrar.
#[derive(Clone, Copy, Debug)]
pub struct RegistrarRules {
    /// A shorter wish gets 423 with `Min-Expires`.
    pub expires_min: Duration,
    /// If the phone does not say.
    pub expires_default: Duration,
    /// A longer wish is cut to it.
    pub expires_max: Duration,
    /// Contacts of one account.
    pub bindings_max: usize,
}

impl Default for RegistrarRules {
    fn default() -> Self {
        Self {
            expires_min: Duration::from_secs(60),
            expires_default: Duration::from_secs(3600),
            expires_max: Duration::from_secs(7200),
            bindings_max: 10,
        }
    }
}

/// Why a REGISTER changes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unregistered {
    /// 400, 403, 423 or 500.
    pub status: u16,
    /// Headers that explain it.
    pub headers: Vec<(String, String)>,
}

/// The contacts of an account after a REGISTER. Without Contact it only asks.
///
/// # Errors
///
/// 400 for what cannot be read, 403 for too many contacts, 423 for too short a time, 500 for a
/// request that an older one of the same phone has overtaken.
pub fn registered(
    request: &Registering,
    present: &[Binding],
    rules: &RegistrarRules,
    now: SystemTime,
) -> Result<Vec<Binding>, Unregistered> {
    let mut bindings: Vec<Binding> = present
        .iter()
        .filter(|binding| binding.expires_at > now)
        .cloned()
        .collect();
    let fields: Vec<&str> = request.headers.values("Contact").collect();
    let header: Option<u64> = match request.headers.get("Expires") {
        Some(text) => Some(text.trim().parse().map_err(|_| refused(400))?),
        None => None,
    };
    if fields.contains(&"*") {
        if fields.len() > 1 || header != Some(0) {
            return Err(refused(400));
        }
        let late = bindings.iter().any(|binding| is_late(request, binding));
        return if late {
            Err(refused(500))
        } else {
            Ok(Vec::new())
        };
    }
    for field in fields {
        register(field, header, request, rules, &mut bindings, now)?;
    }
    if bindings.len() > rules.bindings_max {
        return Err(refused(403));
    }
    Ok(bindings)
}

/// Adds, renews or removes the contact that one field names.
fn register(
    field: &str,
    header: Option<u64>,
    request: &Registering,
    rules: &RegistrarRules,
    bindings: &mut Vec<Binding>,
    now: SystemTime,
) -> Result<(), Unregistered> {
    let contact: NameAddr = field.parse().map_err(|_| refused(400))?;
    // Without angle brackets a `?` would be the field's, which has none (RFC 3261 section 20).
    let is_bare = !field.contains('<') && field.contains('?');
    if !contact.uri.is_sip() || is_bare {
        return Err(refused(400));
    }
    let wish = match contact.params.get("expires") {
        Some(text) => Some(text.parse().map_err(|_| refused(400))?),
        None => header,
    };
    let expires = granted(wish, rules)?;
    let instance = instance_of(&contact);
    let known = bindings.iter().position(|binding| {
        is_same(&binding.contact, &contact.uri)
            || (instance.is_some() && binding.instance == instance)
    });
    if let Some(idx) = known {
        if is_late(request, &bindings[idx]) {
            return Err(refused(500));
        }
        bindings.remove(idx);
    }
    if !expires.is_zero() {
        bindings.push(Binding {
            contact: contact.uri,
            path: request
                .headers
                .values("Path")
                .take(PATH_MAX)
                .map(str::to_owned)
                .collect(),
            link: request.source,
            call_id: request.call_id.clone(),
            cseq: request.cseq,
            expires_at: now + expires,
            user_agent: request
                .headers
                .get("User-Agent")
                .unwrap_or_default()
                .chars()
                .take(128)
                .collect(),
            instance,
        });
    }
    Ok(())
}

/// Headers of the 200: every contact with the time that is left, and the Path that is kept.
#[must_use]
pub fn contact_headers(
    request: &Registering,
    bindings: &[Binding],
    now: SystemTime,
) -> Vec<(String, String)> {
    let mut headers: Vec<(String, String)> = bindings
        .iter()
        .map(|binding| {
            let left = binding.expires_at.duration_since(now).unwrap_or_default();
            let value = format!("<{}>;expires={}", binding.contact, left.as_secs());
            ("Contact".to_owned(), value)
        })
        .collect();
    for path in request.headers.values("Path").take(PATH_MAX) {
        headers.push(("Path".to_owned(), path.to_owned()));
    }
    headers
}

/// The time that a contact is kept; zero takes it away.
fn granted(wish: Option<u64>, rules: &RegistrarRules) -> Result<Duration, Unregistered> {
    let wish = wish.map_or(rules.expires_default, Duration::from_secs);
    if wish.is_zero() {
        return Ok(wish);
    }
    if wish < rules.expires_min {
        let min = rules.expires_min.as_secs().to_string();
        return Err(Unregistered {
            status: 423,
            headers: vec![("Min-Expires".to_owned(), min)],
        });
    }
    Ok(wish.min(rules.expires_max))
}

fn refused(status: u16) -> Unregistered {
    Unregistered {
        status,
        headers: Vec::new(),
    }
}

/// Section 10.3 step 7: of one series, later numbers win.
fn is_late(request: &Registering, binding: &Binding) -> bool {
    binding.call_id == request.call_id && binding.cseq >= request.cseq
}

/// The parts of an address that say where it leads (section 19.1.4).
fn is_same(a: &Uri, b: &Uri) -> bool {
    let transport = |uri: &Uri| uri.params.get("transport").map(str::to_ascii_lowercase);
    a.scheme == b.scheme
        && a.user == b.user
        && a.host.eq_ignore_ascii_case(&b.host)
        && a.port == b.port
        && transport(a) == transport(b)
}

fn instance_of(contact: &NameAddr) -> Option<String> {
    let instance = contact.params.get("+sip.instance")?;
    let reg_id = contact.params.get("reg-id")?;
    Some(format!("{instance};{reg_id}"))
}
