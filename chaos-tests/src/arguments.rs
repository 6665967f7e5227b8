//! What can be typed.

use std::time::Duration;

/// How it is called.
pub const USAGE: &str = "\
cargo x chaos [--minutes 10] [--engine sqlite|postgres] [--seed N] [--only WORDS] [--keep]
  --minutes N   how long, shared out over the faults; the engines run side by side
  --engine E    that engine only
  --seed N      the random moments and deeds of another run
  --only WORDS  only the faults with this in their names
  --keep        leave the folder of the run";

/// What was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arguments {
    pub time: Duration,
    pub engines: Vec<&'static str>,
    pub seed: Option<u64>,
    pub only: String,
    pub keep: bool,
}

impl Arguments {
    /// Reads them; a sentence where they cannot be read.
    pub fn parse(words: impl IntoIterator<Item = String>) -> Result<Self, String> {
        let mut arguments = Self {
            time: Duration::from_secs(600),
            engines: vec!["sqlite", "postgres"],
            seed: None,
            only: String::new(),
            keep: false,
        };
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            if word == "--keep" {
                arguments.keep = true;
                continue;
            }
            let value = words.next().ok_or_else(|| format!("{word} wants a value.\n{USAGE}"))?;
            let number = || value.parse::<u64>().map_err(|_| format!("{word} {value}: a number?"));
            match word.as_str() {
                "--minutes" => arguments.time = Duration::from_secs(number()? * 60),
                "--seconds" => arguments.time = Duration::from_secs(number()?),
                "--seed" => arguments.seed = Some(number()?),
                "--only" => arguments.only.clone_from(&value),
                "--engine" => {
                    arguments.engines.retain(|engine| *engine == value);
                    if arguments.engines.is_empty() {
                        return Err(format!("There is no engine {value}.\n{USAGE}"));
                    }
                }
                _ => return Err(format!("What is {word}?\n{USAGE}")),
            }
        }
        Ok(arguments)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Arguments, String> {
        Arguments::parse(text.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn what_is_typed_is_read_or_refused() {
        let read = parse("--minutes 2 --engine sqlite --seed 7 --only kill").expect("well typed");
        assert_eq!((read.time.as_secs(), read.seed), (120, Some(7)));
        assert_eq!((read.engines, read.only.as_str()), (vec!["sqlite"], "kill"));
        assert_eq!(parse("").expect("nothing typed").engines.len(), 2);
        for text in ["--minutes", "--minutes x", "--engine oracle", "--other 1"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
