-- What the pages of works say of themselves: strangers' words, read in the background. `facts` and
-- `hints` are JSON. Nothing of it is shown of a work that nobody controls (C7).

create table work_pages (
    work uuid not null primary key references works (id),
    state text not null check
        (state in ('waiting', 'read', 'refused', 'unwelcome', 'unreachable', 'unreadable')),
    title text not null,
    facts text not null,
    hints text not null,
    fetched_at bigint,
    tries bigint not null,
    next_try_at bigint not null
) /*strict*/;

create index work_pages_due on work_pages (next_try_at);
