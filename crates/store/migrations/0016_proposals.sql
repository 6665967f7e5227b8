-- What patrons brought along from elsewhere and have not said yes or no to: theirs alone, and gone
-- after a while. `place` is the order in which it came.

create table proposals (
    account uuid not null references accounts (id),
    url text not null,
    title text not null,
    place bigint not null,
    at bigint not null,
    primary key (account, url)
) /*strict, clustered*/;

create index proposals_at on proposals (at);
