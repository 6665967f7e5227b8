-- What everybody can see of claims: who proved control of what, how and when, and what became of it.
create table claim_events (
    seq bigserial primary key,
    claim uuid not null references claims (id),
    what text not null,
    at bigint not null
);

create index claim_events_claim on claim_events (claim);

create trigger claim_events_no_change before update or delete on claim_events
    for each row execute function refuse_change();
create trigger claim_events_no_truncate before truncate on claim_events
    for each statement execute function refuse_change();
