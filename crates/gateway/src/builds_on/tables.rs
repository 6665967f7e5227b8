//! TOML with a table for each package: Cargo.lock, poetry.lock, uv.lock.

use toml::{Table, Value};

use super::{page, repository};

pub(super) fn read(file: &str) -> Vec<String> {
    let Ok(document) = file.parse::<Table>() else { return Vec::new() };
    let is_python = document.contains_key("requires-python")
        || document.get("metadata").is_some_and(|metadata| metadata.get("files").is_some())
        || document.get("metadata").is_some_and(|m| m.get("python-versions").is_some());
    let packages = document.get("package").and_then(Value::as_array);
    let packages = packages.map(Vec::as_slice).unwrap_or_default().iter();
    let kind = if is_python { "pypi" } else { "cargo" };
    packages.filter_map(|package| found(package, kind)).collect()
}

/// A package of the registry, or of a repository. One of the project itself has no source.
fn found(package: &Value, kind: &str) -> Option<String> {
    let name = package.get("name")?.as_str()?;
    match package.get("source") {
        None if kind == "cargo" => None,
        None => page(kind, name),
        Some(Value::String(source)) => match source.split_once('+') {
            Some(("git", address)) => repository(address),
            _ => page(kind, name),
        },
        Some(source) => {
            let text = |key: &str| source.get(key).and_then(Value::as_str);
            if text("virtual").or_else(|| text("editable")).is_some() {
                return None;
            }
            let git = text("git").or_else(|| text("url").filter(|_| text("type") == Some("git")));
            git.and_then(repository).or_else(|| page(kind, name))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::read;

    #[test]
    fn a_cargo_lock_names_crates_and_repositories() {
        let lock = r#"
            version = 4
            [[package]]
            name = "own"
            version = "0.1.0"
            [[package]]
            name = "serde"
            version = "1.0.200"
            source = "registry+https://github.com/rust-lang/crates.io-index"
            [[package]]
            name = "fork"
            version = "0.2.0"
            source = "git+https://code.example/fork?branch=main#1234"
        "#;
        let expected = ["https://crates.io/crates/serde", "https://code.example/fork"];
        assert_eq!(read(lock), expected);
    }

    #[test]
    fn locks_of_python_name_projects() {
        let poetry = "[[package]]\nname = \"Django\"\nversion = \"5\"\n\
            [metadata]\npython-versions = \"^3.12\"\n";
        assert_eq!(read(poetry), ["https://pypi.org/project/django/"]);
        let uv = "version = 1\nrequires-python = \">=3.12\"\n[[package]]\nname = \"own\"\n\
            source = { editable = \".\" }\n[[package]]\nname = \"rich\"\n\
            source = { registry = \"https://pypi.org/simple\" }\n";
        assert_eq!(read(uv), ["https://pypi.org/project/rich/"]);
    }
}
