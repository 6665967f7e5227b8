-- Support that is shown where patron and creator both agree, work by work (security.md P1).

alter table works add column shows_patrons_since bigint;

create table public_gifts (
    patron uuid not null references accounts (id),
    work uuid not null references works (id),
    since bigint not null,
    primary key (patron, work)
) /*strict, clustered*/;

create index public_gifts_work on public_gifts (work);
