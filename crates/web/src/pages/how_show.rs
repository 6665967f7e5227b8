//! How this instance works: its rules with its own numbers (product.md section 5), its currencies,
//! who runs it, what it promises.

use askama::Template;
use obole_app::App;
use obole_domain::policy::{Registration, Rule, Unspent};
use obole_domain::{Money, Policy};
use obole_language::{Arg, Language, text, text_with};

use crate::answer::{self, Answer};
use crate::page::{Page, Place};
use crate::pages::clicks_change::policy;
use crate::pictures::{Flow, flow};
use crate::preview::Preview;
use crate::visitor::Visitor;

#[derive(Template)]
#[template(path = "pages/how_show.html")]
struct HowPage {
    page: Page,
    flow: Flow,
    rules: Vec<(String, String)>,
    currencies: String,
    zone: String,
    operator: String,
    contact: String,
    version: &'static str,
}

/// `GET /how`
pub async fn show(visitor: Visitor) -> Answer {
    let policy = policy(&visitor.app).await?;
    let config = visitor.app.config();
    let codes: Vec<&str> =
        visitor.app.currencies().iter().map(obole_domain::Currency::code).collect();
    let rule = |rule: Rule| rule_words(visitor.language, &visitor.app, &policy, rule);
    let mut page = visitor.page(Place::How, visitor.text("layout-how"));
    page.description = visitor.text("landing-sentence");
    page.preview = Some(Preview::new(&visitor, "/how"));
    answer::html(&HowPage {
        flow: flow(visitor.language, visitor.app.main_currency()),
        rules: Rule::ALL.into_iter().map(rule).collect(),
        currencies: codes.join(", "),
        zone: config.instance.time_zone.clone(),
        operator: config.instance.operator.clone(),
        contact: config.instance.contact.clone(),
        version: env!("CARGO_PKG_VERSION"),
        page,
    })
}

/// A rule's name and its sentence with the instance's own number.
fn rule_words(language: Language, app: &App, policy: &Policy, rule: Rule) -> (String, String) {
    let say = |key| text(language, key);
    let with = |key, name: &str, value: Arg| text_with(language, key, &[(name, value)]);
    let either = |is, yes, no| say(if is { yes } else { no });
    let amounts = |amount| {
        let each = app.currencies().iter().map(|currency| Money::new(amount, *currency));
        let printed = each.map(|money| obole_language::money(language, money));
        Arg::from(printed.collect::<Vec<_>>().join(", "))
    };
    let (name, sentence) = match rule {
        Rule::PointsMax => {
            ("how-points-max", with("how-points-max-text", "count", policy.points_max.into()))
        }
        Rule::ClicksOnce => (
            "how-clicks-once",
            either(policy.clicks_once, "how-clicks-once-yes", "how-clicks-once-no"),
        ),
        Rule::BudgetMin => {
            ("how-budget-min", with("how-budget-min-text", "amount", amounts(policy.budget_min)))
        }
        Rule::GiveToReceive => (
            "how-give-to-receive",
            either(policy.give_to_receive, "how-give-to-receive-yes", "how-give-to-receive-no"),
        ),
        Rule::Unspent => {
            let is_pool = policy.unspent == Unspent::ToPool;
            ("how-unspent", either(is_pool, "how-unspent-pool", "how-unspent-choice"))
        }
        Rule::Fee => ("how-fee", with("how-fee-text", "fee", Arg::Percent(policy.fee_ppm))),
        Rule::Registration => {
            let key = match policy.registration {
                Registration::Open => "how-registration-open",
                Registration::Invitation => "how-registration-invitation",
                Registration::Closed => "how-registration-closed",
            };
            ("how-registration", say(key))
        }
        Rule::Invitations => {
            ("how-invitations", with("how-invitations-text", "count", policy.invitations.into()))
        }
        Rule::InviteFrom => {
            let never = policy.invite_from == 0;
            let often = with("how-invite-from-text", "count", policy.invite_from.into());
            ("how-invite-from", if never { say("how-invite-from-never") } else { often })
        }
        Rule::Dislikes => {
            ("how-dislikes", either(policy.dislikes, "how-dislikes-yes", "how-dislikes-no"))
        }
        Rule::PayoutMin => {
            ("how-payout-min", with("how-payout-min-text", "amount", amounts(policy.payout_min)))
        }
        Rule::SecondAdminAbove => {
            let above = amounts(policy.second_admin_above);
            ("how-second-admin", with("how-second-admin-text", "amount", above))
        }
    };
    (say(name), sentence)
}
