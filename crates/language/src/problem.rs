//! Refusals as sentences: what is wrong and what to do (security.md E1).

use obole_domain::Refusal;

use crate::{Arg, Language, text_with};

/// The sentence of a refusal.
#[must_use]
pub fn problem(language: Language, refusal: &Refusal) -> String {
    let values = refusal.values().into_iter().map(|(name, value)| (name, Arg::from(value)));
    say(language, refusal.code(), values.collect())
}

/// The sentence of a refusal that was stored by its code and values.
#[must_use]
pub fn problem_said(language: Language, code: &str, values: &[(String, Arg)]) -> String {
    let values = values.iter().map(|(name, value)| (name.as_str(), value.clone()));
    say(language, code, values.collect())
}

fn say(language: Language, code: &str, mut values: Vec<(&str, Arg)>) -> String {
    let seconds = values.iter().find_map(|(name, value)| match value {
        Arg::Number(seconds) if *name == "seconds" => Some(*seconds),
        _ => None,
    });
    if let Some(seconds) = seconds {
        values.push(("wait", wait(language, seconds).into()));
    }
    text_with(language, &format!("problem-{}", code.replace('_', "-")), &values)
}

/// A time to wait in the unit that people think in, rounded up: nobody counts 3 600 seconds.
fn wait(language: Language, seconds: i64) -> String {
    let seconds = seconds.max(1);
    let (key, count) = match seconds {
        ..=90 => ("problem-wait-seconds", seconds),
        91..=5_400 => ("problem-wait-minutes", seconds.saturating_add(59) / 60),
        _ => ("problem-wait-hours", seconds.saturating_add(3_599) / 3_600),
    };
    text_with(language, key, &[("count", count.into())])
}

#[cfg(test)]
mod tests {
    use super::*;
    use obole_domain::{Currency, Micros, Money, Period};

    fn euros() -> Money {
        Money::new(Micros::units(1234), Currency::EUR)
    }

    /// Every refusal that has values.
    fn refusals_with_values() -> Vec<Refusal> {
        use Refusal::*;
        let (limit, word) = (1234, "word".to_owned());
        let period = Period::parse("2026-11").expect("a month");
        let counts = [
            TooLong { limit },
            AmountTooFine { decimals: limit },
            UrlTooLong { limit },
            PointsMalformed { limit },
            PointsOutOfRange { limit },
            PointsFull { limit },
            SitesFull { limit },
            ProposalsFull { limit },
            SubscriptionsFull { limit },
            RedirectsFull { limit },
            ClientsFull { limit },
            WebhooksFull { limit },
            PasskeysFull { limit },
            PasswordTooShort { limit },
            VoucherCount { limit },
            InvitationCount { limit },
            DisputesFull { limit },
            ReportsFull { limit },
            PassedToTooMany { limit },
            WeightOutOfRange { limit },
            LineMalformed { line: limit },
            TeamMembersFull { limit },
            TeamsFull { limit },
            BankAccountResting { hours: limit },
            FileMalformed { line: limit },
            TooMany { seconds: limit },
        ];
        let amounts = [
            AmountTooLarge { limit: euros() },
            BudgetTooSmall { minimum: euros() },
            NotEnough { available: euros() },
            RefundOfEarnings { refundable: euros() },
            PayoutTooSmall { threshold: euros() },
            ThresholdTooSmall { minimum: euros() },
            SecondAdminNeeded { limit: euros() },
            PlayMoneyLimit { limit: euros() },
        ];
        let words = [
            CurrencyUnknown { code: word.clone() },
            PayoutCurrency { code: word.clone() },
            ClaimStands { handle: word.clone() },
            ClaimsFull { limit: 100 },
            ProofMissing { reach: word.clone() },
            PolicyMalformed { rule: word.clone() },
            ScopeUnknown { scope: word.clone() },
            WebhookEventUnknown { kind: word.clone() },
            BackupKeyOther { path: word.clone() },
            BackupKeyMissing { path: word.clone() },
            BackupUnsound { rule: word.clone() },
            WorkCodeWord { word: word.clone() },
            WorkCodeWordNear { word: word.clone(), near: word.clone() },
            WorkCodeSwapped { code: word.clone() },
            WorkCodeUnknown { code: word.clone() },
            BackupExists { path: word },
            PeriodNotOver { period },
            DetailsGone { period },
        ];
        counts.into_iter().chain(amounts).chain(words).collect()
    }

    #[test]
    fn every_code_has_its_sentence() {
        let with_values = refusals_with_values();
        for language in Language::ALL {
            for code in Refusal::CODES {
                let refusal = with_values.iter().find(|refusal| refusal.code() == *code);
                let sentence = refusal.map_or_else(
                    || problem_said(language, code, &[]),
                    |refusal| problem(language, refusal),
                );
                assert!(sentence.ends_with('.'), "{code}: {sentence}");
                assert!(!sentence.contains("1234"), "{code} shows a bare number: {sentence}");
            }
        }
    }

    #[test]
    fn no_sentence_is_left_behind() {
        let source = include_str!("../locales/en/problems.ftl");
        for line in source.lines() {
            let Some((key, _)) = line.strip_prefix("problem-").and_then(|l| l.split_once(" ="))
            else {
                continue;
            };
            let code = key.replace('-', "_");
            let is_used = Refusal::CODES.contains(&code.as_str()) || code.starts_with("wait_");
            assert!(is_used, "no refusal says {key}");
        }
    }

    #[test]
    fn a_refusal_and_its_stored_form_say_the_same() {
        let available = Money::new(Micros::new(1_500_000), Currency::EUR);
        let said = problem(Language::French, &Refusal::NotEnough { available });
        let values = [("available".to_owned(), Arg::Money(available))];
        assert_eq!(said, problem_said(Language::French, "not_enough", &values));
        assert!(said.contains("1,50\u{a0}€"), "{said}");
    }

    #[test]
    fn decimals_are_counted_in_words_people_use() {
        let fine = |decimals| problem(Language::English, &Refusal::AmountTooFine { decimals });
        assert!(fine(0).contains("no decimals"), "{}", fine(0));
        assert!(fine(1).contains("1 decimal."), "{}", fine(1));
        assert!(fine(2).contains("2 decimals."), "{}", fine(2));
    }

    #[test]
    fn waiting_is_told_in_a_handy_unit() {
        for (seconds, english, french) in [
            (-3, "1 second", "1\u{a0}seconde"),
            (90, "90 seconds", "90\u{a0}secondes"),
            (91, "2 minutes", "2\u{a0}minutes"),
            (3_600, "60 minutes", "60\u{a0}minutes"),
            (7_201, "3 hours", "3\u{a0}heures"),
            (i64::MAX, "2,562,047,788,015,215 hours", "2\u{202f}562\u{202f}047"),
        ] {
            let refusal = Refusal::TooMany { seconds };
            assert!(problem(Language::English, &refusal).contains(english), "{seconds}");
            assert!(problem(Language::French, &refusal).contains(french), "{seconds}");
        }
    }
}
