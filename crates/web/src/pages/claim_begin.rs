//! The wizard of claims: which proofs can work for an address, how far each reaches, what waits
//! there; and beginning one (C1, C2).

use askama::Template;
use obole_app::audit_log::Actor;
use obole_app::clicks::Target;
use obole_app::{claims, teams};
use obole_domain::claim::{ClaimMethod, Obstacle, Reach, ways};
use obole_domain::{AccountId, CanonicalUrl, Refusal, public_count};
use obole_store::claims::{ClaimRow, reaching};

use crate::address::with_query;
use crate::answer::{self, Answer, see_other};
use crate::form::{Filled, Form, Query};
use crate::page::{Page, Place};
use crate::problem::Problem;
use crate::visitor::{Patron, Visitor};

#[derive(Template)]
#[template(path = "pages/claim_begin.html")]
struct WizardPage {
    page: Page,
    form: Filled,
    /// What was refused of a kind of proof.
    problems: Vec<String>,
    /// The address that is claimed; empty before one is typed.
    url: String,
    /// Who controls it by now, and by what.
    stands: Option<(String, String)>,
    /// What waits there.
    waits: String,
    ways: Vec<Offer>,
    /// What cannot work here, and why.
    obstacles: Vec<(String, String)>,
    /// For whom one can claim: oneself and one's teams; empty where there is no choice.
    whose: Vec<(String, String)>,
    contact: String,
    sign_up: String,
    sign_in: String,
}

/// A kind of proof that can work.
struct Offer {
    method: &'static str,
    title: String,
    about: String,
    /// How strong it is: a word for people.
    strength: String,
    /// How far it can reach: the stored text, and a sentence.
    reaches: Vec<(String, String)>,
}

/// `GET /claim?url=`
pub async fn show(visitor: Visitor, Query(mut query): Query) -> Answer {
    let is_asked = query.has("url");
    let url = if is_asked { query.read("url", CanonicalUrl::parse) } else { None };
    let page = page(&visitor, url, query.filled()).await?;
    if query.is_well() { answer::html(&page) } else { answer::unprocessable(&page) }
}

/// `POST /claim`
pub async fn begin(patron: Patron, mut form: Form) -> Answer {
    let url = form.read("url", CanonicalUrl::parse);
    let method =
        form.read("method", |text| ClaimMethod::from_code(text).ok_or(Refusal::ProofImpossible {}));
    let reach = Reach::from_key(form.text("reach"));
    let account = patron.account();
    let whose = AccountId::parse(form.text("whose")).unwrap_or(account);
    if let Some((url, method)) = url.clone().zip(method) {
        let target = (Target::Url(url), method, reach);
        match claims::begin(&patron.app, (Actor::Page(account), whose), target).await {
            Ok(begun) => return Ok(see_other(&format!("/claims/mine/{}", begun.claim))),
            Err(error) => form.refused(error)?,
        }
    }
    answer::unprocessable(&page(&patron, url, form.filled()).await?)
}

async fn page(
    visitor: &Visitor,
    url: Option<CanonicalUrl>,
    form: Filled,
) -> Result<WizardPage, Problem> {
    let stands = match &url {
        Some(url) => standing(visitor, url.clone()).await?,
        None => None,
    };
    let waits = match &url {
        Some(url) if stands.is_none() => waits(visitor, url.clone()).await?,
        _ => String::new(),
    };
    let (offers, obstacles) = url.as_ref().map(|url| offers(visitor, url)).unwrap_or_default();
    let back = url.as_ref().map(|url| with_query("/claim", &[("url", url.as_str())]));
    let back = back.unwrap_or_default();
    Ok(WizardPage {
        page: visitor.page(Place::Elsewhere, visitor.text("claiming-title")),
        problems: form.others(&["url"]).into_iter().map(str::to_owned).collect(),
        form,
        stands: stands.map(|claim| (claim.handle.to_string(), claim.reach.to_string())),
        waits,
        ways: offers,
        obstacles,
        whose: whose(visitor).await?,
        contact: visitor.app.config().instance.contact.clone(),
        sign_up: with_query("/sign-up", &[("back", &back)]),
        sign_in: with_query("/sign-in", &[("back", &back)]),
        url: url.map(|url| url.to_string()).unwrap_or_default(),
    })
}

/// For whom somebody can claim, where they act for more than themselves: ids and names.
async fn whose(visitor: &Visitor) -> Result<Vec<(String, String)>, Problem> {
    let Some(session) = &visitor.session else { return Ok(Vec::new()) };
    let acting = teams::acting(&visitor.app, session.account).await?;
    if acting.len() < 2 {
        return Ok(Vec::new());
    }
    let name = |one: &teams::Acting| match &one.team {
        Some(team) => format!("{} @{}", team.name, team.handle).trim().to_owned(),
        None => format!("@{}", session.handle),
    };
    Ok(acting.iter().map(|one| (one.account.to_string(), name(one))).collect())
}

/// The claim that decides whose a page is, whether or not anybody has clicked on it yet.
async fn standing(visitor: &Visitor, url: CanonicalUrl) -> Result<Option<ClaimRow>, Problem> {
    let found =
        visitor.app.read(url, |read, url| Box::pin(async move { Ok(reaching(read, url).await?) }));
    Ok(found.await?)
}

/// How many patrons wait, and roughly with how much; from five on, rounded (P2).
async fn waits(visitor: &Visitor, url: CanonicalUrl) -> Result<String, Problem> {
    let Some(waiting) = claims::waiting(&visitor.app, url).await? else {
        return Ok(String::new());
    };
    let Some(patrons) = public_count(waiting.patrons) else {
        return Ok(visitor.text("claiming-waits-few"));
    };
    let amounts = waiting.amounts.iter().filter_map(|money| {
        let rough = claims::roughly(*money)?;
        Some(obole_language::money(visitor.language, rough))
    });
    let amounts = amounts.collect::<Vec<_>>().join(" + ");
    let patrons = obole_language::number(visitor.language, patrons);
    Ok(if amounts.is_empty() {
        visitor.with("claiming-waits", &[("patrons", patrons.into())])
    } else {
        let values = [("patrons", patrons.into()), ("amount", amounts.into())];
        visitor.with("claiming-waits-amount", &values)
    })
}

fn offers(visitor: &Visitor, url: &CanonicalUrl) -> (Vec<Offer>, Vec<(String, String)>) {
    let (mut offers, mut obstacles) = (Vec::new(), Vec::new());
    for (method, found) in ways(url) {
        let title = visitor.text(title(method));
        match found {
            Ok(ways) => offers.push(Offer {
                method: method.code(),
                title,
                about: visitor.text(about(method)),
                strength: visitor.text(strength(method)),
                reaches: ways.iter().map(|way| reach(visitor, &way.reach)).collect(),
            }),
            Err(obstacle) => obstacles.push((title, visitor.text(why(obstacle)))),
        }
    }
    (offers, obstacles)
}

fn reach(visitor: &Visitor, reach: &Reach) -> (String, String) {
    let key = match reach {
        Reach::Name(_) => "claiming-reach-name",
        Reach::Below(root) if root.path() == "/" => "claiming-reach-site",
        Reach::Below(_) => "claiming-reach-below",
        Reach::Page(_) => "claiming-reach-page",
    };
    (reach.key(), visitor.with(key, &[("place", reach.to_string().into())]))
}

/// The key of what a kind of proof is called.
pub(super) const fn title(method: ClaimMethod) -> &'static str {
    match method {
        ClaimMethod::Operator => "claiming-operator",
        ClaimMethod::Dns => "claiming-dns",
        ClaimMethod::File => "claiming-file",
        ClaimMethod::Funding => "claiming-funding",
        ClaimMethod::Meta => "claiming-meta",
        ClaimMethod::RelMe => "claiming-rel-me",
    }
}

const fn about(method: ClaimMethod) -> &'static str {
    match method {
        ClaimMethod::Operator => "claiming-operator",
        ClaimMethod::Dns => "claiming-dns-about",
        ClaimMethod::File => "claiming-file-about",
        ClaimMethod::Funding => "claiming-funding-about",
        ClaimMethod::Meta => "claiming-meta-about",
        ClaimMethod::RelMe => "claiming-rel-me-about",
    }
}

const fn strength(method: ClaimMethod) -> &'static str {
    match method.strength() {
        3.. => "claiming-strongest",
        2 => "claiming-strong",
        _ => "claiming-weak",
    }
}

const fn why(obstacle: Obstacle) -> &'static str {
    match obstacle {
        Obstacle::Shared => "claiming-not-shared",
        Obstacle::Nameless => "claiming-not-nameless",
        Obstacle::Plain => "claiming-not-plain",
        Obstacle::Elsewhere => "claiming-not-elsewhere",
    }
}
