//! Every example of the manual is a command that the program takes.

use crate::scene::Scene;

const MANUAL: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/manual/commands.md"));

/// The words of a line, as a shell parts them.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (place, part) in line.split('"').enumerate() {
        if place % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}

#[test]
fn every_example_is_understood() {
    let scene = Scene::new();
    let mut is_sample = false;
    let mut count = 0;
    for line in MANUAL.lines() {
        if line.starts_with("```") {
            is_sample = line == "```sh";
        } else if is_sample {
            let words = words(line.strip_prefix("obole ").expect("a command of ours"));
            let mut arguments: Vec<&str> = words.iter().map(String::as_str).collect();
            arguments.push("--help");
            let run = scene.run(&arguments);
            assert_eq!(run.code, 0, "{line}: {run:?}");
            count += 1;
        }
    }
    assert!(count > 15);
}
