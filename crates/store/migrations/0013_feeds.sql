-- Feeds: what an account lets be read without a sign-in. Each private address is reckoned from its
-- number and the key of the instance, which is not in the database: the number alone opens nothing.

create table feeds (
    account uuid not null primary key references accounts (id),
    number uuid unique,
    made_at bigint,
    tells_patrons boolean not null
) /*strict*/;

-- The works that were claimed last.
create index works_owned on works (owned_at) where owner is not null;
