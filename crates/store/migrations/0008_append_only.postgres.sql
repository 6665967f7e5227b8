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

-- What postings refer to, looked up for all of a statement at once: a foreign key looks up and locks
-- row by row, for two thirds of the time that a settlement books.
alter table postings drop constraint postings_entry_fkey;
alter table postings drop constraint postings_owner_kind_currency_period_fkey;

create function refuse_orphans() returns trigger language plpgsql as $$
begin
    if (
        select count(*) from added p
        where (select e.seq from entries e where e.seq = p.entry) is null
            or (select a.period from ledger_accounts a
                where a.owner = p.owner and a.kind = p.kind and a.currency = p.currency
                    and a.period = p.period) is null
    ) > 0 then
        raise exception 'a posting without its entry or its ledger account'
            using errcode = 'foreign_key_violation';
    end if;
    return null;
end
$$;

create trigger postings_no_orphan after insert on postings referencing new table as added
    for each statement execute function refuse_orphans();

create function refuse_rename() returns trigger language plpgsql as $$
begin
    raise exception 'a ledger account stays, and keeps its name'
        using errcode = 'foreign_key_violation';
end
$$;

create trigger ledger_accounts_no_rename
    before delete or update of owner, kind, currency, period on ledger_accounts
    for each row execute function refuse_rename();

-- Ids do not compress: trying costs more than anything else about writing these.
alter table statements alter column body set storage external;
alter table sheets alter column body set storage external;
alter table promise_lists alter column body set storage external;
