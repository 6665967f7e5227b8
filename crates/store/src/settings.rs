//! Settings: what an instance knows of itself, by name; its policy among them.

use obole_domain::Policy;
use obole_domain::policy::Rule;

use crate::db::{Read, Tx, sql};
use crate::error::StoreResult;
use crate::versions::{self, Held};

/// What precedes a rule's name.
const POLICY: &str = "policy.";

/// A setting's value.
pub async fn find(read: &mut Read, name: &str) -> StoreResult<Option<String>> {
    let select = sql("select value from settings where name = $1").bind(name);
    select.fetch_optional(read, |row| row.get(0)).await
}

/// Sets a value, replacing the one before.
pub async fn set(tx: &mut Tx, name: &str, value: &str) -> StoreResult<()> {
    let upsert = sql("
        insert into settings (name, value) values ($1, $2)
        on conflict (name) do update set value = excluded.value");
    upsert.bind(name).bind(value).execute(tx).await.map(|_| ())
}

/// Sets a value only where there is none, and gives the one that stands.
pub async fn set_once(tx: &mut Tx, name: &str, value: &str) -> StoreResult<String> {
    let insert = sql("
        insert into settings (name, value) values ($1, $2)
        on conflict (name) do nothing");
    insert.bind(name).bind(value).execute(tx).await?;
    Ok(find(tx, name).await?.unwrap_or_else(|| value.to_owned()))
}

/// Takes a setting away and says whether it was there: once, however many try.
pub async fn take(tx: &mut Tx, name: &str) -> StoreResult<bool> {
    let delete = sql("delete from settings where name = $1").bind(name);
    Ok(delete.execute(tx).await? == 1)
}

/// The settings from one name to before another, by name.
pub async fn between(
    read: &mut Read,
    (from, before): (&str, &str),
) -> StoreResult<Vec<(String, String)>> {
    let select =
        sql("select name, value from settings where name >= $1 and name < $2 order by name");
    let select = select.bind(from).bind(before);
    select.fetch_all(read, |row| Ok((row.get(0)?, row.get(1)?))).await
}

/// The instance's rules; those that nobody has set are as shipped.
pub async fn policy(read: &mut Read) -> StoreResult<Policy> {
    let stored = between(read, (POLICY, "policy/")).await?;
    policy_of(stored.iter().map(|(name, value)| (name.as_str(), value.as_str())))
}

/// Stores one rule's value as the policy has it.
pub async fn set_rule(tx: &mut Tx, policy: &Policy, rule: Rule) -> StoreResult<()> {
    set(tx, &format!("{POLICY}{}", rule.name()), &policy.get(rule)).await?;
    versions::count_up(tx, Held::Policy).await
}

/// A policy as one text, for the settlement that froze it.
#[must_use]
pub fn print_policy(policy: &Policy) -> String {
    let rules = Rule::ALL.iter().map(|rule| format!("{}={}", rule.name(), policy.get(*rule)));
    rules.collect::<Vec<_>>().join("\n")
}

/// Reads what [`print_policy`] wrote.
pub fn parse_policy(text: &str) -> StoreResult<Policy> {
    policy_of(text.lines().filter_map(|line| line.split_once('=')))
}

/// Puts a policy together from names and values.
fn policy_of<'text>(rules: impl Iterator<Item = (&'text str, &'text str)>) -> StoreResult<Policy> {
    let mut policy = Policy::obole();
    for (name, value) in rules {
        if let Some(rule) = Rule::from_name(name.strip_prefix(POLICY).unwrap_or(name)) {
            policy.set(rule, value)?;
        }
    }
    Ok(policy)
}
