-- Safe sign-in: passkeys, the second factor and its recovery codes, and what waits for either.

create table passkeys (
    id uuid not null primary key,
    account uuid not null references accounts (id),
    -- The name that the authenticator knows it by.
    credential bytea not null unique,
    name text not null,
    -- The public key with its counter and flags.
    public_key text not null,
    created_at bigint not null,
    used_at bigint,
    -- When its counter went back, so that a copy may be about; it opens nothing since.
    stopped_at bigint
) /*strict*/;

create index passkeys_account on passkeys (account, created_at);

-- What a browser was asked, until it answers: once, within minutes. `browser` is the hash of the
-- session or visit that it was asked in.
create table passkey_challenges (
    hash bytea not null primary key,
    browser bytea not null,
    purpose text not null check (purpose in ('register', 'sign_in', 'prove')),
    state text not null,
    expires_at bigint not null
) /*strict*/;

create index passkey_challenges_expires on passkey_challenges (expires_at);

-- Seeds are sealed (S1). `on_since` is empty until a code has shown that the app has the seed;
-- `last_step` is the last half minute whose code was used.
create table second_factors (
    account uuid not null primary key references accounts (id),
    seed bytea not null,
    begun_at bigint not null,
    on_since bigint,
    last_step bigint not null
) /*strict*/;

create table recovery_codes (
    account uuid not null references accounts (id),
    hash bytea not null,
    used_at bigint,
    primary key (account, hash)
) /*strict, clustered*/;

-- Who typed the right password and owes the code.
create table half_sign_ins (
    hash bytea not null primary key,
    account uuid not null references accounts (id),
    expires_at bigint not null
) /*strict*/;

create index half_sign_ins_account on half_sign_ins (account);
create index half_sign_ins_expires on half_sign_ins (expires_at);

-- An administrator's word that a second factor is to go: done after a time in which its owner, who
-- is told, can stop it.
create table second_factor_helps (
    account uuid not null primary key references accounts (id),
    asked_by uuid not null references accounts (id),
    reason text not null,
    asked_at bigint not null,
    due_at bigint not null
) /*strict*/;

create index second_factor_helps_due on second_factor_helps (due_at);
