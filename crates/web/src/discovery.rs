//! `/.well-known/obole`: what the instance is, its rules in numbers and where its doors are, for
//! programs that know nothing but its name.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use obole_app::App;
use obole_domain::policy::{CARRIES_MAX, PROMISE_MONTHS, Rule};
use obole_domain::{Currency, Micros, Policy};
use obole_language::Language;
use serde::Serialize;

use crate::api::money::Money;
use crate::pages::clicks_change::policy;
use crate::problem::Problem;
use crate::tagged::{Kind, for_every_site, sentence, tagged};

const JSON: Kind = Kind { media: "application/json", caching: "public, max-age=300" };

/// The doors: what programs call them, and where they are below the base URL, as URI templates
/// (RFC 6570).
const DOORS: [(&str, &str); 19] = [
    ("api", "/api/v1"),
    ("button_script", "/button.js"),
    ("button_svg", "/button/{size}.svg{?url,lang,count}"),
    ("claim", "/claim{?url}"),
    ("feed_creator", "/feed/creator/{handle}{?lang}"),
    ("feed_works", "/feed/works{?lang}"),
    ("give", "/give{?url,points,title}"),
    ("how", "/how"),
    ("oauth", "/.well-known/oauth-authorization-server"),
    ("oembed", "/oembed{?url,format,maxwidth,maxheight,lang}"),
    ("openapi", "/api/v1/openapi.json"),
    ("profile", "/@{handle}"),
    ("security", "/.well-known/security.txt"),
    ("settlement", "/settlements/{period}"),
    ("settlements", "/settlements"),
    ("sign_up", "/sign-up"),
    ("source", "/source"),
    ("submit_auto", "/submit/auto{?url,title}"),
    ("work", "/w/{id}"),
];

/// The description.
#[derive(Serialize)]
struct Instance {
    software: &'static str,
    version: &'static str,
    name: String,
    operator: String,
    contact: String,
    base_url: String,
    languages: Vec<&'static str>,
    time_zone: String,
    currencies: Vec<CurrencyShape>,
    is_play_money: bool,
    has_public_counters: bool,
    policy: Rules,
    links: BTreeMap<&'static str, String>,
}

#[derive(Serialize)]
struct CurrencyShape {
    code: String,
    decimals: u8,
}

/// The operator's rules (product.md section 5).
#[derive(Serialize)]
struct Rules {
    fee_percent: String,
    budget_min: Vec<Money>,
    payout_min: Vec<Money>,
    points_max: i64,
    is_one_click: bool,
    is_give_to_receive: bool,
    unspent: String,
    registration: String,
    has_dislikes: bool,
    carries_max: i64,
    promise_months: i32,
}

/// `GET /.well-known/obole`
pub async fn show(State(app): State<App>, headers: HeaderMap) -> Response {
    for_every_site(match described(&app).await {
        Ok(text) => tagged(&headers, JSON, text),
        Err(problem) => sentence(&problem, Language::English),
    })
}

async fn described(app: &App) -> Result<String, Problem> {
    let config = app.config();
    let base = config.base_url();
    let currency = |currency: &Currency| CurrencyShape {
        code: currency.code().to_owned(),
        decimals: currency.decimals(),
    };
    let instance = Instance {
        software: "obole",
        version: env!("CARGO_PKG_VERSION"),
        name: config.instance.name.clone(),
        operator: config.instance.operator.clone(),
        contact: config.instance.contact.clone(),
        languages: Language::ALL.into_iter().map(Language::code).collect(),
        time_zone: config.instance.time_zone.clone(),
        currencies: app.currencies().iter().map(currency).collect(),
        is_play_money: config.instance.play_money,
        has_public_counters: config.instance.public_counters,
        policy: rules(&policy(app).await?, app.currencies()),
        links: DOORS.into_iter().map(|(name, path)| (name, format!("{base}{path}"))).collect(),
        base_url: base,
    };
    serde_json::to_string_pretty(&instance).map_err(Problem::internal)
}

fn rules(policy: &Policy, currencies: &[Currency]) -> Rules {
    let each = |amount: Micros| {
        currencies.iter().map(|currency| Money::new(amount, *currency)).collect::<Vec<_>>()
    };
    Rules {
        fee_percent: policy.get(Rule::Fee),
        budget_min: each(policy.budget_min),
        payout_min: each(policy.payout_min),
        points_max: policy.points_max,
        is_one_click: policy.clicks_once,
        is_give_to_receive: policy.give_to_receive,
        unspent: policy.get(Rule::Unspent),
        registration: policy.get(Rule::Registration),
        has_dislikes: policy.dislikes,
        carries_max: CARRIES_MAX,
        promise_months: PROMISE_MONTHS,
    }
}
