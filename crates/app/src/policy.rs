//! The operator's rules: read where a command needs them, changed by administrators.

use obole_domain::policy::Rule;
use obole_domain::{Policy, Refusal};
use obole_store::settings;

use crate::app::App;
use crate::audit_log::Actor;
use crate::error::{Error, Result};

/// Sets one rule and logs the change.
pub async fn set_rule(app: &App, actor: Actor, rule: Rule, value: String) -> Result<()> {
    let handle = app.clone();
    app.write(value, move |tx, value| {
        let app = handle.clone();
        Box::pin(async move {
            let mut policy = settings::policy(tx).await?;
            let before = policy.get(rule);
            policy.set(rule, value)?;
            settings::set_rule(tx, &policy, rule).await?;
            let details = format!("{before} -> {value}");
            app.log(tx, actor, "policy.set", (rule.name().to_owned(), details)).await
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
            for rule in Rule::ALL {
                settings::set_rule(tx, policy, rule).await?;
            }
            app.log(tx, actor, "policy.preset", (name.clone(), String::new())).await
        })
    })
    .await
}
