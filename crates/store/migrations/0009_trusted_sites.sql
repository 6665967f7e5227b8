-- The sites whose buttons give at once, by who trusts them (security.md B5).

create table trusted_sites (
    account uuid not null references accounts (id),
    site text not null,
    trusted_at bigint not null,
    primary key (account, site)
) /*strict, clustered*/;
