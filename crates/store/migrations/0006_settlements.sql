-- Settlements: what was frozen, the chunks, and the results: one packed statement for each patron
-- and currency (L6), one credit for each work and currency, one row for each promise.

create table settlements (
    period bigint not null primary key,
    state text not null check (state in ('freezing', 'sharing', 'booking', 'crediting', 'done')),
    policy text not null,
    inputs_hash bytea,
    plan_hash bytea,
    patrons bigint not null default 0,
    works bigint not null default 0,
    clicks bigint not null default 0,
    started_at bigint not null,
    finished_at bigint,
    told_at bigint
) /*strict*/;

create table settlement_totals (
    period bigint not null,
    currency text not null,
    taken_micros bigint not null,
    promised_micros bigint not null,
    gross_micros bigint not null,
    fee_micros bigint not null,
    net_micros bigint not null,
    pool_micros bigint not null,
    primary key (period, currency)
) /*strict, clustered*/;

create table chunks (
    period bigint not null,
    step text not null check (step in ('cut', 'freeze', 'share', 'book', 'credit', 'tell')),
    number bigint not null,
    first uuid not null,
    last uuid not null,
    rows bigint not null,
    patrons bigint not null default 0,
    hash bytea,
    primary key (period, step, number)
) /*strict, clustered*/;

create table frozen_purses (
    period bigint not null,
    patron uuid not null,
    currency text not null,
    budget_micros bigint not null,
    available_micros bigint not null,
    held_micros bigint not null,
    gives_unspent boolean not null,
    primary key (period, patron, currency)
) /*strict, clustered*/;

-- The works that somebody controlled or refused when the period closed; all others have no claim.
create table frozen_works (
    period bigint not null,
    work uuid not null,
    payee uuid,
    is_refused boolean not null,
    primary key (period, work)
) /*strict, clustered*/;

-- The payees that do not take a currency, or that give enough in it themselves.
create table frozen_payees (
    period bigint not null,
    payee uuid not null,
    currency text not null,
    is_refused boolean not null,
    is_giving boolean not null,
    primary key (period, payee, currency)
) /*strict, clustered*/;

create table statements (
    period bigint not null,
    patron uuid not null,
    currency text not null,
    taken_micros bigint not null,
    collected_micros bigint not null,
    pool_micros bigint not null,
    promised_micros bigint not null,
    body bytea not null,
    -- Not clustered: SQLite would give each body of more than a kilobyte pages of its own.
    primary key (period, patron, currency)
) /*strict*/;

-- What a chunk gives and promises to the works of a part, packed, until the part is credited.
create table sheets (
    period bigint not null,
    part bigint not null,
    chunk bigint not null,
    currency text not null,
    body bytea not null,
    primary key (period, part, chunk, currency)
) /*strict, clustered*/;

-- By payee, as they are written and read; a work finds its own by the payee that was frozen with it.
create table credits (
    period bigint not null,
    payee uuid not null,
    work uuid not null,
    currency text not null,
    clicks bigint not null,
    gross_micros bigint not null,
    fee_micros bigint not null,
    net_micros bigint not null,
    primary key (period, payee, work, currency)
) /*strict, clustered*/;

-- What was promised to a work in a period, packed, until it is collected or let go of as a whole. A
-- patron finds their own promises by their statements.
create table promise_lists (
    period bigint not null,
    bucket bigint not null,
    work uuid not null,
    currency text not null,
    number bigint not null,
    body bytea not null,
    primary key (period, bucket, work, currency, number)
) /*strict, clustered*/;

-- Works with promises: which of them are claimed now is asked once a settlement.
create table promised_works (
    work uuid not null primary key
) /*strict, clustered*/;

-- What became of single promises; those without a row stand for twelve months.
create table promises (
    patron uuid not null,
    period bigint not null,
    work uuid not null,
    currency text not null,
    amount_micros bigint not null check (amount_micros > 0),
    state text not null check (state in ('collecting', 'collected', 'let_go')),
    settles bigint,
    ended_at bigint,
    primary key (patron, period, work, currency)
) /*strict, clustered*/;

create index promises_settles on promises (settles, patron) where settles is not null;
