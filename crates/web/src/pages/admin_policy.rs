//! The instance's rules for administrators: each by itself, or a preset with what it changes.

use askama::Template;
use obole_app::audit_log::Actor;
use obole_app::policy;
use obole_domain::policy::Rule;
use obole_domain::{Currency, Money, Policy, Refusal};
use obole_language::Language;
use obole_store::settings;

use crate::answer::{self, Answer, Done};
use crate::form::{Filled, Form};
use crate::page::{Page, Place};
use crate::problem::Problem;
use crate::visitor::{Admin, Visitor};

/// The presets, by the names that are stored and shown.
const PRESETS: [&str; 2] = ["obole", "flattr-2010"];

#[derive(Template)]
#[template(path = "pages/admin_policy.html")]
struct PolicyPage {
    page: Page,
    rules: Vec<Row>,
    presets: Vec<Preset>,
    form: Filled,
}

struct Row {
    rule: Rule,
    name: String,
    /// The value as it is stored.
    value: String,
    error: String,
    unit: String,
    /// The words it can be set to, stored and shown.
    choices: Vec<(&'static str, String)>,
}

struct Preset {
    name: &'static str,
    /// Rule, value now, value then.
    changes: Vec<(String, String, String)>,
}

/// `GET /admin/policy`
pub async fn show(admin: Admin) -> Answer {
    answer::html(&page(&admin, Filled::default()).await?)
}

/// `POST /admin/policy`: every rule that the form has.
pub async fn set(admin: Admin, mut form: Form) -> Answer {
    let mut rules = Vec::new();
    for rule in Rule::ALL {
        if form.text(rule.name()).is_empty() {
            continue;
        }
        let read = |text: &str| readable(admin.language, rule, text);
        rules.extend(form.read(rule.name(), read).map(|value| (rule, value)));
    }
    if form.is_well() {
        match policy::set_rules(&admin.app, Actor::Page(admin.account()), rules).await {
            Ok(changed) => {
                let count = i64::try_from(changed.len()).unwrap_or_default();
                let done = Done::new("admin-policy-set").with("count", count);
                return Ok(admin.done("/admin/policy", &done));
            }
            Err(error) => form.refused(error)?,
        }
    }
    answer::unprocessable(&page(&admin, form.filled()).await?)
}

/// `POST /admin/policy/preset`
pub async fn set_preset(admin: Admin, form: Form) -> Answer {
    let name = form.text("preset").to_owned();
    policy::set_preset(&admin.app, Actor::Page(admin.account()), name.clone()).await?;
    let done = Done::new("admin-policy-preset-set").with("preset", name);
    Ok(admin.done("/admin/policy", &done))
}

/// A typed value in the form that is stored: amounts as the reader's language writes them.
fn readable(language: obole_language::Language, rule: Rule, text: &str) -> Result<String, Refusal> {
    let value = if is_amount(rule) {
        obole_language::parse_amount(language, text, Currency::EUR)?.to_decimal(2)
    } else if rule == Rule::Fee {
        text.trim().trim_end_matches(['%', ' ', '\u{a0}']).replace(',', ".")
    } else {
        text.trim().to_owned()
    };
    Policy::obole().set(rule, &value).map(|()| value)
}

const fn is_amount(rule: Rule) -> bool {
    matches!(rule, Rule::BudgetMin | Rule::PayoutMin | Rule::SecondAdminAbove)
}

/// The text of a rule's name.
const fn key(rule: Rule) -> &'static str {
    match rule {
        Rule::PointsMax => "admin-rule-points-max",
        Rule::ClicksOnce => "admin-rule-clicks-once",
        Rule::BudgetMin => "admin-rule-budget-min",
        Rule::GiveToReceive => "admin-rule-give-to-receive",
        Rule::Unspent => "admin-rule-unspent",
        Rule::Fee => "admin-rule-fee",
        Rule::Registration => "admin-rule-registration",
        Rule::Invitations => "admin-rule-invitations",
        Rule::InviteFrom => "admin-rule-invite-from",
        Rule::Dislikes => "admin-rule-dislikes",
        Rule::PayoutMin => "admin-rule-payout-min",
        Rule::SecondAdminAbove => "admin-rule-second-admin-above",
    }
}

/// The text of a word that a rule can be set to.
fn choice_key(word: &str) -> Option<&'static str> {
    Some(match word {
        "yes" => "admin-choice-yes",
        "no" => "admin-choice-no",
        "choice" => "admin-choice-choice",
        "pool" => "admin-choice-pool",
        "open" => "admin-choice-open",
        "invitation" => "admin-choice-invitation",
        "closed" => "admin-choice-closed",
        _ => return None,
    })
}

/// A stored value as a person of this language types it.
fn typed_value(visitor: &Visitor, rule: Rule, policy: &Policy) -> String {
    let value = policy.get(rule);
    let is_decimal = is_amount(rule) || rule == Rule::Fee;
    if is_decimal && visitor.language == Language::French {
        return value.replace('.', ",");
    }
    value
}

/// A stored value in words.
fn shown(visitor: &Visitor, rule: Rule, value: &str) -> String {
    if let Some(key) = choice_key(value) {
        return visitor.text(key);
    }
    if is_amount(rule) {
        let main = visitor.app.main_currency();
        let amount = obole_domain::Micros::parse(value, 6).unwrap_or_default();
        return obole_language::money(visitor.language, Money::new(amount, main));
    }
    if rule == Rule::Fee { format!("{value}\u{a0}%") } else { value.to_owned() }
}

async fn page(admin: &Admin, form: Filled) -> Result<PolicyPage, Problem> {
    let policy =
        admin.app.read((), |read, ()| Box::pin(async move { Ok(settings::policy(read).await?) }));
    let policy: Policy = policy.await?;
    Ok(PolicyPage {
        page: admin.page(Place::Admin, admin.text("admin-tab-policy")),
        rules: Rule::ALL.iter().map(|rule| row(admin, *rule, &policy, &form)).collect(),
        presets: PRESETS.iter().map(|name| preset(admin, name, &policy)).collect(),
        form,
    })
}

fn row(admin: &Admin, rule: Rule, policy: &Policy, form: &Filled) -> Row {
    let typed = form.value(rule.name());
    let choices = rule.choices().iter();
    Row {
        rule,
        name: admin.text(key(rule)),
        value: if typed.is_empty() { typed_value(admin, rule, policy) } else { typed.to_owned() },
        error: form.error(rule.name()).to_owned(),
        unit: match rule {
            Rule::Fee => "%".to_owned(),
            rule if is_amount(rule) => admin.app.main_currency().code().to_owned(),
            _ => String::new(),
        },
        choices: choices.map(|word| (*word, shown(admin, rule, word))).collect(),
    }
}

/// What a preset would change.
fn preset(admin: &Admin, name: &'static str, now: &Policy) -> Preset {
    let then = Policy::preset(name).unwrap_or_else(Policy::obole);
    let changed = Rule::ALL.iter().filter(|rule| now.get(**rule) != then.get(**rule));
    let changes = changed.map(|rule| {
        let value = |policy: &Policy| shown(admin, *rule, &policy.get(*rule));
        (admin.text(key(*rule)), value(now), value(&then))
    });
    Preset { name, changes: changes.collect() }
}
