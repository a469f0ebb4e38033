//! Puts the web front end into the program, if it was built: `web/dist` and what is beside it
//! compressed. Without it the program serves a page that says how to build it, so that a machine
//! without Node builds everything else.

use std::{
    env,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

fn main() {
    name_commit();
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let dist = root.join("../../web/dist");
    // A folder that is not there yet is watched by its parent: cargo looks at times of change.
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed={}", dist.display());
    let mut files = Vec::new();
    collect(&dist, &dist, &mut files);
    files.sort();
    let mut table = String::from("&[\n");
    for name in &files {
        let path = |end: &str| dist.join(format!("{name}{end}"));
        let bytes = |end: &str| {
            let path = path(end);
            match path.canonicalize() {
                Ok(path) => format!("Some(include_bytes!({:?}))", path.display().to_string()),
                Err(_) => "None".to_owned(),
            }
        };
        let whole = path("").canonicalize().expect("the file was just listed");
        let whole = whole.display().to_string();
        writeln!(
            table,
            "    File {{ path: {:?}, whole: include_bytes!({whole:?}), brotli: {}, gzip: {} }},",
            format!("/{name}"),
            bytes(".br"),
            bytes(".gz"),
        )
        .expect("a String takes every write");
    }
    table.push(']');
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it"));
    fs::write(out.join("web_files.rs"), table).expect("cargo's folder can be written");
}

/// Tells the program from which commit it was built, where it is built for use: a program under
/// development is of no commit, and would be built anew with each.
fn name_commit() {
    if env::var("PROFILE").is_ok_and(|profile| profile != "release") {
        return;
    }
    let git = |args: &[&str]| {
        let output = Command::new("git").args(args).output().ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        output.status.success().then(|| text.trim().to_owned())
    };
    // Built from an archive, it has none.
    let Some(commit) = git(&["rev-parse", "--short", "HEAD"]) else {
        return;
    };
    println!("cargo:rustc-env=SWITCHBOARD_COMMIT={commit}");
    for name in ["HEAD", "logs/HEAD"] {
        if let Some(path) = git(&["rev-parse", "--path-format=absolute", "--git-path", name]) {
            println!("cargo:rerun-if-changed={path}");
        }
    }
}

/// Names of files below `folder`, as they stand in addresses; not their compressed copies.
fn collect(root: &Path, folder: &Path, files: &mut Vec<String>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            println!("cargo:rerun-if-changed={}", path.display());
            collect(root, &path, files);
            continue;
        }
        let name = path.strip_prefix(root).ok().and_then(Path::to_str);
        if let Some(name) = name
            && !name.ends_with(".br")
            && !name.ends_with(".gz")
        {
            files.push(name.to_owned());
        }
    }
}
