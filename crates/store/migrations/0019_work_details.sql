-- What accounts say about works besides the title: the owner's row is what everybody reads; that of
-- anybody else is theirs alone, until they have proven that the work is theirs (C7).

create table work_details (
    work uuid not null references works (id),
    account uuid not null references accounts (id),
    title text not null,
    description text not null,
    tags text not null,
    category text not null,
    language text not null,
    is_hidden boolean not null,
    created_at bigint not null,
    updated_at bigint not null,
    primary key (work, account)
) /*strict, clustered*/;

create index work_details_account on work_details (account, created_at);

-- The numbers by which Flattr's old clients know works: drawn by lot, given when one first asks.
create table flattr_numbers (
    id bigint not null primary key,
    work uuid not null unique references works (id)
) /*strict*/;

-- Flattr's old programs sent no state at times; an administrator says for which that is bearable.
alter table oauth_clients add column needs_state boolean not null default true;
