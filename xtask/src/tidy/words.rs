//! One word, one meaning: the *never* column of style.md section 4 in names of types and tables.
//! The clear-cut words only; the rest a reader judges.

use super::code;
use super::tree::{File, Finding, Tree};

/// A word that is not ours, and the one that is.
const NEVER: [(&str, &str); 46] = [
    ("User", "Account"),
    ("Member", "Account"),
    ("Customer", "Account"),
    ("Donor", "the parameter `patron: AccountId`"),
    ("Supporter", "the parameter `patron: AccountId`"),
    ("Artist", "the parameter `creator: AccountId`"),
    ("Item", "Work, or the noun that it is"),
    ("Thing", "Work, or the noun that it is"),
    ("Resource", "Work, or the noun that it is"),
    ("Vote", "Click"),
    ("Tip", "Click"),
    ("Donation", "Click"),
    ("Score", "Standing"),
    ("Rating", "Standing"),
    ("RuleSet", "Policy"),
    ("Pledge", "Budget"),
    ("Month", "Period"),
    ("Cycle", "Period"),
    ("Payday", "Settlement"),
    ("Portion", "Share"),
    ("Split", "Share"),
    ("Distribute", "share_out"),
    ("Ownership", "Claim"),
    ("Verification", "Claim or Proof"),
    ("Beneficiary", "Payee"),
    ("Pot", "Pool"),
    ("Escrow", "Promise"),
    ("Transaction", "Entry in the ledger, Tx in the database"),
    ("Transfer", "Entry"),
    ("Rollback", "Reversal"),
    ("Temp", "Clearing"),
    ("Misc", "Suspense"),
    ("Deposit", "TopUp"),
    ("Coupon", "Voucher"),
    ("Withdrawal", "Payout to a payee, Refund to the patron who paid in"),
    ("Cents", "Micros"),
    ("Amount", "Money or Micros"),
    ("RequestId", "IdempotencyKey"),
    ("Task", "Job"),
    ("QueueItem", "Job"),
    ("ErrorResponse", "Problem"),
    ("Helper", "the noun that it is"),
    ("Manager", "the noun that it is"),
    ("Util", "the noun that it is"),
    ("Utils", "the noun that it is"),
    ("Helpers", "the noun that it is"),
];

/// Words of others where we speak to them: word, where the path begins so, why.
const OTHERS: [(&str, &str, &str); 4] = [
    ("Transfer", "crates/gateway/", "the banks' formats call it so"),
    ("Transaction", "crates/gateway/", "the banks' formats call it so"),
    ("Amount", "crates/gateway/", "the banks' formats call it so"),
    ("Thing", "crates/web/src/flattr/", "Flattr's old API calls a work so"),
];

/// Names made of a word that has another meaning in them.
const FINE: [&str; 2] = ["UserAgent", "RequestId"];

/// Types and tables with a word that is not ours.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &tree.files {
        if file.ends(".rs") {
            let blanked = code::blank(&file.text);
            for (at, name) in types(&blanked) {
                findings.extend(judge(file, code::line_of(&blanked, at), name));
            }
        }
        if file.ends(".sql") {
            for (index, line) in file.text.lines().enumerate() {
                findings.extend(table(line).and_then(|name| judge(file, index + 1, &name)));
            }
        }
    }
    findings
}

/// The names that the code gives to types. An associated `type Item` is someone else's name, so
/// aliases count at the edge of the file only.
fn types(blanked: &str) -> Vec<(usize, &str)> {
    let words = code::words(blanked);
    let declares = |at: usize, keyword: &str| match keyword {
        "struct" | "enum" | "trait" | "union" => true,
        "type" => !code::line_until(blanked, at).starts_with(' '),
        "id" => blanked.split_at(at).1.starts_with("id!"),
        _ => false,
    };
    let pairs = words.array_windows();
    let named = pairs.filter(|[_, (_, name)]| name.starts_with(char::is_uppercase));
    named.filter(|[(at, keyword), _]| declares(*at, keyword)).map(|[_, named]| *named).collect()
}

/// The table that a line of SQL makes, in the form of a type's name: `click_votes`, ClickVotes.
fn table(line: &str) -> Option<String> {
    let line = line.to_lowercase();
    let (_, rest) = line.split_once("create table ")?;
    let name = rest.trim_start_matches("if not exists ").split([' ', '(']).next()?;
    let capital = |part: &str| {
        let mut letters = part.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>())
    };
    Some(name.split('_').filter_map(capital).collect())
}

fn judge(file: &File, line: usize, name: &str) -> Option<Finding> {
    let (word, ours) = NEVER.iter().find(|(word, _)| has_word(name, word))?;
    let speaks_to_others =
        OTHERS.iter().any(|(other, path, _)| other == word && file.path.starts_with(path));
    if speaks_to_others || FINE.iter().any(|fine| name.contains(fine)) {
        return None;
    }
    Some(file.finding(line, format!("`{name}` says {word}; our word is {ours}")))
}

/// Whether a name in capitals has this word, singular or plural: `UserId` and `Users` have User.
fn has_word(name: &str, word: &str) -> bool {
    name.match_indices(word).any(|(at, _)| {
        let rest = name.split_at(at + word.len()).1;
        let rest = rest.strip_prefix('s').unwrap_or(rest);
        !rest.starts_with(char::is_lowercase)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> usize {
        check(&Tree::of(&[(path, text)])).len()
    }

    #[test]
    fn types_with_a_word_that_is_not_ours_are_found() {
        for code in [
            "pub struct User;",
            "enum NewUser {}",
            "pub trait Users {}",
            "pub(crate) type UserId = u8;",
            "id!(UserId);",
            "id! {\n    /// An id.\n    PledgeId\n}",
            "struct WithdrawalRequest;",
        ] {
            assert_eq!(found("crates/app/src/a.rs", code), 1, "{code}");
        }
    }

    #[test]
    fn words_that_only_look_alike_pass() {
        for code in [
            "struct UserAgent;",
            "struct Tipped;",
            "impl Iterator for Works {\n    type Item = Work;\n}",
            "// struct User\nlet a = \"struct User\";",
            "struct Account;",
        ] {
            assert_eq!(found("crates/app/src/a.rs", code), 0, "{code}");
        }
        assert_eq!(found("crates/gateway/src/sepa/pain.rs", "struct CreditTransfer;"), 0);
        assert_eq!(found("crates/app/src/sepa.rs", "struct CreditTransfer;"), 1);
    }

    #[test]
    fn tables_are_judged_like_types() {
        assert_eq!(found("crates/store/migrations/0001_a.sql", "create table users (\n"), 1);
        assert_eq!(found("m.sql", "create table if not exists click_vote(id bigint"), 1);
        assert_eq!(found("m.sql", "create table click (user_agent text)"), 0);
    }

    #[test]
    fn a_finding_names_our_word() {
        let findings = check(&Tree::of(&[("a.rs", "\nstruct Coupon;")]));
        assert_eq!(findings[0].to_string(), "a.rs:2: `Coupon` says Coupon; our word is Voucher");
    }
}
