-- The OAuth2 provider: clients, what accounts granted them, and the keys that are shown once and
-- stored as hashes (security.md O1 to O4). An access token is a token like a personal one.

create table oauth_clients (
    id uuid not null primary key,
    owner uuid not null references accounts (id),
    kind text not null check (kind in ('public', 'confidential', 'legacy')),
    name text not null,
    site text not null,
    redirects text not null,
    secret_hash bytea,
    former_hash bytea,
    former_until bigint,
    created_at bigint not null,
    deleted_at bigint
) /*strict*/;

create index oauth_clients_owner on oauth_clients (owner);

-- `used_at` is when tokens were last handed out; each token says when it was used.
create table oauth_grants (
    id uuid not null primary key,
    account uuid not null references accounts (id),
    client uuid not null references oauth_clients (id),
    scopes text not null,
    created_at bigint not null,
    used_at bigint not null,
    ends_at bigint not null,
    revoked_at bigint
) /*strict*/;

create index oauth_grants_account on oauth_grants (account, client);
create index oauth_grants_client on oauth_grants (client);
create index oauth_grants_ends on oauth_grants (ends_at);

-- `of_grant` is what came of a code: a second use ends it.
create table oauth_codes (
    hash bytea not null primary key,
    account uuid not null references accounts (id),
    client uuid not null references oauth_clients (id),
    scopes text not null,
    redirect text not null,
    is_redirect_named boolean not null,
    challenge text not null,
    expires_at bigint not null,
    of_grant uuid
) /*strict*/;

create index oauth_codes_expires on oauth_codes (expires_at);

-- `follower` is the one that took its place.
create table oauth_refreshes (
    hash bytea not null primary key,
    of_grant uuid not null references oauth_grants (id),
    made_at bigint not null,
    used_at bigint,
    is_spent boolean not null,
    follower bytea
) /*strict*/;

create index oauth_refreshes_grant on oauth_refreshes (of_grant);

create table oauth_devices (
    hash bytea not null primary key,
    typed_code text not null unique,
    client uuid not null references oauth_clients (id),
    scopes text not null,
    wait_seconds bigint not null,
    asked_at bigint,
    expires_at bigint not null,
    state text not null check (state in ('waiting', 'granted', 'denied', 'done')),
    account uuid references accounts (id)
) /*strict*/;

create index oauth_devices_expires on oauth_devices (expires_at);

alter table tokens add column client uuid;
alter table tokens add column of_grant uuid;
alter table tokens add column expires_at bigint;

create index tokens_grant on tokens (of_grant) where of_grant is not null;
create index tokens_expires on tokens (expires_at) where expires_at is not null;
