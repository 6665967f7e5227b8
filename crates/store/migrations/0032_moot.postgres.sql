-- A dispute can also end because its claim ended otherwise (security.md C6).
alter table disputes drop constraint disputes_state_check;
alter table disputes add constraint disputes_state_check
    check (state in ('open', 'upheld', 'rejected', 'withdrawn', 'moot'));
