//! Written text as it is said: without markdown, emoji and addresses behind links.

/// `text` without what a voice cannot say: emphasis, headings, bullets, tables, the addresses of
/// links, emoji; with single spaces.
pub fn speakable(text: &str) -> String {
    let lines: Vec<String> = text
        .lines()
        .map(|line| line_of(line.trim()))
        .filter(|line| !line.is_empty())
        .collect();
    lines.join(" ")
}

fn line_of(line: &str) -> String {
    if is_rule(line) {
        return String::new();
    }
    let plain = links(without_bullet(line));
    let marks: Vec<char> = plain.chars().collect();
    let mut said = String::with_capacity(plain.len());
    for (idx, c) in marks.iter().copied().enumerate() {
        let before = idx.checked_sub(1).map(|idx| marks[idx]);
        let after = marks.get(idx + 1).copied();
        match c {
            '*' | '_' | '~' if is_emphasis(c, before, after) => {}
            '`' => {}
            '|' => said.push(' '),
            c if is_pictorial(c) => {}
            c => said.push(c),
        }
    }
    said.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A line of dashes, stars or table borders.
fn is_rule(line: &str) -> bool {
    line.len() >= 3
        && line
            .chars()
            .all(|c| matches!(c, '-' | '*' | '_' | '=' | '|' | ':' | ' '))
}

/// Headings, quotations and bullets lose their mark; the number of an item is said.
fn without_bullet(line: &str) -> &str {
    let bare = line.trim_start_matches(['#', '>']).trim_start();
    ["- ", "* ", "+ ", "• "]
        .iter()
        .find_map(|bullet| bare.strip_prefix(bullet))
        .unwrap_or(bare)
        .trim_start()
}

/// `[words](address)` and `![words](address)` are their words.
fn links(line: &str) -> String {
    let (mut said, mut rest) = (String::with_capacity(line.len()), line);
    while let Some(open) = rest.find('[') {
        let link = rest[open..].find("](").and_then(|middle| {
            let middle = open + middle;
            let close = rest[middle..].find(')')?;
            Some((middle, middle + close))
        });
        let Some((middle, close)) = link else {
            break;
        };
        said.push_str(rest[..open].trim_end_matches('!'));
        said.push_str(&rest[open + 1..middle]);
        rest = &rest[close + 1..];
    }
    said.push_str(rest);
    said
}

/// A star that stands alone is the key of a telephone; one that touches a word is emphasis. An
/// underscore inside a word stays.
fn is_emphasis(c: char, before: Option<char>, after: Option<char>) -> bool {
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    if is_word(before) && is_word(after) {
        return c == '*' && !before.is_some_and(|c| c.is_ascii_digit());
    }
    let stands_alone = before.is_none_or(char::is_whitespace)
        && after.is_none_or(|c| c.is_whitespace() || matches!(c, '.' | ','));
    !stands_alone
}

/// Emoji and other pictures, with what joins and colors them.
fn is_pictorial(c: char) -> bool {
    matches!(c,
        '\u{200D}' | '\u{FE0E}' | '\u{FE0F}' | '\u{20E3}'
        | '\u{2190}'..='\u{21FF}'   // arrows
        | '\u{2300}'..='\u{23FF}'   // technical signs
        | '\u{25A0}'..='\u{27BF}'   // shapes, signs, dingbats
        | '\u{2900}'..='\u{297F}' | '\u{2B00}'..='\u{2BFF}'
        | '\u{1F000}'..='\u{1FAFF}' // emoji
        | '\u{E0020}'..='\u{E007F}' // flags
    )
}
