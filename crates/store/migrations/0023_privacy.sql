-- Coming in by invitation, and what an account can ask of its own data (security.md P1, P3, P5).

create table invitations (
    id uuid not null primary key,
    -- Who invites; none: the instance itself, from the waiting list.
    account uuid references accounts (id),
    -- A keyed hash: the code itself is made of the id and the instance's secret.
    code_hash bytea not null unique,
    -- Where it was sent; empty where it was not, and once it has ended.
    email text not null,
    created_at bigint not null,
    expires_at bigint not null,
    used_at bigint,
    used_by uuid,
    withdrawn_at bigint,
    constraint invitations_once check (used_at is null or withdrawn_at is null)
) /*strict*/;

create index invitations_account on invitations (account, created_at);
create unique index invitations_used on invitations (used_by) where used_by is not null;

-- What an administrator gave an account more than the policy does, or took away.
create table invitation_allowances (
    account uuid not null primary key references accounts (id),
    more bigint not null
) /*strict*/;

create table waiting (
    id uuid not null primary key,
    email text not null unique,
    language text not null,
    -- Of the link in the mail, by which the address is confirmed and taken off.
    link_hash bytea not null unique,
    asked_at bigint not null,
    confirmed_at bigint,
    invited_at bigint
) /*strict*/;

create index waiting_line on waiting (confirmed_at, id) where invited_at is null;

-- Everything that an account can take along, as one sealed archive, for a day (P5).
create table exports (
    id uuid not null primary key,
    account uuid not null references accounts (id),
    asked_at bigint not null,
    -- The parts that belong to it; none until all of them are there.
    build uuid,
    bytes bigint,
    ready_at bigint,
    -- Until when it can be fetched, once.
    ends_at bigint,
    link_hash bytea unique,
    taken_at bigint
) /*strict*/;

create index exports_account on exports (account, asked_at);
create index exports_waiting on exports (asked_at) where ready_at is null;

create table export_parts (
    build uuid not null,
    number bigint not null,
    sealed bytea not null,
    primary key (build, number)
) /*strict*/;

-- Accounts that are to be erased, or were. What is left of them keeps their id.
create table deletions (
    account uuid not null primary key references accounts (id),
    asked_at bigint not null,
    erases_at bigint not null,
    -- Of the link that undoes it.
    link_hash bytea unique,
    -- Whether it stays suspended when its owner undoes it: an administrator suspended it, too.
    stays_suspended boolean not null,
    undone_at bigint,
    erased_at bigint,
    -- Whether the outbound journal has it as it is: a restore learns from there (V2).
    is_journaled boolean not null,
    constraint deletions_end check (undone_at is null or erased_at is null)
) /*strict*/;

create index deletions_due on deletions (erases_at) where erased_at is null and undone_at is null;

-- When an administrator saw what one account gives, and why (P3).
create table glimpses (
    id uuid not null primary key,
    admin uuid not null references accounts (id),
    account uuid not null references accounts (id),
    reason text not null,
    at bigint not null,
    ends_at bigint not null
) /*strict*/;

create index glimpses_account on glimpses (account, at);
create index glimpses_admin on glimpses (admin, account, ends_at);
