-- The ledger: debit positive, credit negative. `balance_micros` is the sum of the postings (L3);
-- guarded kinds never go below zero counting what is held (L4). A nil owner and period 0 stand for
-- none, so that the unique key holds on both engines.

create table ledger_accounts (
    id bigserial primary key,
    kind text not null,
    owner uuid not null,
    period bigint not null,
    currency text not null,
    balance_micros bigint not null default 0,
    held_micros bigint not null default 0,
    constraint ledger_accounts_name unique (owner, kind, currency, period),
    constraint ledger_accounts_held check (held_micros >= 0),
    constraint ledger_accounts_guard check (
        kind not in ('wallet', 'earnings', 'pool', 'vouchers', 'in_transit')
        or balance_micros + held_micros <= 0
    )
) /*strict*/;

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
    account bigint not null references ledger_accounts (id),
    entry bigint not null references entries (seq),
    amount_micros bigint not null check (amount_micros <> 0),
    primary key (account, entry)
) /*strict, clustered*/;

create index postings_entry on postings (entry);

-- Money on an account's earnings that waits, and why; promises and frozen means have their own rows.
create table holds (
    id uuid not null primary key,
    ledger_account bigint not null references ledger_accounts (id),
    amount_micros bigint not null check (amount_micros > 0),
    reason text not null,
    created_at bigint not null
) /*strict*/;

create index holds_account on holds (ledger_account);
