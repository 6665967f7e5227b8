-- Obole's own programs are clients that nobody registered: they have no owner.

alter table oauth_clients alter column owner drop not null;
