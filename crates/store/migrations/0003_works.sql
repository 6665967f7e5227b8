-- Works and who controls them.

create table works (
    id uuid not null primary key,
    url text not null unique,
    title text not null,
    owner uuid references accounts (id),
    owned_at bigint,
    refused_at bigint,
    created_by uuid,
    created_at bigint not null
) /*strict*/;

create index works_owner on works (owner) where owner is not null;
create index works_created on works (created_at);

create table claims (
    id uuid not null primary key,
    work uuid not null references works (id),
    account uuid not null references accounts (id),
    method text not null,
    reason text not null,
    granted_by uuid,
    created_at bigint not null,
    ended_at bigint,
    end_reason text not null default ''
) /*strict*/;

create unique index claims_standing on claims (work) where ended_at is null;
create index claims_account on claims (account);

-- The currencies that an account does not take for its works (product.md section 4.5).
create table currencies_refused (
    account uuid not null references accounts (id),
    currency text not null,
    primary key (account, currency)
) /*strict, clustered*/;
