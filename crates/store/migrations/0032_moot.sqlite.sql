-- A dispute can also end because its claim ended otherwise (security.md C6). SQLite changes no check:
-- the table is made anew, as 0025_disputes has it.
create table disputes_anew (
    id blob not null primary key,
    claim blob not null references claims (id),
    holder blob not null references accounts (id),
    filer blob not null references accounts (id),
    by_claim blob references claims (id),
    reach text not null,
    words text not null,
    answer text not null default '',
    state text not null check (state in ('open', 'upheld', 'rejected', 'withdrawn', 'moot')),
    reason text not null default '',
    decided_by blob,
    filed_at integer not null,
    answered_at integer,
    ended_at integer
) strict;

insert into disputes_anew
select id, claim, holder, filer, by_claim, reach, words, answer, state, reason, decided_by, filed_at,
    answered_at, ended_at
from disputes;

drop table disputes;
alter table disputes_anew rename to disputes;

create unique index disputes_open on disputes (claim, filer, reach) where state = 'open';
create index disputes_filer on disputes (filer, filed_at);
create index disputes_holder on disputes (holder, filed_at);
create index disputes_waiting on disputes (filed_at) where state = 'open';
