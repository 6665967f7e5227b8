-- The ledger and the audit log only grow (L2).

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only (L2)', tg_table_name;
end
$$;

create trigger entries_no_change before update or delete on entries
    for each row execute function refuse_change();
create trigger entries_no_truncate before truncate on entries
    for each statement execute function refuse_change();

create trigger postings_no_change before update or delete on postings
    for each row execute function refuse_change();
create trigger postings_no_truncate before truncate on postings
    for each statement execute function refuse_change();

create trigger audit_log_no_change before update or delete on audit_log
    for each row execute function refuse_change();
create trigger audit_log_no_truncate before truncate on audit_log
    for each statement execute function refuse_change();

-- Ids do not compress: trying costs more than anything else about writing these.
alter table statements alter column body set storage external;
alter table sheets alter column body set storage external;
alter table promise_lists alter column body set storage external;
