-- Claims by proof (security.md section 9). A claim reaches a name, a site or a page: every work there
-- is its account's. `work` is where its claimant stood when it was begun.

alter table works add column claim uuid;
alter table works add column host_key text;

create index works_claim on works (claim) where claim is not null;
create index works_host on works (host_key);
create index works_without_host on works (id) where host_key is null;

alter table claims add column reach text not null default '';
alter table claims add column host_key text not null default '';
alter table claims add column state text not null default 'proven';
alter table claims add column token text not null default '';
alter table claims add column proven_at bigint;
alter table claims add column confirmed_at bigint;
alter table claims add column found_at bigint;
alter table claims add column gone_times bigint not null default 0;
alter table claims add column gone_since bigint;
alter table claims add column stale_at bigint;
alter table claims add column finding text not null default '';
alter table claims add column checked_at bigint;
alter table claims add column next_check_at bigint;
alter table claims add column left_by uuid;
alter table claims add column yields_to uuid;
alter table claims add column yields_at bigint;
alter table claims add column spread_after text;

update claims set reach = 'page:' || (select url from works where works.id = claims.work),
    proven_at = created_at, confirmed_at = created_at;
update claims set state = 'lost' where ended_at is not null;
update works set claim = (
    select c.id from claims c where c.work = works.id and c.ended_at is null)
where owner is not null;

drop index claims_standing;
create unique index claims_standing on claims (reach) where state in ('proven', 'stale');
create index claims_host on claims (host_key, state);
create index claims_due on claims (next_check_at) where next_check_at is not null;
create index claims_spreading on claims (id) where spread_after is not null;
create index claims_yielding on claims (yields_at) where yields_at is not null;
