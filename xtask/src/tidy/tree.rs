//! The checkout as the rules see it: paths and the text of what is text.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::path::Path;

/// Ends of names of what is read as text.
const TEXTS: [&str; 14] = [
    "rs", "toml", "md", "sql", "ftl", "html", "txt", "css", "js", "sh", "json", "yml", "xml", "svg",
];

/// Folders that are no part of the source.
const SKIPPED: [&str; 4] = [".git", "target", "node_modules", "__pycache__"];

/// A file of the checkout.
pub struct File {
    /// Its path from the checkout, with `/`.
    pub path: String,
    /// What is in it.
    pub text: String,
}

impl File {
    /// The name after the last `/`.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }

    /// Whether its name ends so.
    pub fn ends(&self, end: &str) -> bool {
        self.path.ends_with(end)
    }

    /// Whether it is Rust that only tests use.
    pub fn is_test(&self) -> bool {
        let is_beside = self.ends("_tests.rs") || self.ends("/tests.rs");
        is_beside || self.path.contains("/tests/") || self.path.starts_with("browser-tests/")
    }

    /// Says what is wrong in a line of it.
    pub fn finding(&self, line: usize, what: impl Into<String>) -> Finding {
        Finding { path: self.path.clone(), line, what: what.into() }
    }
}

/// Something against the rules: where, what is wrong and what to do.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The file.
    pub path: String,
    /// The line, from one.
    pub line: usize,
    /// What is wrong; what to do.
    pub what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{}:{}: {}", self.path, self.line, self.what)
    }
}

/// All files and folders.
#[derive(Default)]
pub struct Tree {
    /// What is text.
    pub files: Vec<File>,
    paths: BTreeSet<String>,
}

impl Tree {
    /// Reads a checkout.
    pub fn read(root: &Path) -> std::io::Result<Self> {
        let mut tree = Self::default();
        tree.walk(root, "")?;
        tree.files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(tree)
    }

    fn walk(&mut self, root: &Path, folder: &str) -> std::io::Result<()> {
        for entry in fs::read_dir(root.join(folder))? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
            self.paths.insert(path.clone());
            if entry.file_type()?.is_dir() {
                let is_build = entry.path().join("CACHEDIR.TAG").exists();
                if !SKIPPED.contains(&name.as_str()) && !is_build {
                    self.walk(root, &path)?;
                }
            } else if name.rsplit_once('.').is_some_and(|(_, end)| TEXTS.contains(&end)) {
                let bytes = fs::read(entry.path())?;
                self.files.push(File { path, text: String::from_utf8_lossy(&bytes).into_owned() });
            }
        }
        Ok(())
    }

    /// Whether a file or folder has this path.
    pub fn has(&self, path: &str) -> bool {
        path.is_empty() || self.paths.contains(path.trim_end_matches('/'))
    }

    /// The file of this path.
    pub fn file(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }

    /// Files whose path begins and ends so.
    pub fn under<'a>(&'a self, start: &'a str, end: &'a str) -> impl Iterator<Item = &'a File> {
        self.files.iter().filter(move |file| file.path.starts_with(start) && file.ends(end))
    }
}

#[cfg(test)]
impl Tree {
    /// A made-up checkout.
    pub fn of(files: &[(&str, &str)]) -> Self {
        let mut tree = Self::default();
        for (path, text) in files {
            let folders = path.match_indices('/').map(|(at, _)| path[..at].to_owned());
            tree.paths.extend(folders.chain([(*path).to_owned()]));
            tree.files.push(File { path: (*path).to_owned(), text: (*text).to_owned() });
        }
        tree
    }
}
