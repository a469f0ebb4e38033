//! Actions of the vendor that are not built, with the reason: data in `not_built.txt`.

use std::sync::LazyLock;

/// Whether an absent action is to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is to be built.
    Planned,
    /// It has no meaning here and is not to come.
    Declined,
}

/// An action that is not built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotBuilt {
    /// Name on the wire.
    pub name: &'static str,
    /// Whether it is to come.
    pub standing: Standing,
    /// Why it is not there, or what it waits for, as a lowercase fragment.
    pub reason: &'static str,
}

/// Every action that is not built, in the order of the file.
pub fn not_built() -> &'static [NotBuilt] {
    static ALL: LazyLock<Vec<NotBuilt>> = LazyLock::new(|| {
        include_str!("not_built.txt")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .map(|line| parse(line).expect("a line is `Name planned|declined: reason`"))
            .collect()
    });
    &ALL
}

fn parse(line: &'static str) -> Option<NotBuilt> {
    let (head, reason) = line.split_once(": ")?;
    let (name, standing) = head.split_once(' ')?;
    let standing = match standing {
        "planned" => Standing::Planned,
        "declined" => Standing::Declined,
        _ => return None,
    };
    Some(NotBuilt {
        name,
        standing,
        reason,
    })
}
