-- Money in and out: vouchers, bank accounts, payouts, refunds; and the history brought from Flattr.

create table voucher_batches (
    id uuid not null primary key,
    amount_micros bigint not null check (amount_micros > 0),
    currency text not null,
    count bigint not null,
    expires_at bigint,
    created_by uuid,
    created_at bigint not null
) /*strict*/;

create table vouchers (
    id uuid not null primary key,
    batch uuid not null references voucher_batches (id),
    number bigint not null,
    code_mac bytea not null unique,
    amount_micros bigint not null check (amount_micros > 0),
    currency text not null,
    expires_at bigint,
    redeemed_by uuid,
    redeemed_at bigint,
    voided_at bigint,
    constraint vouchers_once check (redeemed_at is null or voided_at is null)
) /*strict*/;

create index vouchers_batch on vouchers (batch, number);
create index voucher_batches_created on voucher_batches (created_at);

create table bank_accounts (
    account uuid not null primary key references accounts (id),
    holder text not null,
    iban_sealed bytea not null,
    iban_last4 text not null,
    set_at bigint not null,
    rests_until bigint not null
) /*strict*/;

-- A batch is made, approved where it is large, handed out (from then on the bank may have it), and
-- sent; before it is handed out it can be discarded. `journaled_at`: the outbound journal has it (M9).
create table payout_batches (
    id uuid not null primary key,
    currency text not null,
    count bigint not null,
    total_micros bigint not null,
    file bytea not null,
    file_hash bytea not null,
    created_by uuid,
    created_at bigint not null,
    approved_by uuid,
    handed_at bigint,
    journaled_at bigint,
    sent_at bigint,
    discarded_at bigint,
    constraint payout_batches_end
        check (discarded_at is null or (handed_at is null and sent_at is null))
) /*strict*/;

create index payout_batches_created on payout_batches (created_at);

create table payouts (
    id uuid not null primary key,
    account uuid not null references accounts (id),
    currency text not null,
    amount_micros bigint not null check (amount_micros > 0),
    state text not null check (state in ('requested', 'batched', 'sent', 'reversed')),
    batch uuid references payout_batches (id),
    holder text not null,
    iban_sealed bytea not null,
    iban_last4 text not null,
    request_entry bigint not null references entries (seq),
    sent_entry bigint references entries (seq),
    requested_at bigint not null,
    ended_at bigint,
    end_reason text not null default ''
) /*strict*/;

create index payouts_account on payouts (account, requested_at);
create index payouts_batch on payouts (batch);
create index payouts_waiting on payouts (requested_at) where state = 'requested';

-- `executing`: an administrator says that the money was given back, and the outbound journal is being
-- written (M9); `begun_at` says since when.
create table refunds (
    id uuid not null primary key,
    account uuid not null references accounts (id),
    currency text not null,
    amount_micros bigint not null check (amount_micros > 0),
    state text not null check (state in ('requested', 'executing', 'executed', 'declined')),
    note text not null,
    request_entry bigint not null references entries (seq),
    requested_at bigint not null,
    begun_at bigint,
    ended_at bigint,
    end_reason text not null default ''
) /*strict*/;

create index refunds_account on refunds (account, requested_at);
create index refunds_waiting on refunds (requested_at) where state in ('requested', 'executing');

create table flattr_revenues (
    account uuid not null references accounts (id),
    period bigint not null,
    flattr_id bigint not null,
    flattr_url text not null,
    url text not null,
    title text not null,
    clicks bigint not null check (clicks >= 0),
    revenue_micros bigint not null check (revenue_micros >= 0),
    clicks_total bigint not null check (clicks_total >= 0),
    primary key (account, period, flattr_id)
) /*strict, clustered*/;
