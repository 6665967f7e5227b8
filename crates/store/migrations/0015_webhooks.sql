-- Webhooks (H1): where accounts' programs are told what happens to them. Secrets are sealed (S1); of
-- two the older one is valid until its owner ends it. `kinds`: names of events with spaces between.
-- `taken_until`: a node is at work on it, or when one was last.

create table webhooks (
    id uuid not null primary key,
    account uuid not null references accounts (id),
    url text not null,
    kinds text not null,
    secret_sealed bytea not null,
    old_secret_sealed bytea,
    created_at bigint not null,
    off_at bigint,
    off_why text check (off_why in ('owner', 'gone', 'failing')),
    failures bigint not null,
    is_slow boolean not null,
    rests_until bigint,
    taken_until bigint,
    constraint webhooks_off check ((off_at is null) = (off_why is null))
) /*strict*/;

create index webhooks_account on webhooks (account, created_at);

-- What is told, once, whoever it is told to. The id is reckoned from the fact, so the same fact has
-- the same id after a restore too.
create table webhook_events (
    id uuid not null primary key,
    kind text not null,
    body text not null,
    created_at bigint not null
) /*strict*/;

create index webhook_events_created on webhook_events (created_at);

-- An event on its way to an endpoint, with what the last try came to. No reference to the endpoint:
-- one that is deleted must not stand in the way of what it would have been told of.
create table webhook_deliveries (
    webhook uuid not null,
    event uuid not null references webhook_events (id),
    state text not null check (state in ('waiting', 'arrived', 'failed')),
    created_at bigint not null,
    tries bigint not null,
    next_at bigint not null,
    tried_at bigint,
    headers text not null default '',
    status bigint,
    answer text not null default '',
    problem text not null default '',
    ended_at bigint,
    primary key (webhook, event)
) /*strict*/;

create index webhook_deliveries_log on webhook_deliveries (webhook, created_at, event);
create index webhook_deliveries_due on webhook_deliveries (webhook, created_at, event)
    where state = 'waiting';
create index webhook_deliveries_event on webhook_deliveries (event);
