//! `GET /things/search` (research/flattr-api-v2.md section 7.4): among the works that somebody
//! controls, for what is only clicked is nobody's business (P2).

use std::cmp::Reverse;

use obole_domain::CanonicalUrl;
use obole_domain::tag_expression::TagExpression;
use obole_domain::work_details::{Category, Tags, WorkLanguage};
use obole_store::work_details::{self, DetailedWork, Listed};
use serde_json::json;

use super::asked::{Answer, Asked, ok};
use super::fault::Fault;
use super::fields::Fields;
use super::gather::Gathered;
use super::shapes::Thing;
use super::users;

/// How many works are looked at: the newest of those that the texts fit.
const SEARCHED_MAX: i64 = 1_000;

/// The longest text that is searched for, in characters.
const TEXT_MAX: usize = 200;

/// `GET /things/search`
pub async fn search(asked: Asked) -> Answer {
    let found = found(&asked).await?;
    let filter = Filter::of(&asked.fields);
    let mut found: Vec<DetailedWork> = found.into_iter().filter(|one| filter.admits(one)).collect();
    let total = found.len();
    if asked.fields.get("sort").starts_with("flattrs") {
        let gathered = Gathered::of_found(&asked, found.clone()).await?;
        found.sort_by_key(|one| Reverse(gathered.count(one.work.id)));
    }
    let offset = usize::try_from(asked.fields.offset()).unwrap_or(usize::MAX);
    let count = usize::try_from(asked.fields.count()).unwrap_or_default();
    let page: Vec<DetailedWork> = found.into_iter().skip(offset).take(count).collect();
    let ids: Vec<_> = page.iter().map(|one| one.work.id).collect();
    let gathered = Gathered::of_found(&asked, page).await?;
    let things: Vec<Thing> = ids.into_iter().filter_map(|work| gathered.thing(work)).collect();
    ok(&json!({
        "total_items": total,
        "items": things.len(),
        "page": asked.fields.page(),
        "things": things,
    }))
}

async fn found(asked: &Asked) -> Result<Vec<DetailedWork>, Fault> {
    let text: String = asked.fields.get("query").chars().take(TEXT_MAX).collect();
    let owner = match asked.fields.get("user") {
        "" => None,
        // Nobody of this name has things.
        name => match users::named(asked, name).await {
            Ok(row) => Some(row.id),
            Err(fault) if fault == Fault::user_missing() => return Ok(Vec::new()),
            Err(fault) => return Err(fault),
        },
    };
    let containing = Some(text).filter(|text| !text.is_empty());
    let listed = Listed { containing, owner, is_newest_first: true, ..Listed::default() };
    let found = asked.app().read(listed, |read, listed| {
        Box::pin(async move { Ok(work_details::listed(read, listed, None, SEARCHED_MAX).await?) })
    });
    Ok(found.await?)
}

/// What is asked besides the texts.
struct Filter {
    url: Option<Option<CanonicalUrl>>,
    tags: TagExpression,
    languages: Option<Vec<WorkLanguage>>,
    categories: Option<Vec<Category>>,
}

impl Filter {
    fn of(fields: &Fields) -> Self {
        let given = |name: &str| fields.find(name).filter(|text| !text.is_empty());
        Self {
            url: given("url").map(|url| CanonicalUrl::parse(url).ok()),
            tags: TagExpression::parse(fields.get("tags")),
            languages: given("language").map(|list| all(list, WorkLanguage::parse)),
            categories: given("category").map(|list| all(list, Category::parse)),
        }
    }

    fn admits(&self, one: &DetailedWork) -> bool {
        let details = one.said.as_ref().map(|said| said.details.clone()).unwrap_or_default();
        let tags: &Tags = &details.tags;
        let is_url = self.url.as_ref().is_none_or(|url| url.as_ref() == Some(&one.work.url));
        let is_language =
            self.languages.as_ref().is_none_or(|list| list.contains(&details.language));
        let is_category =
            self.categories.as_ref().is_none_or(|list| list.contains(&details.category));
        is_url && is_language && is_category && self.tags.holds(tags)
    }
}

/// Words with commas between; those that are none are left out.
fn all<T>(list: &str, parse: impl Fn(&str) -> Option<T>) -> Vec<T> {
    list.split(',').filter_map(parse).collect()
}
