-- What signs the tokens with which pieces of files are sent, so that every replica knows those of the others. Two random
-- UUIDs have 244 bits that PostgreSQL draws from a strong source.
create table xet_key (
  the_only boolean primary key default true check (the_only),
  key bytea not null
);
insert into xet_key (key) values (uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
