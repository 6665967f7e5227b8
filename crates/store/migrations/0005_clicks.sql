-- Budgets and clicks. Clicks are kept in the order in which a settlement reads them; PostgreSQL,
-- which keeps rows in the order of their arrival, reads them from the key alone.

create table budgets (
    account uuid not null references accounts (id),
    currency text not null,
    amount_micros bigint not null check (amount_micros >= 0),
    set_at bigint not null,
    primary key (account, currency)
) /*strict, clustered*/;

-- A row means that the period is closed; it never opens again (D13).
create table periods (
    period bigint not null primary key,
    closed_at bigint
) /*strict*/;

create table clicks (
    period bigint not null,
    patron uuid not null,
    work uuid not null,
    points bigint not null check (points between 1 and 1000000),
    carries bigint not null default 0 check (carries between 0 and 3),
    way text not null,
    first_at bigint not null,
    last_at bigint not null,
    primary key (period, patron, work) /*postgres: include (points, carries)*/
) /*strict, clustered*/;

-- `hidden_at`: the work's owner does not want to see it.
create table notes (
    period bigint not null,
    patron uuid not null,
    work uuid not null,
    text text not null,
    at bigint not null,
    hidden_at bigint,
    primary key (period, patron, work)
) /*strict, clustered*/;

create index notes_work on notes (work, period);

-- A note as it read when its creator reported it: a patron who takes the click back ends the note,
-- not the report.
create table note_reports (
    id uuid not null primary key,
    period bigint not null,
    patron uuid not null references accounts (id),
    work uuid not null references works (id),
    text text not null,
    reason text not null,
    reported_by uuid not null references accounts (id),
    reported_at bigint not null,
    state text not null check (state in ('waiting', 'kept', 'removed')),
    ended_by uuid,
    ended_at bigint,
    end_reason text not null default ''
) /*strict*/;

create unique index note_reports_once on note_reports (period, patron, work)
    where state = 'waiting';
create index note_reports_waiting on note_reports (reported_at) where state = 'waiting';
