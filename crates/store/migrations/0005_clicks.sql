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

create table notes (
    period bigint not null,
    patron uuid not null,
    work uuid not null,
    text text not null,
    at bigint not null,
    primary key (period, patron, work)
) /*strict, clustered*/;

create index notes_work on notes (work, period);
