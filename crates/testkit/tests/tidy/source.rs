//! The files of the repository, and the functions in them.

use std::{fmt, path::PathBuf};

/// Folders that hold nothing of ours.
const SKIPPED: [&str; 6] = [
    ".git",
    "target",
    "node_modules",
    "dist",
    "__pycache__",
    "data",
];

/// A text file.
pub(crate) struct Source {
    /// From the root, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// A function with its length.
pub(crate) struct Function {
    path: String,
    line: usize,
    pub(crate) n_lines: usize,
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

impl Source {
    /// Every file with one of these endings; the empty ending is that of `Makefile`.
    pub(crate) fn all(endings: &[&str]) -> impl Iterator<Item = Self> {
        let mut folders = vec![root()];
        let mut files = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap().flatten() {
                let name = entry.file_name().to_string_lossy().into_owned();
                if entry.file_type().unwrap().is_dir() {
                    if !SKIPPED.contains(&name.as_str()) {
                        folders.push(entry.path());
                    }
                } else if endings.contains(&name.rsplit_once('.').map_or("", |(_, ending)| ending))
                {
                    files.push(entry.path());
                }
            }
        }
        files.sort();
        files.into_iter().filter_map(|path| {
            let text = std::fs::read_to_string(&path).ok()?;
            let path = path.strip_prefix(root()).unwrap();
            Some(Self {
                path: path.to_string_lossy().into_owned(),
                text,
            })
        })
    }

    /// One file, by its path from the root.
    pub(crate) fn read(path: &str) -> Self {
        Self {
            text: std::fs::read_to_string(root().join(path)).unwrap(),
            path: path.to_owned(),
        }
    }

    pub(crate) fn lines(&self) -> impl Iterator<Item = &str> {
        self.text.lines()
    }

    /// Functions that are not tests. The code is formatted, so a function ends at the first
    /// closing brace as far to the left as its beginning.
    pub(crate) fn functions(&self) -> Vec<Function> {
        let is_test = self.path.contains("/tests/")
            || self.path.contains("/benches/")
            || self.path.ends_with("/tests.rs");
        let lines: Vec<&str> = if is_test {
            Vec::new()
        } else {
            self.lines()
                .take_while(|line| *line != "#[cfg(test)]")
                .collect()
        };
        let mut functions = Vec::new();
        for (idx, line) in lines.iter().enumerate() {
            let indent = line.len() - line.trim_start().len();
            if !starts_function(line.trim_start()) || line.ends_with(['}', ';']) {
                continue;
            }
            let end = format!("{}}}", " ".repeat(indent));
            let rest = &lines[idx..];
            if let Some(length) = rest.iter().position(|line| *line == end) {
                functions.push(Function {
                    path: self.path.clone(),
                    line: idx + 1,
                    n_lines: length + 1,
                });
            }
        }
        functions
    }
}

fn starts_function(line: &str) -> bool {
    let mut words = line.split(' ');
    words.any(|word| word == "fn")
        && line
            .split(' ')
            .take_while(|word| *word != "fn")
            .all(|word| {
                word.starts_with("pub") || ["async", "const", "unsafe", "extern"].contains(&word)
            })
}

impl fmt::Display for Function {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}: {} lines", self.path, self.line, self.n_lines)
    }
}

#[test]
fn functions_are_found_with_their_length() {
    let source = Source {
        path: "crates/x/src/y.rs".to_owned(),
        text: "pub(crate) async fn one(\n    a: u8,\n) -> u8 {\n    a\n}\n\nfn two() {}\n\
               trait T {\n    fn three(&self);\n    fn four() {\n        5;\n    }\n}\n\
               #[cfg(test)]\nfn five() {\n}\n"
            .to_owned(),
    };
    let lengths: Vec<usize> = source.functions().iter().map(|f| f.n_lines).collect();
    assert_eq!(lengths, [5, 3]);
}
