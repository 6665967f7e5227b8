-- Disputes over who controls a work (security.md C6). What is given meanwhile is promised.

create table disputes (
    id uuid not null primary key,
    -- The claim that decides, and whose it is.
    claim uuid not null references claims (id),
    holder uuid not null references accounts (id),
    -- Who disputes it, and the claim that they proved; none on an administrator's word.
    filer uuid not null references accounts (id),
    by_claim uuid references claims (id),
    -- How far it goes: what the filer proved, or one page.
    reach text not null,
    words text not null,
    answer text not null default '',
    state text not null check (state in ('open', 'upheld', 'rejected', 'withdrawn')),
    -- Why, and the administrator who said so; none where a proof did.
    reason text not null default '',
    decided_by uuid,
    filed_at bigint not null,
    answered_at bigint,
    ended_at bigint
) /*strict*/;

create unique index disputes_open on disputes (claim, filer, reach) where state = 'open';
create index disputes_filer on disputes (filer, filed_at);
create index disputes_holder on disputes (holder, filed_at);
create index disputes_waiting on disputes (filed_at) where state = 'open';
