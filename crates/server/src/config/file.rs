//! Keys of the settings file that are not known, and what was probably meant.

use anyhow::{Context, bail};

use super::{KEYS, S3_KEYS};

/// Refuses a file with a key that has no meaning.
pub(super) fn check_keys(text: &str) -> anyhow::Result<()> {
    let table: toml::Table = text.parse().context("no TOML")?;
    for (key, value) in &table {
        check("", key, &KEYS)?;
        if let (true, Some(block)) = (key == "s3", value.as_table()) {
            for key in block.keys() {
                check("s3.", key, &S3_KEYS)?;
            }
        }
    }
    Ok(())
}

fn check(block: &str, key: &str, known: &[&str]) -> anyhow::Result<()> {
    if known.contains(&key) {
        return Ok(());
    }
    let nearest = known
        .iter()
        .map(|name| (distance(key, name), name))
        .min()
        .filter(|(distance, _)| *distance <= 3);
    match nearest {
        Some((_, name)) => bail!("unknown key `{block}{key}`: did you mean `{block}{name}`?"),
        None => bail!("unknown key `{block}{key}`: known are {}", known.join(", ")),
    }
}

/// Letters to change, add or leave out (Levenshtein); `-` and `_` count as the same.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (n, from) in left.chars().take(64).enumerate() {
        let from = if from == '-' { '_' } else { from };
        let mut diagonal = row[0];
        row[0] = n + 1;
        for (idx, to) in right.iter().enumerate() {
            let changed = diagonal + usize::from(from != *to);
            diagonal = row[idx + 1];
            row[idx + 1] = changed.min(row[idx] + 1).min(diagonal + 1);
        }
    }
    row[right.len()]
}
