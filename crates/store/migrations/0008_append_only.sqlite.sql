-- The ledger and the audit log only grow (L2).

create trigger entries_no_update before update on entries begin
    select raise(abort, 'entries is append-only (L2)');
end;

create trigger entries_no_delete before delete on entries begin
    select raise(abort, 'entries is append-only (L2)');
end;

create trigger postings_no_update before update on postings begin
    select raise(abort, 'postings is append-only (L2)');
end;

create trigger postings_no_delete before delete on postings begin
    select raise(abort, 'postings is append-only (L2)');
end;

create trigger audit_log_no_update before update on audit_log begin
    select raise(abort, 'audit_log is append-only (L2)');
end;

create trigger audit_log_no_delete before delete on audit_log begin
    select raise(abort, 'audit_log is append-only (L2)');
end;
