-- Who may do what. Of a token only the SHA-256 is kept: its secret is random, so that no salt and no slow hash is needed.
create table access_token (
  id uuid primary key,
  name text not null,
  secret_sha256 sha256 not null,
  administrator boolean not null,
  -- [{"project": "glyph", "role": "writer"}]; a project need not exist, and * is all of them.
  grants jsonb not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  revoked_at timestamptz
);
create unique index access_token_secret_unique on access_token (secret_sha256);
-- The name of a revoked token is free again.
create unique index access_token_name_unique on access_token (lower(name)) where revoked_at is null;
create index access_token_newest on access_token (created_at desc, id desc);

-- What is private is seen by who may read its project, and by nobody else.
alter table project add column is_private boolean not null default false;
alter table run add column is_private boolean not null default false;
alter table dataset add column is_private boolean not null default false;

-- Whose token opened an upload; null where it was nobody's. Listings show one's own.
alter table upload add column owner text;
