-- The ledger: debit positive, credit negative. `balance_micros` is the sum of the postings (L3);
-- guarded kinds never go below zero counting what is held (L4). A ledger account is its name: owner
-- first, so that what is one account's lies together, on one shard where there are several. A nil
-- owner and period 0 stand for none, so that the unique key holds on both engines.

create table ledger_accounts (
    owner uuid not null,
    kind text not null,
    currency text not null,
    period bigint not null,
    balance_micros bigint not null default 0,
    held_micros bigint not null default 0,
    primary key (owner, kind, currency, period),
    constraint ledger_accounts_held check (held_micros >= 0),
    constraint ledger_accounts_guard check (
        -- Not as a list: SQLite builds a table of a list for each row that it checks.
        balance_micros + held_micros <= 0
        or (kind <> 'wallet' and kind <> 'earnings' and kind <> 'pool' and kind <> 'vouchers'
            and kind <> 'in_transit')
    )
) /*postgres: with (fillfactor = 50)*/ /*strict, clustered*/;

create table entries (
    seq bigserial primary key,
    at bigint not null,
    reason text not null,
    source text not null,
    external_id text not null,
    effect text not null,
    reverses bigint unique references entries (seq),
    constraint entries_fact unique (source, external_id, effect)
) /*strict*/;

create table postings (
    owner uuid not null,
    kind text not null,
    currency text not null,
    period bigint not null,
    entry bigint not null references entries (seq),
    amount_micros bigint not null check (amount_micros <> 0),
    primary key (owner, kind, currency, period, entry),
    foreign key (owner, kind, currency, period)
        references ledger_accounts (owner, kind, currency, period)
) /*strict, clustered*/;

create index postings_entry on postings (entry);

-- Money on an account's earnings that waits, and why; promises and frozen means have their own rows.
create table holds (
    owner uuid not null,
    id uuid not null,
    kind text not null,
    currency text not null,
    amount_micros bigint not null check (amount_micros > 0),
    reason text not null,
    created_at bigint not null,
    primary key (owner, id)
) /*strict, clustered*/;
