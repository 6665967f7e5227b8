-- Earnings that wait because of signals of gaming (security.md X3 to X5).

alter table settlements add column judged_at bigint;

-- What is settled by now was paid out long ago.
update settlements set judged_at = finished_at where state = 'done';

-- By which the same bank account of two accounts is seen without opening it.
alter table bank_accounts add column iban_mac bytea;

create table signal_holds (
    -- The hold on the earnings has the same id.
    id uuid not null primary key,
    period bigint not null,
    payee uuid not null references accounts (id),
    currency text not null,
    amount_micros bigint not null check (amount_micros > 0),
    -- Why, words apart by spaces.
    signals text not null,
    state text not null check (state in ('held', 'released', 'refused')),
    held_at bigint not null,
    ends_at bigint not null,
    -- What the payee says to it.
    answer text not null default '',
    answered_at bigint,
    -- Why it ended so, and the administrator who said so; none where the time was over.
    reason text not null default '',
    decided_by uuid,
    decided_at bigint
) /*strict*/;

create unique index signal_holds_once on signal_holds (period, payee, currency);
create index signal_holds_payee on signal_holds (payee, held_at);
create index signal_holds_waiting on signal_holds (ends_at) where state = 'held';

create table signal_gifts (
    hold uuid not null references signal_holds (id),
    patron uuid not null,
    work uuid not null,
    gross_micros bigint not null check (gross_micros >= 0),
    net_micros bigint not null check (net_micros >= 0),
    signals text not null,
    primary key (hold, patron, work)
) /*strict, clustered*/;

create index signal_gifts_patron on signal_gifts (patron);
