//! Lines: go.mod, Gemfile.lock, requirements.txt.

use super::page;

pub(super) fn read(file: &str) -> Vec<String> {
    let is_go = file.lines().any(|line| line.starts_with("module "));
    let is_gems = file.lines().any(|line| line == "GEM");
    let lines = file.lines();
    match (is_go, is_gems) {
        (true, _) => modules(file),
        (_, true) => lines.filter_map(gem).collect(),
        _ => lines.filter_map(requirement).collect(),
    }
}

/// What go.mod requires, without what only others need.
fn modules(file: &str) -> Vec<String> {
    let mut is_block = false;
    let mut found = Vec::new();
    for line in file.lines() {
        let (line, comment) = line.split_once("//").unwrap_or((line, ""));
        let line = line.trim();
        if line == "require (" || line == ")" {
            is_block = line != ")";
            continue;
        }
        let required = if is_block { Some(line) } else { line.strip_prefix("require ") };
        let module = required.and_then(|line| line.split_whitespace().next());
        if comment.trim() != "indirect" {
            found.extend(module.and_then(|module| page("golang", module)));
        }
    }
    found
}

/// A line of the specs: four spaces, a name, its version in brackets.
fn gem(line: &str) -> Option<String> {
    let name = line.strip_prefix("    ").filter(|rest| !rest.starts_with(' '))?;
    let (name, version) = name.split_once(' ')?;
    version.starts_with('(').then(|| page("gem", name))?
}

/// A line of requirements.txt: a name, with extras and a version or without.
fn requirement(line: &str) -> Option<String> {
    let line = line.split(['#', ';']).next()?.trim();
    let is_name = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let end = line.find(|c| !is_name(c)).unwrap_or(line.len());
    let (name, rest) = line.split_at(end);
    let rest = rest.trim_start();
    let rest = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')).map_or(rest, |r| r.1);
    let is_version = ["==", ">=", "<=", "~=", "!=", ">", "<"];
    let is_version = rest.is_empty() || is_version.iter().any(|op| rest.trim().starts_with(op));
    let begins_well = name.starts_with(|c: char| c.is_ascii_alphanumeric());
    (begins_well && is_version).then(|| page("pypi", name))?
}

#[cfg(test)]
mod tests {
    use super::super::read;

    #[test]
    fn a_go_mod_gives_what_it_requires_itself() {
        let file = "module code.example/own\n\ngo 1.22\n\nrequire (\n\
            \tgithub.com/a/b/v2 v2.1.0\n\tgolang.org/x/net v0.1.0 // indirect\n)\n\
            require go.uber.org/zap v1.27.0\n";
        assert_eq!(read(file), ["https://github.com/a/b", "https://pkg.go.dev/go.uber.org/zap"]);
    }

    #[test]
    fn gems_and_requirements_are_read_line_by_line() {
        let gems = "GEM\n  remote: https://rubygems.org/\n  specs:\n    rails (7.1.0)\n\
            \x20     rake (>= 12)\n    rake (13.1.0)\n\nPLATFORMS\n  ruby\n";
        assert_eq!(
            read(gems),
            ["https://rubygems.org/gems/rails", "https://rubygems.org/gems/rake"]
        );
        let lines = "# a comment\n-r other.txt\nDjango[bcrypt]==5.0 ; python_version > '3'\nrich\n\
            https://a.example/x.whl\n../local\n";
        let expected = ["https://pypi.org/project/django/", "https://pypi.org/project/rich/"];
        assert_eq!(read(lines), expected);
    }
}
