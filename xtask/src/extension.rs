//! The browser extension: checked, tested, and put into one file that is the same every time.

mod locales;
mod zip;

use std::fs;
use std::path::{Path, PathBuf};

use crate::places;
use crate::run::{self, Outcome};

/// Where it stands in the checkout.
const FOLDER: &str = "extension";

/// What stands beside it and is no part of it.
const BESIDE: [&str; 2] = ["package.json", "tests"];

/// A file of the extension: its path in it, and what is in it.
type File = (String, Vec<u8>);

/// `cargo x extension`: checks it and writes the file that browsers' stores take.
pub fn pack(folder: Option<&String>) -> Outcome {
    let files = files()?;
    check(&files)?;
    let folder = folder.map_or_else(|| places::target().join("extension"), PathBuf::from);
    let version = version(&text(&files, "manifest.json")?)?;
    let target = folder.join(format!("obole-extension-{version}.zip"));
    let failed = |error: std::io::Error| format!("{}: {error}", target.display());
    fs::create_dir_all(&folder).map_err(failed)?;
    fs::write(&target, zip::stored(&files)?).map_err(failed)?;
    println!("{} files are in {}.", files.len(), target.display());
    Ok(())
}

/// Checks it and runs its own tests; whether there was a program to run them.
pub fn test() -> Result<bool, String> {
    check(&files()?)?;
    let Some(node) = places::program(&["node", "nodejs"]) else { return Ok(false) };
    run::show(run::program(node, "--test").arg(format!("{FOLDER}/tests/")))?;
    Ok(true)
}

/// What belongs to the extension, by path, with the licence.
fn files() -> Result<Vec<File>, String> {
    let mut files = Vec::new();
    collect(&places::root().join(FOLDER), "", &mut files)?;
    files.push(("LICENSE".to_owned(), read(&places::root().join("LICENSE"))?));
    files.sort();
    Ok(files)
}

fn collect(folder: &Path, prefix: &str, files: &mut Vec<File>) -> Outcome {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for entry in entries {
        let path = entry.map_err(|error| error.to_string())?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if prefix.is_empty() && BESIDE.contains(&name.as_str()) {
            continue;
        }
        if path.is_dir() {
            collect(&path, &format!("{prefix}{name}/"), files)?;
        } else {
            files.push((format!("{prefix}{name}"), read(&path)?));
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn text(files: &[File], path: &str) -> Result<String, String> {
    let file = files.iter().find(|(name, _)| name == path);
    let (_, bytes) = file.ok_or_else(|| format!("{FOLDER}/{path} is missing."))?;
    String::from_utf8(bytes.clone()).map_err(|_| format!("{FOLDER}/{path} is not text."))
}

/// Whether the manifest names what is there, in the version of everything else, and the texts are
/// complete.
fn check(files: &[File]) -> Outcome {
    let manifest = text(files, "manifest.json")?;
    let mut wrong: Vec<String> = quoted(&manifest)
        .into_iter()
        .filter(|name| [".js", ".html", ".png"].iter().any(|end| name.ends_with(end)))
        .filter(|name| !files.iter().any(|(path, _)| path == name))
        .map(|name| format!("the manifest names {name}, which is not there"))
        .collect();
    let ours = fs::read_to_string(places::root().join("Cargo.toml")).unwrap_or_default();
    let version = version(&manifest)?;
    if !ours.lines().any(|line| line == format!("version = \"{version}\"")) {
        wrong.push(format!("the manifest's version {version} is not that of Cargo.toml"));
    }
    wrong.extend(locales::check(files)?);
    let lines: Vec<String> = wrong.into_iter().map(|line| format!("{FOLDER}: {line}.")).collect();
    if lines.is_empty() { Ok(()) } else { Err(lines.join("\n")) }
}

fn version(manifest: &str) -> Result<String, String> {
    let rest = manifest.split_once("\"version\": \"").map(|(_, rest)| rest);
    let version = rest.and_then(|rest| rest.split('"').next());
    version.map(str::to_owned).ok_or_else(|| "the manifest has no version.".to_owned())
}

/// Everything between quotation marks.
fn quoted(text: &str) -> Vec<&str> {
    text.split('"').skip(1).step_by(2).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extension_is_complete() {
        let files = files().expect("readable");
        assert_eq!(check(&files), Ok(()));
        assert!(files.iter().all(|(path, _)| !path.starts_with("tests/")));
    }

    #[test]
    fn what_the_manifest_names_must_be_there() {
        let files: Vec<File> = files()
            .expect("readable")
            .into_iter()
            .filter(|(path, _)| path != "popup.html")
            .collect();
        let refused = check(&files).expect_err("popup.html is named");
        assert!(refused.contains("popup.html, which is not there"), "{refused}");
    }
}
