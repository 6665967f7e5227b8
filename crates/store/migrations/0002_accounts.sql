-- Accounts and how they sign in. A mail address is one account's only once it is confirmed, so that
-- signing up tells nobody which addresses are known (A1).

create table accounts (
    id uuid not null primary key,
    handle text not null unique,
    name text not null,
    email text not null,
    email_confirmed_at bigint,
    password_hash text not null,
    language text not null,
    is_admin boolean not null,
    is_public boolean not null,
    gives_unspent boolean not null,
    payout_threshold_micros bigint not null default 0 check (payout_threshold_micros >= 0),
    suspended_at bigint,
    created_at bigint not null
) /*strict*/;

create unique index accounts_email on accounts (email) where email_confirmed_at is not null;
create index accounts_email_any on accounts (email);

create table sessions (
    hash bytea not null primary key,
    id uuid not null unique,
    account uuid not null references accounts (id),
    browser text not null,
    created_at bigint not null,
    seen_at bigint not null,
    proved_at bigint not null,
    ends_at bigint not null
) /*strict*/;

create index sessions_account on sessions (account);

-- The browsers in which somebody signed in, by the hash of their cookie: their tries to sign in are
-- counted apart from those of strangers.
create table devices (
    hash bytea not null,
    account uuid not null references accounts (id),
    seen_at bigint not null,
    primary key (hash, account)
) /*strict, clustered*/;

create index devices_account on devices (account);
create index devices_seen on devices (seen_at);

create table confirmations (
    id uuid not null primary key,
    account uuid not null references accounts (id),
    purpose text not null check (purpose in ('email', 'reset', 'admin')),
    email text not null,
    code_hash bytea not null,
    link_hash bytea not null unique,
    mail uuid,
    created_at bigint not null,
    expires_at bigint not null,
    tries bigint not null default 0 check (tries <= 10),
    used_at bigint
) /*strict*/;

create index confirmations_account on confirmations (account, purpose, created_at);

create table tokens (
    hash bytea not null primary key,
    id uuid not null unique,
    account uuid not null references accounts (id),
    name text not null,
    scopes text not null,
    created_at bigint not null,
    used_at bigint,
    revoked_at bigint
) /*strict*/;

create index tokens_account on tokens (account);
