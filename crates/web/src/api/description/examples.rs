//! Examples of each operation: what is sent and what comes back. A test sends them to a running
//! instance and holds the answers against the description.

use std::sync::LazyLock;

use serde_json::{Map, Value};

static EXAMPLES: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../examples.json")).unwrap_or_default());

/// Puts the example of an operation at its parameters, its body and its answer.
pub fn add(operation: &mut Map<String, Value>) {
    let name = operation.get("operationId").and_then(Value::as_str).unwrap_or_default();
    let Some(example) = EXAMPLES.get(name).cloned() else { return };
    for parameter in
        operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten()
    {
        let name = parameter["name"].as_str().unwrap_or_default().to_owned();
        if let Some(value) = example.get("parameters").and_then(|all| all.get(&name)) {
            parameter["example"] = value.clone();
        }
    }
    put(operation.get_mut("requestBody"), example.get("body"));
    let status = example.get("status").and_then(Value::as_str).unwrap_or("200");
    put(operation.get_mut("responses").and_then(|all| all.get_mut(status)), example.get("answer"));
}

fn put(place: Option<&mut Value>, example: Option<&Value>) {
    let content = place.and_then(|place| place.get_mut("content"));
    let Some(content) = content.and_then(|content| content.get_mut("application/json")) else {
        return;
    };
    if let Some(example) = example {
        content["example"] = example.clone();
    }
}
