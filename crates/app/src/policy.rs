//! The operator's rules: read where a command needs them, changed by administrators.

use obole_domain::policy::Rule;
use obole_domain::settlement::waits_for_giving;
use obole_domain::{Policy, Refusal};
use obole_store::{Tx, holds, settings};

use crate::app::App;
use crate::audit_log::Actor;
use crate::budgets::release_what_waits;
use crate::error::{Error, Result};
use crate::suspensions::require_admin;

/// Sets one rule and logs the change.
pub async fn set_rule(app: &App, actor: Actor, rule: Rule, value: String) -> Result<()> {
    set_rules(app, actor, vec![(rule, value)]).await.map(|_| ())
}

/// Sets rules, all or none, logs each that changes, and gives those.
pub async fn set_rules(app: &App, actor: Actor, rules: Vec<(Rule, String)>) -> Result<Vec<Rule>> {
    let handle = app.clone();
    app.write(rules, move |tx, rules| {
        let app = handle.clone();
        Box::pin(async move {
            require_admin(tx, actor).await?;
            let mut policy = settings::policy(tx).await?;
            let mut changed = Vec::new();
            for (rule, value) in rules {
                let before = policy.get(*rule);
                policy.set(*rule, value)?;
                let after = policy.get(*rule);
                if after != before {
                    settings::set_rule(tx, &policy, *rule).await?;
                    let about = (rule.name().to_owned(), format!("{before} -> {after}"));
                    app.log(tx, actor, "policy.set", about).await?;
                    changed.push(*rule);
                }
            }
            release_waiting(tx, &policy).await?;
            Ok(changed)
        })
    })
    .await
}

/// Sets all rules to a preset and logs it.
pub async fn set_preset(app: &App, actor: Actor, name: String) -> Result<()> {
    let unknown = || Error::from(Refusal::PolicyMalformed { rule: "preset".to_owned() });
    let policy = Policy::preset(&name).ok_or_else(unknown)?;
    let handle = app.clone();
    app.write((policy, name), move |tx, (policy, name)| {
        let app = handle.clone();
        Box::pin(async move {
            require_admin(tx, actor).await?;
            for rule in Rule::ALL {
                settings::set_rule(tx, policy, rule).await?;
            }
            release_waiting(tx, policy).await?;
            app.log(tx, actor, "policy.preset", (name.clone(), String::new())).await
        })
    })
    .await
}

/// Earnings that waited under the old rules and would not wait under the new ones are free.
async fn release_waiting(tx: &mut Tx, policy: &Policy) -> Result<()> {
    for (owner, currency, budget) in holds::waiting(tx, holds::GIVE_TO_RECEIVE).await? {
        if !waits_for_giving(budget, policy) {
            release_what_waits(tx, owner, currency).await?;
        }
    }
    Ok(())
}
