-- Subscriptions: clicks that come back each period (product.md section 7). `due`: the first period in
-- which it has not given yet. `periods_left`: none until somebody stops it. `points` has none for
-- what will give a fixed amount instead. `missed`: the last period that was due and got nothing.

create table subscriptions (
    patron uuid not null references accounts (id),
    id uuid not null,
    work uuid not null references works (id),
    points bigint check (points between 1 and 1000000),
    periods_left bigint check (periods_left >= 0),
    periods_given bigint not null check (periods_given >= 0),
    state text not null check (state in ('running', 'paused', 'ended')),
    due bigint not null,
    last_given bigint,
    missed bigint,
    missed_why text,
    created_at bigint not null,
    started_at bigint not null,
    ended_at bigint,
    end_reason text,
    primary key (patron, id),
    constraint subscriptions_missed check ((missed is null) = (missed_why is null)),
    constraint subscriptions_ended check (
        (state = 'ended') = (ended_at is not null) and (ended_at is null) = (end_reason is null))
) /*strict, clustered*/;

create unique index subscriptions_standing on subscriptions (patron, work) where ended_at is null;
create index subscriptions_due on subscriptions (due, patron, id) where state = 'running';
create index subscriptions_ended on subscriptions (ended_at) where ended_at is not null;

-- The clicks that subscriptions gave, each written in the transaction of its click: one for a work
-- in a period, whatever became of the subscription or of the click since.
create table subscription_clicks (
    period bigint not null,
    patron uuid not null,
    work uuid not null,
    subscription uuid not null,
    points bigint not null check (points between 1 and 1000000),
    given_at bigint not null,
    primary key (period, patron, work)
) /*strict, clustered*/;

create unique index subscription_clicks_once on subscription_clicks (patron, subscription, period);
