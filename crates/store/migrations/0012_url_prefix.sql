-- The first digits of the hash of a work's address, by which clients ask what is known. The program
-- computes them, also for the works that were there before.

alter table works add column url_prefix bigint;

create index works_url_prefix on works (url_prefix);
create index works_without_prefix on works (id) where url_prefix is null;
