//! What accounts say about works: read beside the work, searched, listed by account.

use jiff::Timestamp;
use obole_domain::work_details::{Category, Tags, WorkDetails, WorkLanguage};
use obole_domain::{AccountId, WorkId};

use crate::db::{Read, Row, Tx, Value, sql};
use crate::error::{StoreError, StoreResult};
use crate::works::{WorkRow, work_at};

/// What an account says about a work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DetailsRow {
    /// Whose words.
    pub account: AccountId,
    /// What it says.
    pub details: WorkDetails,
    /// Since when.
    pub created_at: Timestamp,
    /// When that last changed.
    pub updated_at: Timestamp,
}

/// A work with what is said about it, to who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DetailedWork {
    /// The work.
    pub work: WorkRow,
    /// What its owner says; of a work without an owner, what who asks says.
    pub said: Option<DetailsRow>,
}

impl DetailedWork {
    /// Whose work it is to who asks: its owner's, or theirs who describe it.
    #[must_use]
    pub fn holder(&self) -> Option<AccountId> {
        self.work.owner.or(self.said.as_ref().map(|said| said.account))
    }

    /// Whether lists leave it out.
    #[must_use]
    pub fn is_hidden(&self) -> bool {
        self.said.as_ref().is_some_and(|said| said.details.is_hidden)
    }
}

/// The columns of a row that begins at one.
fn details_at(row: &Row<'_>, first: usize) -> StoreResult<Option<DetailsRow>> {
    let Some(account) = row.get::<Option<AccountId>>(first)? else { return Ok(None) };
    let corrupt = |column: &str| StoreError::Corrupt(format!("work_details.{column}"));
    let tags: String = row.get(first + 3)?;
    let (category, language): (String, String) = (row.get(first + 4)?, row.get(first + 5)?);
    let details = WorkDetails {
        title: row.get(first + 1)?,
        description: row.get(first + 2)?,
        tags: Tags::parse(&tags),
        category: Category::parse(&category).ok_or_else(|| corrupt("category"))?,
        language: WorkLanguage::parse(&language).ok_or_else(|| corrupt("language"))?,
        is_hidden: row.get(first + 6)?,
    };
    let (created_at, updated_at) = (row.get(first + 7)?, row.get(first + 8)?);
    Ok(Some(DetailsRow { account, details, created_at, updated_at }))
}

/// The columns of a work before those of its details.
const WORK_COLUMNS: usize = 7;

fn detailed_at(row: &Row<'_>) -> StoreResult<DetailedWork> {
    Ok(DetailedWork { work: work_at(row)?, said: details_at(row, WORK_COLUMNS)? })
}

/// Some works as they are told to who asks; those that are not known are left out.
pub async fn find_each(
    read: &mut Read,
    asker: Option<AccountId>,
    works: &[WorkId],
) -> StoreResult<Vec<DetailedWork>> {
    let select = sql("
        select w.id, w.url, w.title, w.owner, a.handle, w.refused_at, w.created_at,
            d.account, d.title, d.description, d.tags, d.category, d.language, d.is_hidden,
            d.created_at, d.updated_at
        from works w
        left join accounts a on a.id = w.owner
        left join work_details d
            on d.work = w.id and d.account = coalesce(w.owner, cast($1 as uuid))
                and w.hidden_at is null
        where w.id = $2");
    let rows: Vec<Vec<Value>> =
        works.iter().map(|work| vec![asker.into(), (*work).into()]).collect();
    Ok(select.fetch_many(read, &rows, detailed_at).await?.into_iter().flatten().collect())
}

/// What is asked of a list of an account's works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListOf {
    /// Whose works.
    pub account: AccountId,
    /// Whether the account itself asks: then what is hidden or not proven yet is there too.
    pub is_own: bool,
    /// How many to pass over.
    pub offset: i64,
    /// How many at most.
    pub limit: i64,
}

/// The works of an account, newest first.
pub async fn of_account(read: &mut Read, asked: ListOf) -> StoreResult<Vec<DetailedWork>> {
    let select = sql("
        select w.id, w.url, w.title, w.owner, a.handle, w.refused_at, w.created_at,
            d.account, d.title, d.description, d.tags, d.category, d.language, d.is_hidden,
            d.created_at, d.updated_at
        from (
            select w.id, coalesce(w.owned_at, w.created_at) as at from works w where w.owner = $1
            union all
            select d.work, d.created_at as at
            from work_details d
            join works w on w.id = d.work
            where d.account = $1 and w.owner is null and $2) l
        join works w on w.id = l.id
        left join accounts a on a.id = w.owner
        left join work_details d on d.work = w.id and d.account = $1 and w.hidden_at is null
        where $2 or (w.refused_at is null and w.hidden_at is null and not coalesce(d.is_hidden, $5))
        order by l.at desc, w.id desc
        limit $4 offset $3");
    let select = select.bind(asked.account).bind(asked.is_own).bind(asked.offset);
    select.bind(asked.limit).bind(false).fetch_all(read, detailed_at).await
}

/// What is asked of the list of works.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// A text in address, title, description, tags or handle.
    pub containing: Option<String>,
    /// Of which account.
    pub owner: Option<AccountId>,
    /// A tag, in small or large letters.
    pub tag: Option<String>,
    /// A kind of works.
    pub category: Option<Category>,
    /// A language of works.
    pub language: Option<WorkLanguage>,
    /// Whether the newest come first, not the oldest.
    pub is_newest_first: bool,
}

/// The works that somebody controls and collects for, by when they came into being, after one. What
/// is only clicked is nobody's business (P2).
pub async fn listed(
    read: &mut Read,
    asked: &Listed,
    after: Option<WorkId>,
    limit: i64,
) -> StoreResult<Vec<DetailedWork>> {
    let end = if asked.is_newest_first { uuid::Uuid::max() } else { uuid::Uuid::nil() };
    let select = sql("
        select w.id, w.url, w.title, w.owner, a.handle, w.refused_at, w.created_at,
            d.account, d.title, d.description, d.tags, d.category, d.language, d.is_hidden,
            d.created_at, d.updated_at
        from works w
        join accounts a on a.id = w.owner
        left join work_details d on d.work = w.id and d.account = w.owner
        where w.refused_at is null and a.suspended_at is null and w.hidden_at is null
            and not coalesce(d.is_hidden, $8)
            and ((cast($7 as boolean) and w.id < $5) or (not cast($7 as boolean) and w.id > $5))
            and (cast($1 as text) is null
                or lower(w.url) like lower($1) escape '\\'
                or lower(w.title) like lower($1) escape '\\'
                or lower(coalesce(d.description, '')) like lower($1) escape '\\'
                or lower(coalesce(d.tags, '')) like lower($1) escape '\\'
                or a.handle like lower($1) escape '\\')
            and (cast($9 as uuid) is null or w.owner = $9)
            and (cast($2 as text) is null
                or (',' || lower(d.tags) || ',') like lower($2) escape '\\')
            and (cast($3 as text) is null or d.category = $3)
            and (cast($4 as text) is null or d.language = $4)
        order by case when cast($7 as boolean) then w.id end desc, w.id
        limit $6");
    let select = select.bind(asked.containing.as_deref().map(|text| like("%", text)));
    let select = select.bind(asked.tag.as_deref().map(|text| like("%,", text)));
    let select = select.bind(asked.category.map(Category::code));
    let select = select.bind(asked.language.map(WorkLanguage::code));
    let select = select.bind(after.map_or(end, WorkId::uuid)).bind(limit);
    let select = select.bind(asked.is_newest_first).bind(false).bind(asked.owner);
    select.fetch_all(read, detailed_at).await
}

/// A pattern that holds a text between these.
fn like(around: &str, text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    let end: String = around.chars().rev().collect();
    format!("{around}{escaped}{end}")
}

/// What an account says about a work.
pub async fn find(
    read: &mut Read,
    work: WorkId,
    account: AccountId,
) -> StoreResult<Option<DetailsRow>> {
    let select = sql("
        select account, title, description, tags, category, language, is_hidden, created_at,
            updated_at
        from work_details
        where work = $1 and account = $2");
    let found = select.bind(work).bind(account);
    let found = found.fetch_optional(read, |row| details_at(row, 0)).await?;
    Ok(found.flatten())
}

/// Says something about a work for an account, in place of what it said before.
pub async fn save(
    tx: &mut Tx,
    of: (WorkId, AccountId),
    details: &WorkDetails,
    now: Timestamp,
) -> StoreResult<()> {
    let upsert = sql("
        insert into work_details (work, account, title, description, tags, category, language,
            is_hidden, created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
        on conflict (work, account) do update set title = excluded.title,
            description = excluded.description, tags = excluded.tags,
            category = excluded.category, language = excluded.language,
            is_hidden = excluded.is_hidden, updated_at = excluded.updated_at");
    let upsert = upsert.bind(of.0).bind(of.1).bind(&details.title).bind(&details.description);
    let upsert = upsert.bind(details.tags.print()).bind(details.category.code());
    let upsert = upsert.bind(details.language.code()).bind(details.is_hidden).bind(now);
    upsert.execute(tx).await.map(|_| ())
}

/// Says something about a work for an account that has said nothing yet; false where it has.
pub async fn begin(tx: &mut Tx, of: (WorkId, AccountId), now: Timestamp) -> StoreResult<bool> {
    let none = WorkDetails::default();
    let insert = sql("
        insert into work_details (work, account, title, description, tags, category, language,
            is_hidden, created_at, updated_at)
        values ($1, $2, '', '', '', $3, $4, $5, $6, $6)
        on conflict (work, account) do nothing");
    let insert = insert.bind(of.0).bind(of.1).bind(none.category.code());
    let insert = insert.bind(none.language.code()).bind(none.is_hidden).bind(now);
    Ok(insert.execute(tx).await? == 1)
}

/// Forgets what an account said about a work; false where it said nothing.
pub async fn forget(tx: &mut Tx, work: WorkId, account: AccountId) -> StoreResult<bool> {
    let delete = sql("delete from work_details where work = $1 and account = $2");
    Ok(delete.bind(work).bind(account).execute(tx).await? == 1)
}
