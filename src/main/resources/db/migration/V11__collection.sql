-- What becomes of bytes: which of them nobody needs any more, and which are not what they were.

-- When somebody last relied on them: brought them, or was told that they need not be sent.
alter table artifact add column needed_at timestamptz not null default now();
-- What is wrong with the object; such bytes are not served.
alter table artifact add column damage text check (damage in ('flipped', 'truncated', 'missing'));
alter table artifact add column damaged_at timestamptz;
-- When the object was last read from end to end.
alter table artifact add column scrubbed_at timestamptz;
create index artifact_damaged on artifact (sha256) where damage is not null;

-- Whoever collects asks for each digest what names it.
create index dataset_version_by_tokenizer on dataset_version (tokenizer_sha256) where tokenizer_sha256 is not null;
create index configuration_by_raw on configuration (raw_sha256) where raw_sha256 is not null;
create index segment_by_data_order on segment ((data_order ->> 'sha256')) where data_order ->> 'sha256' is not null;
create index checkpoint_by_manifest on checkpoint (manifest_sha256) where manifest_sha256 is not null;

-- Manifests of sealings that failed after they may have been stored: their checkpoints were or will be sealed with others.
create table abandoned_manifest (
  sha256 sha256 primary key,
  abandoned_at timestamptz not null
);

-- What a collection is going to delete, for people to read first.
create table gc_plan (
  id uuid primary key,
  state text not null check (state in ('marking', 'waiting', 'approved', 'sweeping', 'done', 'cancelled')),
  job_id uuid not null,
  -- What was found: artifacts that nothing names, objects that are no artifact's, unfinished uploads; bytes of all.
  artifacts bigint not null default 0,
  objects bigint not null default 0,
  uploads bigint not null default 0,
  bytes bigint not null default 0,
  -- Objects that the catalogue does not know, and those that prove that it is older than the bucket: never deleted.
  unknown bigint not null default 0,
  ahead bigint not null default 0,
  swept bigint not null default 0,
  swept_bytes bigint not null default 0,
  kept bigint not null default 0,
  failure text,
  created_at timestamptz not null,
  sweep_after timestamptz,
  approved_at timestamptz,
  finished_at timestamptz
);
create index gc_plan_newest on gc_plan (created_at desc, id desc);
create unique index gc_plan_alive on gc_plan ((true)) where state not in ('done', 'cancelled');

create table gc_item (
  plan_id uuid not null references gc_plan on delete cascade,
  storage_key text not null,
  reason text not null check (reason in ('unreferenced', 'orphan', 'abandoned', 'stale-upload', 'unknown', 'ahead')),
  sha256 sha256,
  size bigint,
  -- Null until the sweep has decided.
  outcome text check (outcome in ('swept', 'kept')),
  primary key (plan_id, storage_key, reason)
);
create index gc_item_open on gc_item (plan_id, reason, storage_key) where outcome is null;

-- Objects that no row names any more. They are deleted once every address that was given out for them has ended.
create table object_removal (
  storage_key text primary key,
  due_at timestamptz not null
);
create index object_removal_due on object_removal (due_at);

-- A reading of everything that is stored.
create table scrub (
  id uuid primary key,
  state text not null check (state in ('running', 'done', 'cancelled')),
  job_id uuid not null,
  -- Where it goes on: the folder of the bucket, and what it has read of that.
  folder text not null,
  position text not null,
  -- Failures in a row to read what comes next.
  failures integer not null default 0,
  objects bigint not null default 0,
  bytes bigint not null default 0,
  total_bytes bigint not null,
  damaged bigint not null default 0,
  healed bigint not null default 0,
  unreadable bigint not null default 0,
  failure text,
  created_at timestamptz not null,
  finished_at timestamptz
);
create index scrub_newest on scrub (created_at desc, id desc);
create unique index scrub_alive on scrub ((true)) where state = 'running';

-- Objects other than artifacts that are not what their names say, and could not be put back.
create table damaged_object (
  storage_key text primary key,
  sha256 sha256 not null,
  damage text not null check (damage in ('flipped', 'truncated', 'missing')),
  damaged_at timestamptz not null
);
