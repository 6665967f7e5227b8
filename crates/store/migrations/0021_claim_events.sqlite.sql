-- What everybody can see of claims: who proved control of what, how and when, and what became of it.
create table claim_events (
    seq integer primary key,
    claim blob not null references claims (id),
    what text not null,
    at integer not null
) strict;

create index claim_events_claim on claim_events (claim);

create trigger claim_events_no_update before update on claim_events begin
    select raise(abort, 'claim_events is append-only (C4)');
end;

create trigger claim_events_no_delete before delete on claim_events begin
    select raise(abort, 'claim_events is append-only (C4)');
end;
