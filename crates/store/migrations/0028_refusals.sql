-- Owners who do not collect at all where a claim of theirs reaches (security.md C7).

alter table claims add column refuses_since bigint;
