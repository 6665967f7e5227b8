-- Letters to the people of sites (security.md C4): by party, what waits to be told and when
-- somebody wrote last. Whom to is found anew each time.
create table site_letters (
    -- The party, as the key of a reach.
    party text not null primary key,
    -- Since when claims wait to be told, and where the last one was begun.
    notice_since bigint,
    notice_url text not null default '',
    -- How many patrons wait for an invitation, and for what.
    patrons bigint,
    invitation_url text not null default '',
    -- When it is tried next; none where nothing waits.
    next_try_at bigint,
    tries bigint not null default 0,
    noticed_at bigint,
    invited_at bigint,
    -- Since when nobody is invited there any more, for good: its first page wants no money.
    declined_at bigint
) /*strict, clustered*/;

create index site_letters_due on site_letters (next_try_at) where next_try_at is not null;

-- Who was written to, by a keyed hash of the address: when, and whether they want no more letters.
create table site_letter_readers (
    address_mac bytea not null primary key,
    -- Of the link by which they say so.
    link_hash bytea not null unique,
    written_at bigint not null,
    declined_at bigint
) /*strict, clustered*/;

-- Where one says with a click that one wants no such mail any more (RFC 8058); empty for others.
alter table outbox add column unsubscribe text not null default '';
