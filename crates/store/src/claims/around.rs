//! Which claims reach an address, and which reach into each other.

use obole_domain::claim::{Contender, Reach, foremost};
use obole_domain::{CanonicalUrl, WorkId};

use crate::db::{Read, Value};
use crate::error::StoreResult;

use super::{ClaimRow, claim_at, claims, host_key};

/// The most claims inside of another that are looked at together.
const INSIDE_MAX: i64 = 1_000;

/// The claim of just this reach that stands.
pub async fn standing_at(read: &mut Read, reach: &Reach) -> StoreResult<Option<ClaimRow>> {
    let select = claims!(
        "from claims c join works w on w.id = c.work join accounts a on a.id = c.account
        where c.reach = $1 and c.state in ('proven', 'stale')"
    );
    select.bind(reach.key()).fetch_optional(read, claim_at).await
}

/// The claim that decides whose a page is, whether or not it is known as a work.
pub async fn reaching(read: &mut Read, url: &CanonicalUrl) -> StoreResult<Option<ClaimRow>> {
    let nobodys = (WorkId::new(uuid::Uuid::nil()), url.clone());
    let claims = deciding_each(read, &[nobodys]).await?.pop().unwrap_or_default();
    Ok(decides(&claims).cloned())
}

/// The claim that decides among some that stand; none of none.
#[must_use]
pub fn decides(claims: &[ClaimRow]) -> Option<&ClaimRow> {
    let contenders: Vec<Contender> = claims.iter().map(ClaimRow::contender).collect();
    let first = foremost(&contenders)?.id;
    claims.iter().find(|claim| claim.id == first)
}

/// The claims that stand and reach an address, of each address.
pub async fn deciding_each(
    read: &mut Read,
    works: &[(WorkId, CanonicalUrl)],
) -> StoreResult<Vec<Vec<ClaimRow>>> {
    let reaches: Vec<Vec<String>> =
        works.iter().map(|(_, url)| Reach::around(url).iter().map(Reach::key).collect()).collect();
    let mut keys: Vec<&String> = reaches.iter().flatten().collect();
    keys.sort_unstable();
    keys.dedup();
    let rows: Vec<Vec<Value>> = keys.iter().map(|key| vec![key.as_str().into()]).collect();
    let select = claims!(
        "from claims c join works w on w.id = c.work join accounts a on a.id = c.account
        where c.reach = $1 and c.state in ('proven', 'stale')"
    );
    let found: Vec<Option<ClaimRow>> = select.fetch_many(read, &rows, claim_at).await?;
    let found: Vec<ClaimRow> = found.into_iter().flatten().collect();
    let of = |reaches: &Vec<String>| {
        let claims = found.iter().filter(|claim| reaches.contains(&claim.reach.key()));
        claims.cloned().collect()
    };
    Ok(reaches.iter().map(of).collect())
}

/// The claims that are proven, decided or not, and reach into another's reach: those around it and
/// those inside of it.
pub async fn overlapping(read: &mut Read, reach: &Reach) -> StoreResult<Vec<ClaimRow>> {
    let (key, end) = span(reach.host());
    let inside = claims!(
        "from claims c join works w on w.id = c.work join accounts a on a.id = c.account
        where c.host_key >= $1 and c.host_key < $2
            and c.state in ('proven', 'stale', 'contested')
        order by c.id
        limit $3"
    );
    let inside = inside.bind(key.as_str()).bind(end).bind(INSIDE_MAX);
    let mut found = inside.fetch_all(read, claim_at).await?;
    let around: Vec<Vec<Value>> = Reach::around(&reach.root())
        .iter()
        .filter(|around| host_key(around.host()) != key)
        .map(|around| vec![around.key().into()])
        .collect();
    let select = claims!(
        "from claims c join works w on w.id = c.work join accounts a on a.id = c.account
        where c.reach = $1 and c.state in ('proven', 'stale')"
    );
    found.extend(select.fetch_many(read, &around, claim_at).await?.into_iter().flatten());
    found.retain(|claim| reach.holds(&claim.reach) || claim.reach.holds(reach));
    Ok(found)
}

/// The claims that wait for another one's end and reach all of a reach: the same or more.
pub async fn contested_around(read: &mut Read, reach: &Reach) -> StoreResult<Vec<ClaimRow>> {
    let mut found = Vec::new();
    for around in Reach::around(&reach.root()).into_iter().filter(|around| around.holds(reach)) {
        let select = claims!(
            "from claims c join works w on w.id = c.work join accounts a on a.id = c.account
            where c.reach = $1 and c.state = 'contested'
            order by c.id"
        );
        found.extend(select.bind(around.key()).fetch_all(read, claim_at).await?);
    }
    Ok(found)
}

/// The keys of a name and of the hosts below it: from the first on, before the second.
pub(super) fn span(host: &str) -> (String, String) {
    let key = host_key(host);
    // A dot ends each label, and a slash is the next letter.
    let end = format!("{}/", key.strip_suffix('.').unwrap_or(&key));
    (key, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_names_span_holds_what_is_below_it_only() {
        let (from, to) = span("example.org");
        let is_within = |host: &str| {
            let key = host_key(host);
            from <= key && key < to
        };
        assert!(is_within("example.org") && is_within("a.b.example.org"));
        assert!(!is_within("example.com") && !is_within("examples.org") && !is_within("org"));
    }
}
