-- Teams, their members and percentages; what works pass on to the works that they build on
-- (product.md sections 2 and 4).

-- A team is an account that nobody signs in to.
create table teams (
    account uuid not null primary key references accounts (id),
    -- Whether every member sees what every other one received.
    is_open boolean not null,
    founded_by uuid,
    created_at bigint not null,
    closed_at bigint
) /*strict*/;

create table team_roles (
    team uuid not null references teams (account),
    account uuid not null references accounts (id),
    role text not null check (role in ('owner', 'keeper', 'member', 'viewer')),
    since bigint not null,
    primary key (team, account)
) /*strict, clustered*/;

create index team_roles_account on team_roles (account);

create table team_invitations (
    id uuid not null primary key,
    team uuid not null references teams (account),
    -- Where it was sent; empty once it has ended, and where it is an account's own address.
    email text not null,
    -- The account that is meant, where it is one.
    account uuid,
    role text not null check (role in ('owner', 'keeper', 'member', 'viewer')),
    link_hash bytea not null unique,
    invited_by uuid,
    created_at bigint not null,
    expires_at bigint not null,
    ended_at bigint,
    accepted_by uuid
) /*strict*/;

create index team_invitations_team on team_invitations (team, created_at);

-- Percentages as they were set, one set after the other; the last one counts. A part that no line
-- names is kept by the team.
create table team_percentages (
    team uuid not null references teams (account),
    number bigint not null,
    set_by uuid,
    set_at bigint not null,
    primary key (team, number)
) /*strict, clustered*/;

create table team_percentage_lines (
    team uuid not null,
    number bigint not null,
    member uuid not null,
    part bigint not null check (part > 0 and part <= 10000),
    primary key (team, number, member)
) /*strict, clustered*/;

create index team_percentage_lines_member on team_percentage_lines (member);

create table frozen_percentages (
    period bigint not null,
    team uuid not null,
    member uuid not null,
    part bigint not null,
    primary key (period, team, member)
) /*strict, clustered*/;

-- What a member received of a team's works in a period.
create table team_credits (
    period bigint not null,
    member uuid not null,
    team uuid not null,
    work uuid not null,
    currency text not null,
    amount_micros bigint not null check (amount_micros > 0),
    primary key (period, member, team, work, currency)
) /*strict, clustered*/;

create index team_credits_team on team_credits (team, period);

-- What a work passes on, in hundredths of a percent, while it is the account's that said so.
create table pass_ons (
    work uuid not null primary key references works (id),
    account uuid not null,
    part bigint not null check (part >= 0 and part <= 5000),
    set_by uuid,
    set_at bigint not null
) /*strict*/;

create table pass_on_targets (
    work uuid not null references pass_ons (work),
    target uuid not null references works (id),
    weight bigint not null check (weight > 0),
    primary key (work, target)
) /*strict, clustered*/;

create index pass_on_targets_target on pass_on_targets (target);

create table frozen_pass_ons (
    period bigint not null,
    work uuid not null,
    target uuid not null,
    part bigint not null,
    weight bigint not null,
    primary key (period, work, target)
) /*strict, clustered*/;

-- What works passed on: held on their payees' earnings until the works that they build on have it.
-- `due` is the first settlement in which it may be collected.
create table passes (
    arisen bigint not null,
    due bigint not null,
    payer uuid not null,
    work uuid not null,
    target uuid not null,
    currency text not null,
    amount_micros bigint not null check (amount_micros > 0),
    state text not null check (state in ('standing', 'collected', 'let_go')),
    -- The settlement that collected it, and who received it.
    settles bigint,
    payee uuid,
    ended_at bigint,
    primary key (payer, due, arisen, work, target, currency)
) /*strict, clustered*/;

create index passes_standing on passes (due, target) where state = 'standing';
create index passes_work on passes (work, arisen);
create index passes_payee on passes (payee, settles) where payee is not null;
