-- The details of old months (security.md P5): which works somebody gave to, and with how many points.

-- Whether they stay; as shipped they go.
alter table accounts add column keeps_details boolean not null default false;

-- When the details of a month began to go, and which chunk of its patrons is next; none when all
-- have gone.
alter table settlements add column details_end_at bigint;
alter table settlements add column details_chunk bigint default 0;
