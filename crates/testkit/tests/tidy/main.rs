//! What no compiler and no linter checks, but a tool can: who imports whom, how long things are,
//! what must not be left behind, and under which licences dependencies come.
//!
//! The rules are read from where people read them: the crate table of `ARCHITECTURE.md`, the
//! licences of `deny.toml`.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

mod license;
mod source;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    process::Command,
};

use serde_json::Value;
use source::{Source, root};

/// Lines of a file that is still one idea.
const FILE_LINES_MAX: usize = 600;

/// Lines of a function that fits a screen.
const FUNCTION_LINES_MAX: usize = 70;

/// What a pure crate must never call.
const BANNED_IN_PURE: [&str; 4] = [
    "std::time::Instant::now",
    "std::time::SystemTime::now",
    "std::thread::sleep",
    "std::collections::HashMap::iter",
];

/// What a pure crate must never depend on: clocks, sockets, runtimes, wire formats.
const NEVER_IN_PURE: [&str; 8] = [
    "axum", "libc", "reqwest", "serde", "socket2", "sqlx", "tokio", "tracing",
];

#[test]
fn crates_import_only_what_the_architecture_allows() {
    let table = crate_table();
    let mut faults = Vec::new();
    for package in own_packages() {
        let name = text(&package, "name");
        let Some(row) = table.get(name) else {
            faults.push(format!("{name} is not in the table"));
            continue;
        };
        for import in own_imports(&package) {
            if !row.may_import.contains(&import) && !row.may_import.contains("anything") {
                faults.push(format!("{name} must not import {import}"));
            }
        }
    }
    assert_none("ARCHITECTURE.md, crate table", &faults);
}

#[test]
fn pure_crates_are_kept_from_clocks_and_sockets() {
    let mut faults = Vec::new();
    for package in own_packages() {
        let name = text(&package, "name");
        if !crate_table().get(name).is_some_and(|row| row.is_pure) {
            continue;
        }
        let clippy = root().join("crates").join(name).join("clippy.toml");
        let bans = std::fs::read_to_string(clippy).unwrap_or_default();
        for banned in BANNED_IN_PURE {
            if !bans.contains(&format!("\"{banned}\"")) {
                faults.push(format!("crates/{name}/clippy.toml does not ban {banned}"));
            }
        }
        for import in imports(&package) {
            if NEVER_IN_PURE.contains(&import.as_str()) {
                faults.push(format!("{name} is pure and depends on {import}"));
            }
        }
    }
    assert_none("pure crates", &faults);
}

#[test]
fn files_hold_one_idea() {
    // Made of `web/openapi.json` by a program; nobody edits it.
    let generated = "web/src/api/schema.d.ts";
    let faults: Vec<String> = Source::all(&["rs", "py", "ts", "tsx"])
        .filter(|source| source.path != generated)
        .filter(|source| source.lines().count() > FILE_LINES_MAX)
        .map(|source| format!("{}: {} lines", source.path, source.lines().count()))
        .collect();
    assert_none(&format!("files over {FILE_LINES_MAX} lines"), &faults);
}

#[test]
fn functions_fit_a_screen() {
    let faults: Vec<String> = Source::all(&["rs"])
        .flat_map(|source| source.functions())
        .filter(|function| function.n_lines > FUNCTION_LINES_MAX)
        .map(|function| function.to_string())
        .collect();
    assert_none(
        &format!("functions over {FUNCTION_LINES_MAX} lines"),
        &faults,
    );
}

#[test]
fn every_module_says_what_it_is_for() {
    let faults: Vec<String> = Source::all(&["rs"])
        .filter(|source| source.path.contains("/src/"))
        .filter(|source| {
            let first = source.lines().find(|line| !line.starts_with("#!["));
            !first.is_some_and(|line| line.starts_with("//! "))
        })
        .map(|source| source.path)
        .collect();
    assert_none("modules without a `//!`", &faults);
}

#[test]
fn nothing_is_left_for_later() {
    // Put together here, so that this file does not find itself.
    let left = ["TO", "FIX", "XX", "HA"]
        .into_iter()
        .zip(["DO", "ME", "X", "CK"])
        .map(|(head, tail)| format!("{head}{tail}"));
    let words: Vec<String> = left.chain([format!("#[{}", "ignore")]).collect();
    let kinds = ["rs", "py", "ts", "tsx", "sh", "toml", "sql", "xml", "yaml"];
    assert_none(
        "words that should not stay",
        &find_words(&kinds, &words, &[]),
    );
}

#[test]
fn no_machine_and_no_registry_is_named() {
    let words: Vec<String> = [
        ("/wo", "rk/main"),
        ("/wo", "rk/shared"),
        ("/wo", "rk/target"),
        ("/ro", "ot/"),
        ("/ho", "me/"),
        ("crates", ".io"),
        ("pypi", ".org"),
        ("pythonhosted", ".org"),
        ("npmjs", ".org"),
        ("npmjs", ".com"),
        ("deb.debian", ".org"),
    ]
    .into_iter()
    .map(|(head, tail)| format!("{head}{tail}"))
    .collect();
    let kinds = [
        "rs", "py", "ts", "tsx", "sh", "toml", "sql", "xml", "yaml", "md", "txt", "ini", "json",
        "lock", "",
    ];
    assert_none(
        "names of machines and registries",
        &find_words(&kinds, &words, &["Cargo.lock"]),
    );
}

#[test]
fn dependencies_come_under_licences_that_we_accept() {
    let deny: toml::Table = Source::read("deny.toml").text.parse().unwrap();
    let allowed: BTreeSet<&str> = deny["licenses"]["allow"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(toml::Value::as_str)
        .collect();
    let metadata = metadata();
    let faults: Vec<String> = packages(&metadata)
        .filter_map(|package| {
            let license = package["license"].as_str().unwrap_or("no licence");
            let fits = license::allows(license, &|name| allowed.contains(name));
            (!fits).then(|| format!("{}: {license}", text(package, "name")))
        })
        .collect();
    assert_none("licences outside deny.toml", &faults);
}

/// A row of the crate table.
struct Row {
    is_pure: bool,
    may_import: BTreeSet<String>,
}

/// The table under "## Crates" of `ARCHITECTURE.md`: name, kind, what it is, may import.
fn crate_table() -> BTreeMap<String, Row> {
    let names = |cell: &str| -> BTreeSet<String> {
        let words = cell.split([',', ' ']).map(|word| word.trim_matches('`'));
        words
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let table: BTreeMap<String, Row> = Source::read("ARCHITECTURE.md")
        .lines()
        .skip_while(|line| *line != "## Crates")
        .filter_map(|line| line.strip_prefix("| `"))
        .filter_map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let row = Row {
                is_pure: *cells.get(1)? == "pure",
                may_import: names(cells.get(3)?),
            };
            Some((cells[0].trim_matches('`').to_owned(), row))
        })
        .collect();
    assert!(table.len() >= 10, "the crate table was not found");
    table
}

/// `cargo metadata` of this workspace, for this platform.
fn metadata() -> Value {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let told = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--locked"])
        .args(["--filter-platform", "x86_64-unknown-linux-gnu"])
        .current_dir(root())
        .output()
        .unwrap();
    let why = String::from_utf8_lossy(&told.stderr);
    assert!(told.status.success(), "cargo metadata: {why}");
    serde_json::from_slice(&told.stdout).unwrap()
}

/// Every package that the program or its tests are made of.
fn packages(metadata: &Value) -> impl Iterator<Item = &Value> {
    let nodes = metadata["resolve"]["nodes"].as_array().unwrap();
    let used: BTreeSet<&str> = nodes.iter().map(|node| text(node, "id")).collect();
    let packages = metadata["packages"].as_array().unwrap();
    packages
        .iter()
        .filter(move |package| used.contains(text(package, "id")))
}

/// The packages of this workspace.
fn own_packages() -> Vec<Value> {
    packages(&metadata())
        .filter(|package| package["source"].is_null())
        .cloned()
        .collect()
}

/// What the shipped part of a package depends on.
fn imports(package: &Value) -> Vec<String> {
    let dependencies = package["dependencies"].as_array().unwrap();
    dependencies
        .iter()
        .filter(|dependency| dependency["kind"].is_null())
        .map(|dependency| text(dependency, "name").to_owned())
        .collect()
}

/// Those of [`imports`] that are ours.
fn own_imports(package: &Value) -> Vec<String> {
    let ours = crate_table();
    let mut imports = imports(package);
    imports.retain(|import| ours.contains_key(import));
    imports
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap()
}

fn find_words(kinds: &[&str], words: &[String], except: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for source in Source::all(kinds) {
        if except.contains(&source.path.as_str()) {
            continue;
        }
        for (idx, line) in source.lines().enumerate() {
            if let Some(word) = words.iter().find(|word| line.contains(word.as_str())) {
                found.push(format!("{}:{}: {word}", source.path, idx + 1));
            }
        }
    }
    found
}

fn assert_none(what: &str, faults: &[String]) {
    let list = faults.join("\n  ");
    assert!(faults.is_empty(), "{what}:\n  {list}");
}

/// A file that no `mod` names is not compiled: its tests never run.
#[test]
fn every_file_belongs_to_a_program() {
    let texts: BTreeMap<String, String> = Source::all(&["rs"])
        .map(|source| (source.path, source.text))
        .collect();
    let is_named = |path: &&String| {
        let path = Path::new(path.as_str());
        let (folder, stem) = (path.parent().unwrap(), path.file_stem().unwrap());
        let (folder, name) = match stem == "mod" {
            true => (folder.parent().unwrap(), folder.file_name().unwrap()),
            false => (folder, stem),
        };
        let declared = format!("mod {};", name.to_str().unwrap());
        let beside = texts
            .iter()
            .filter(|(other, _)| Path::new(other).parent() == Some(folder));
        let above = texts.get(&format!("{}.rs", folder.display()));
        beside
            .map(|(_, text)| text)
            .chain(above)
            .any(|text| text.contains(&declared))
    };
    let faults: Vec<String> = texts
        .keys()
        .filter(|path| !is_root_of_a_program(path))
        .filter(|path| !is_named(path))
        .cloned()
        .collect();
    assert_none("files that no `mod` names", &faults);
}

/// What cargo finds by itself.
fn is_root_of_a_program(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    matches!(
        parts[..],
        ["crates", _, "build.rs"]
            | ["crates", _, "src", "lib.rs" | "main.rs"]
            | ["crates", _, "src", "bin", _]
            | ["crates", _, "tests" | "benches" | "examples", _]
            | ["crates", _, "tests", _, "main.rs"]
    )
}

/// The tests look at real files: a wrong root would let every one of them pass.
#[test]
fn the_root_is_the_root() {
    assert!(Path::new(&root()).join("Cargo.lock").exists());
    assert!(Source::all(&["rs"]).count() > 100);
}
