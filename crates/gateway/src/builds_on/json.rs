//! JSON: package-lock.json (versions 2 and 3), composer.lock, CycloneDX and SPDX documents.

use serde_json::{Map, Value};

use super::{of_purl, page, repository};

pub(super) fn read(file: &str) -> Vec<String> {
    let Ok(Value::Object(document)) = serde_json::from_str(file) else { return Vec::new() };
    if text(&document, "bomFormat") == Some("CycloneDX") {
        return list(&document, "components").filter_map(component).collect();
    }
    if document.contains_key("spdxVersion") {
        return list(&document, "packages").filter_map(spdx).collect();
    }
    match document.get("packages") {
        Some(Value::Object(packages)) => npm(packages),
        _ => list(&document, "packages").filter_map(composer).collect(),
    }
}

type Object = Map<String, Value>;

fn text<'object>(object: &'object Object, key: &str) -> Option<&'object str> {
    object.get(key)?.as_str()
}

/// The objects of a list.
fn list<'object>(object: &'object Object, key: &str) -> impl Iterator<Item = &'object Object> {
    let list = object.get(key).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_object)
}

/// What the project itself asks for; what that needs in turn is behind it.
fn npm(packages: &Object) -> Vec<String> {
    let Some(Value::Object(root)) = packages.get("") else { return Vec::new() };
    let kinds = ["dependencies", "optionalDependencies", "peerDependencies"];
    let names = kinds.iter().filter_map(|kind| root.get(*kind)?.as_object());
    names.flat_map(Object::keys).filter_map(|name| page("npm", name)).collect()
}

fn composer(package: &Object) -> Option<String> {
    let source = package.get("source").and_then(Value::as_object);
    let source = source.and_then(|source| repository(text(source, "url")?));
    source.or_else(|| page("composer", text(package, "name")?))
}

/// A component's repository or site where the document names one, else the page of its registry.
fn component(component: &Object) -> Option<String> {
    let of_kind = |kind| {
        let mut references = list(component, "externalReferences");
        references.find_map(|one| {
            let is_kind = text(one, "type") == Some(kind);
            is_kind.then(|| repository(text(one, "url")?))?
        })
    };
    let named = of_kind("vcs").or_else(|| of_kind("website"));
    named.or_else(|| of_purl(text(component, "purl")?))
}

fn spdx(package: &Object) -> Option<String> {
    let home = text(package, "homepage").and_then(repository);
    home.or_else(|| {
        list(package, "externalRefs").find_map(|one| {
            let is_purl = text(one, "referenceType") == Some("purl");
            is_purl.then(|| of_purl(text(one, "referenceLocator")?))?
        })
    })
}

#[cfg(test)]
mod tests {
    use super::super::read;

    #[test]
    fn a_package_lock_gives_what_the_project_asks_for() {
        let lock = r#"{"name":"x","lockfileVersion":3,"packages":{"":{"dependencies":
            {"left-pad":"^1.3.0","@types/node":"*"},"devDependencies":{"tool":"1"}},
            "node_modules/left-pad":{"version":"1.3.0"},"node_modules/deep":{"version":"2"}}}"#;
        let expected =
            ["https://www.npmjs.com/package/left-pad", "https://www.npmjs.com/package/@types/node"];
        assert_eq!(read(lock), expected);
    }

    #[test]
    fn a_composer_lock_names_repositories() {
        let lock = r#"{"packages":[{"name":"acme/log","source":{"url":
            "https://code.example/acme/log.git"}},{"name":"acme/bare"},{"name":5}]}"#;
        let expected =
            ["https://code.example/acme/log", "https://packagist.org/packages/acme/bare"];
        assert_eq!(read(lock), expected);
    }

    #[test]
    fn bills_of_materials_name_repositories_sites_and_packages() {
        let bom = r#"{"bomFormat":"CycloneDX","specVersion":"1.5","components":[
            {"name":"a","purl":"pkg:npm/a@1","externalReferences":[
              {"type":"website","url":"https://a.example"},
              {"type":"vcs","url":"git+https://code.example/a.git"}]},
            {"name":"b","purl":"pkg:pypi/B@2"},{"name":"c"}]}"#;
        assert_eq!(read(bom), ["https://code.example/a", "https://pypi.org/project/b/"]);
        let spdx = r#"{"spdxVersion":"SPDX-2.3","packages":[
            {"name":"a","homepage":"https://a.example/","externalRefs":[]},
            {"name":"b","homepage":"NOASSERTION","externalRefs":[{"referenceCategory":
              "PACKAGE-MANAGER","referenceType":"purl","referenceLocator":"pkg:gem/b@1"}]}]}"#;
        assert_eq!(read(spdx), ["https://a.example", "https://rubygems.org/gems/b"]);
    }
}
