-- Reports of works and accounts, what was decided and whether it was appealed (product.md
-- section 6); what names look like (security.md C8).

-- Whose words are hidden, and since when. The words themselves wait in the report.
alter table works add column hidden_at bigint;
alter table accounts add column hidden_at bigint;

-- When the names of an account were last compared with others'; none when they are new.
alter table accounts add column compared_at bigint;

create index accounts_uncompared on accounts (id) where compared_at is null;

create table looks (
    look text not null,
    account uuid not null references accounts (id),
    primary key (look, account)
) /*strict, clustered*/;

create index looks_account on looks (account);

create table reports (
    id uuid not null primary key,
    -- What is reported: a work, or an account and its name.
    work uuid references works (id),
    account uuid references accounts (id),
    -- Whom a decision concerns: the account, or the work's owner.
    concerns uuid references accounts (id),
    why text not null,
    words text not null,
    -- None: the instance itself.
    reported_by uuid references accounts (id),
    reported_at bigint not null,
    state text not null check (state in ('waiting', 'kept', 'hidden', 'suspended')),
    -- What was hidden, to be shown again if an appeal is granted.
    hidden_words text not null default '',
    reason text not null default '',
    decided_by uuid,
    decided_at bigint,
    -- Of the link by which whom it concerns appeals, signed in or not.
    appeal_hash bytea unique,
    appeal_state text not null check (appeal_state in ('none', 'waiting', 'granted', 'rejected')),
    appeal text not null default '',
    appealed_at bigint,
    appeal_reason text not null default '',
    appeal_decided_by uuid,
    appeal_decided_at bigint,
    constraint reports_of_one check ((work is null) <> (account is null))
) /*strict*/;

create unique index reports_work_once on reports (work, reported_by)
    where state = 'waiting' and work is not null;
create unique index reports_account_once on reports (account, reported_by)
    where state = 'waiting' and account is not null;
create index reports_waiting on reports (reported_at)
    where state = 'waiting' or appeal_state = 'waiting';
create index reports_reporter on reports (reported_by, reported_at);
create index reports_concerns on reports (concerns) where concerns is not null;
create index reports_work on reports (work) where work is not null;
create index reports_account on reports (account) where account is not null;
