-- What belongs to the instance as a whole: settings, audit log, keys, limits, mails, leases.

create table settings (
    name text not null primary key,
    value text not null
) /*strict*/;

create table audit_log (
    seq bigserial primary key,
    at bigint not null,
    actor uuid,
    way text not null,
    action text not null,
    object text not null,
    details text not null,
    previous bytea not null,
    hash bytea not null
) /*strict*/;

create index audit_log_object on audit_log (object, seq);

-- The last hash of the chain: the row that appending transactions queue for.
create table audit_head (
    one bigint not null primary key check (one = 1),
    hash bytea not null
) /*strict*/;

create table idempotency_keys (
    account uuid not null,
    route text not null,
    idempotency_key text not null,
    request bytea not null,
    is_refused boolean not null,
    answer text not null,
    at bigint not null,
    primary key (account, route, idempotency_key)
) /*strict, clustered*/;

create index idempotency_keys_at on idempotency_keys (at);

-- The windows of one subject stand side by side: a click counts in two of them.
create table limits (
    name text not null,
    subject text not null,
    begins_at bigint not null,
    count bigint not null,
    primary key (subject, name, begins_at)
) /*strict, clustered*/;

-- How often what processes hold in memory has changed: who changes it counts one up in the same
-- transaction, who relies on memory looks here first.
create table versions (
    name text not null primary key,
    number bigint not null
) /*strict, clustered*/;

create table outbox (
    id uuid not null primary key,
    account uuid,
    recipient text not null,
    kind text not null,
    language text not null,
    subject text not null,
    body_text text not null,
    body_html text not null,
    created_at bigint not null,
    next_at bigint not null,
    -- Until when a node tries it; none while nobody does.
    taken_until bigint,
    tries bigint not null default 0,
    state text not null check (state in ('queued', 'handed', 'refused', 'given_up')),
    server text not null default '',
    reply text not null default '',
    ended_at bigint
) /*strict*/;

create index outbox_due on outbox (next_at) where state = 'queued';
create index outbox_account on outbox (account, created_at);
create index outbox_created on outbox (created_at);

create table leases (
    name text not null primary key,
    holder text not null,
    until bigint not null
) /*strict*/;
