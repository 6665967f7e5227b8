-- Hosts in the order of their letters' numbers, whatever language the database sorts by: all that is
-- below a name stands together.
alter table works alter column host_key type text collate "C";
alter table claims alter column host_key type text collate "C";
