-- Owners who do not collect at all where a claim of theirs reaches (security.md C7).

alter table claims add column refuses_since bigint;

-- The claim by which a work is refused; none where its owner refused it by itself.
alter table works add column refused_by uuid;
