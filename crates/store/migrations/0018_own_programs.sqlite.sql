-- Obole's own programs are clients that nobody registered: they have no owner. SQLite changes no
-- column: the table is made anew, and with it those that refer to it. They are copied first and
-- dropped from the outside in, so that no row ever refers to nothing.

create table oauth_clients_new (
    id blob not null primary key,
    owner blob references accounts (id),
    kind text not null check (kind in ('public', 'confidential', 'legacy')),
    name text not null,
    site text not null,
    redirects text not null,
    secret_hash blob,
    former_hash blob,
    former_until integer,
    created_at integer not null,
    deleted_at integer
) strict;

insert into oauth_clients_new (id, owner, kind, name, site, redirects, secret_hash, former_hash,
    former_until, created_at, deleted_at)
select id, owner, kind, name, site, redirects, secret_hash, former_hash, former_until, created_at,
    deleted_at
from oauth_clients;

create table oauth_grants_new (
    id blob not null primary key,
    account blob not null references accounts (id),
    client blob not null references oauth_clients_new (id),
    scopes text not null,
    created_at integer not null,
    used_at integer not null,
    ends_at integer not null,
    revoked_at integer
) strict;

insert into oauth_grants_new (id, account, client, scopes, created_at, used_at, ends_at, revoked_at)
select id, account, client, scopes, created_at, used_at, ends_at, revoked_at from oauth_grants;

create table oauth_codes_new (
    hash blob not null primary key,
    account blob not null references accounts (id),
    client blob not null references oauth_clients_new (id),
    scopes text not null,
    redirect text not null,
    is_redirect_named integer not null,
    challenge text not null,
    expires_at integer not null,
    of_grant blob
) strict;

insert into oauth_codes_new (hash, account, client, scopes, redirect, is_redirect_named, challenge,
    expires_at, of_grant)
select hash, account, client, scopes, redirect, is_redirect_named, challenge, expires_at, of_grant
from oauth_codes;

create table oauth_refreshes_new (
    hash blob not null primary key,
    of_grant blob not null references oauth_grants_new (id),
    made_at integer not null,
    used_at integer,
    is_spent integer not null,
    follower blob
) strict;

insert into oauth_refreshes_new (hash, of_grant, made_at, used_at, is_spent, follower)
select hash, of_grant, made_at, used_at, is_spent, follower from oauth_refreshes;

create table oauth_devices_new (
    hash blob not null primary key,
    typed_code text not null unique,
    client blob not null references oauth_clients_new (id),
    scopes text not null,
    wait_seconds integer not null,
    asked_at integer,
    expires_at integer not null,
    state text not null check (state in ('waiting', 'granted', 'denied', 'done')),
    account blob references accounts (id)
) strict;

insert into oauth_devices_new (hash, typed_code, client, scopes, wait_seconds, asked_at, expires_at,
    state, account)
select hash, typed_code, client, scopes, wait_seconds, asked_at, expires_at, state, account
from oauth_devices;

drop table oauth_devices;
drop table oauth_refreshes;
drop table oauth_codes;
drop table oauth_grants;
drop table oauth_clients;

alter table oauth_clients_new rename to oauth_clients;
alter table oauth_grants_new rename to oauth_grants;
alter table oauth_codes_new rename to oauth_codes;
alter table oauth_refreshes_new rename to oauth_refreshes;
alter table oauth_devices_new rename to oauth_devices;

create index oauth_clients_owner on oauth_clients (owner);
create index oauth_grants_account on oauth_grants (account, client);
create index oauth_grants_client on oauth_grants (client);
create index oauth_grants_ends on oauth_grants (ends_at);
create index oauth_codes_expires on oauth_codes (expires_at);
create index oauth_refreshes_grant on oauth_refreshes (of_grant);
create index oauth_devices_expires on oauth_devices (expires_at);
