//! The description of the API as people read it: what `/api` shows, read from the document once.

use std::sync::LazyLock;

use serde_json::Value;

/// A group of operations.
#[derive(Debug)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// What is in it.
    pub about: String,
    /// Its operations, by path.
    pub operations: Vec<Operation>,
}

/// What can be asked for.
#[derive(Debug)]
pub struct Operation {
    /// Its name, which is its anchor too.
    pub id: String,
    /// The method, in capital letters.
    pub method: String,
    /// The path below the root of the version.
    pub path: String,
    /// In one line.
    pub summary: String,
    /// More words; perhaps none.
    pub about: String,
    /// One of these scopes is needed; none for what is public.
    pub scopes: Vec<String>,
    /// What stands in path, query and head.
    pub parameters: Vec<Field>,
    /// What stands in the body.
    pub body: Vec<Field>,
    /// An example of the body; empty without one.
    pub body_example: String,
    /// What can come back.
    pub answers: Vec<Answer>,
    /// An example of what comes back where all is well; empty without a body.
    pub answer_example: String,
}

/// A part of a request.
#[derive(Debug)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// `path`, `query`, `header`; empty in a body.
    pub place: String,
    /// What kind of value it has.
    pub kind: String,
    /// Whether it must be there.
    pub is_required: bool,
    /// What it is.
    pub about: String,
    /// An example; empty without one.
    pub example: String,
}

/// What can come back.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: String,
    /// What that means.
    pub about: String,
    /// The codes that a problem of this status can have.
    pub codes: Vec<String>,
}

impl Operation {
    /// An identifier of one of its fields in the page.
    #[must_use]
    pub fn field(&self, name: &str) -> String {
        format!("{}-{}", self.id, name.to_lowercase())
    }

    /// Whether it changes something.
    #[must_use]
    pub fn is_change(&self) -> bool {
        self.method != "GET"
    }
}

/// A text by pieces: whether each stood between backquotes.
#[must_use]
pub fn pieces(text: &str) -> Vec<(bool, &str)> {
    text.split('`').enumerate().map(|(place, piece)| (place % 2 == 1, piece)).collect()
}

static GROUPS: LazyLock<Vec<Group>> = LazyLock::new(|| {
    let description = serde_json::from_slice(super::description::text()).unwrap_or_default();
    read(&description)
});

/// All groups in the order of the document.
#[must_use]
pub fn groups() -> &'static [Group] {
    &GROUPS
}

fn read(document: &Value) -> Vec<Group> {
    let mut operations = Vec::new();
    for (path, methods) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            let tag = text(at(operation, "/tags/0"));
            operations.push((tag, read_operation(document, (method, path), operation)));
        }
    }
    let group = |tag: &Value| {
        let name = text(&tag["name"]);
        let (own, rest) =
            std::mem::take(&mut operations).into_iter().partition(|one| one.0 == name);
        operations = rest;
        let own: Vec<_> = own;
        let operations = own.into_iter().map(|(_, operation)| operation).collect();
        Group { name, about: text(&tag["description"]), operations }
    };
    document["tags"].as_array().into_iter().flatten().map(group).collect()
}

/// What stands at a place; null where nothing does.
fn at<'value>(value: &'value Value, place: &str) -> &'value Value {
    static NOTHING: Value = Value::Null;
    value.pointer(place).unwrap_or(&NOTHING)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn read_operation(document: &Value, (method, path): (&str, &str), value: &Value) -> Operation {
    let content = at(value, "/requestBody/content/application~1json");
    let answers = value["responses"].as_object().into_iter().flatten();
    let well = answers.clone().find(|(status, _)| status.starts_with('2'));
    let example = well.map(|(_, answer)| at(answer, "/content/application~1json/example"));
    let mut body = Vec::new();
    fields(document, &content["schema"], &mut body);
    let parameters = value["parameters"].as_array().into_iter().flatten();
    Operation {
        id: text(&value["operationId"]),
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary: text(&value["summary"]),
        about: text(&value["description"]),
        scopes: scopes(value),
        parameters: parameters.map(|parameter| read_parameter(document, parameter)).collect(),
        body,
        body_example: pretty(&content["example"]),
        answers: answers.map(|(status, answer)| read_answer(document, status, answer)).collect(),
        answer_example: example.map(pretty).unwrap_or_default(),
    }
}

fn scopes(operation: &Value) -> Vec<String> {
    let ways = operation["security"].as_array().into_iter().flatten();
    let names = ways.flat_map(|way| way["token"].as_array().into_iter().flatten());
    names.map(text).collect()
}

fn read_parameter(document: &Value, parameter: &Value) -> Field {
    Field {
        name: text(&parameter["name"]),
        place: text(&parameter["in"]),
        kind: kind(document, &parameter["schema"]),
        is_required: parameter["required"].as_bool().unwrap_or_default(),
        about: text(&parameter["description"]),
        example: match &parameter["example"] {
            Value::String(text) => text.clone(),
            Value::Null => String::new(),
            other => other.to_string(),
        },
    }
}

/// What a reference leads to, or the value itself.
fn resolved<'doc>(document: &'doc Value, value: &'doc Value) -> &'doc Value {
    let place = value["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
    place.and_then(|place| document.pointer(place)).unwrap_or(value)
}

/// The fields of an object, those of each of its forms once.
fn fields(document: &Value, schema: &Value, found: &mut Vec<Field>) {
    let schema = resolved(document, schema);
    for form in schema["oneOf"].as_array().into_iter().flatten() {
        fields(document, form, found);
    }
    let required = schema["required"].as_array();
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        if found.iter().any(|field| field.name == *name) {
            continue;
        }
        let is_required = required.is_some_and(|all| all.iter().any(|one| one == name));
        let (place, example) = (String::new(), String::new());
        let (kind, about) = (kind(document, property), text(&property["description"]));
        found.push(Field { name: name.clone(), place, kind, is_required, about, example });
    }
}

/// What kind of value a schema describes, in a word or two.
fn kind(document: &Value, schema: &Value) -> String {
    let schema = resolved(document, schema);
    if let Some(choices) = schema["enum"].as_array() {
        let choices: Vec<String> = choices.iter().map(Value::to_string).collect();
        return choices.join(" | ");
    }
    let forms = schema["oneOf"].as_array().into_iter().flatten();
    let form = forms.map(|form| kind(document, form)).find(|kind| kind != "null");
    let name = match &schema["type"] {
        Value::Array(names) => names.iter().find(|name| **name != "null").map(text),
        name => name.as_str().map(ToOwned::to_owned),
    };
    match (form, name) {
        (Some(form), _) => form,
        (None, Some(name)) if name == "array" => format!("[{}]", kind(document, &schema["items"])),
        (None, name) => name.unwrap_or_else(|| "object".to_owned()),
    }
}

fn read_answer(document: &Value, status: &str, answer: &Value) -> Answer {
    let answer = resolved(document, answer);
    let schema = at(answer, "/content/application~1problem+json/schema");
    let codes = at(resolved(document, schema), "/allOf/1/properties/code/enum");
    let codes = codes.as_array().into_iter().flatten();
    Answer {
        status: status.to_owned(),
        about: text(&answer["description"]),
        codes: codes.map(text).collect(),
    }
}

fn pretty(value: &Value) -> String {
    if value.is_null() {
        return String::new();
    }
    serde_json::to_string_pretty(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_is_in_one_group_with_what_is_needed_to_send_it() {
        let document: Value = serde_json::from_slice(super::super::description::text()).unwrap();
        let paths = document["paths"].as_object().unwrap().values();
        let described: usize = paths.map(|path| path.as_object().unwrap().len()).sum();
        let all: Vec<&Operation> = groups().iter().flat_map(|group| &group.operations).collect();
        assert_eq!(all.len(), described);
        for operation in &all {
            let name = &operation.id;
            assert!(!operation.summary.is_empty(), "{name}");
            assert!(
                operation.answers.iter().any(|answer| answer.status.starts_with('2')),
                "{name}"
            );
            let is_filled = |field: &&Field| field.place == "path" && field.example.is_empty();
            assert!(!operation.parameters.iter().any(|field| is_filled(&field)), "{name}");
            assert_eq!(operation.body.is_empty(), operation.body_example.is_empty(), "{name}");
        }
        let give = all.iter().find(|operation| operation.id == "give_click").expect("there");
        let names: Vec<&str> = give.body.iter().map(|field| field.name.as_str()).collect();
        assert_eq!(names, ["note", "points", "url", "work"]);
        assert_eq!(
            (give.body[1].kind.as_str(), give.scopes.as_slice()),
            ("integer", ["click".to_owned()].as_slice())
        );
        let refused = give.answers.iter().find(|answer| answer.status == "422").expect("there");
        assert!(refused.codes.iter().any(|code| code == "own_work"));
    }
}
