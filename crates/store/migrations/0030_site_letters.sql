-- Letters to the people of sites (security.md C4): by party, what waits to be told and when
-- somebody wrote last. Whom to is found anew each time and not kept.
create table site_letters (
    -- The party, as the key of a reach; a page of it, from where the people are looked for.
    party text not null primary key,
    url text not null,
    -- Since when claims wait to be told; how many patrons wait for an invitation.
    notice_since bigint,
    patrons bigint,
    -- When it is tried next; none where nothing waits.
    next_try_at bigint,
    tries bigint not null default 0,
    noticed_at bigint,
    invited_at bigint,
    -- Since when nobody writes there any more, for good.
    declined_at bigint,
    -- Of the link by which they say so.
    link_hash bytea not null unique
) /*strict, clustered*/;

create index site_letters_due on site_letters (next_try_at) where next_try_at is not null;

-- Where one says with a click that one wants no such mail any more (RFC 8058); empty for others.
alter table outbox add column unsubscribe text not null default '';
