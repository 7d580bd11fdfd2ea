-- Public releases as they say of themselves, and what is wrong with that.

-- Files that somebody had read into the catalogue, or only looked at.
create table import (
  id uuid primary key,
  project_id uuid not null references project on delete cascade,
  -- The run that they were to be of; null where the files say that themselves.
  run_name text,
  form text not null,
  options jsonb not null,
  dry_run boolean not null,
  job_id uuid not null,
  state text not null check (state in ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
  changes bigint not null default 0,
  findings bigint not null default 0,
  failure text,
  created_at timestamptz not null,
  finished_at timestamptz
);
create index import_newest on import (project_id, created_at desc, id desc);

create table import_file (
  import_id uuid not null references import on delete cascade,
  ordinal integer not null,
  name text not null,
  sha256 sha256 not null,
  primary key (import_id, ordinal)
);
create index import_file_by_digest on import_file (sha256);

-- What an import does to the catalogue, or would do.
create table import_change (
  import_id uuid not null references import on delete cascade,
  ordinal bigint not null,
  run text not null,
  kind text not null check (kind in ('appeared', 'moved', 'changed', 'vanished')),
  thing text not null,
  name text not null,
  detail jsonb not null,
  primary key (import_id, ordinal)
);

-- What an import found; those of imports that were no dry run are findings of their runs as well.
create table import_finding (
  import_id uuid not null references import on delete cascade,
  ordinal bigint not null,
  run text not null,
  class text not null,
  subject text not null,
  evidence jsonb not null,
  primary key (import_id, ordinal)
);

-- The lines of a listing as it was last imported into a run; folder is the address without its last part.
create table listed_checkpoint (
  run_id uuid not null references run on delete cascade,
  listing text not null,
  line bigint not null,
  stage text not null,
  branch text not null,
  step bigint not null,
  tokens bigint,
  address text,
  folder text,
  primary key (run_id, listing, line)
);
create index listed_checkpoint_by_address on listed_checkpoint (address) where address is not null;
create index listed_checkpoint_by_folder on listed_checkpoint (folder) where folder is not null;

-- When they were stored: what is known of a run apart from them was known before.
create table listing (
  run_id uuid not null references run on delete cascade,
  name text not null,
  -- As it was called when it was last imported, with folders.
  file text not null,
  listed_at timestamptz not null,
  primary key (run_id, name)
);

-- Configurations as they were imported for a run, by the names of their files.
create table imported_configuration (
  run_id uuid not null references run on delete cascade,
  name text not null,
  configuration_id uuid not null references configuration,
  primary key (run_id, name)
);
create index imported_configuration_by_configuration on imported_configuration (configuration_id);

-- Checkpoints that trainings begin with, by the addresses that configurations and launches give.
create table named_parent (
  run_id uuid not null references run on delete cascade,
  named_by text not null,
  address text not null,
  primary key (run_id, named_by, address)
);
create index named_parent_by_address on named_parent (address);

-- What evaluations of a run's checkpoints came to: values by task/metric.
create table evaluation (
  run_id uuid not null references run on delete cascade,
  source text not null,
  model text not null,
  step bigint not null,
  setting text not null,
  batch_size text,
  results jsonb not null,
  added_at timestamptz not null,
  primary key (run_id, source, model, step, setting)
);
create index evaluation_by_step on evaluation (run_id, step);

-- Where somebody else has bytes of a checkpoint, and whether they still have them.
create table location (
  id uuid primary key,
  run_id uuid not null references run on delete cascade,
  checkpoint_id uuid references checkpoint on delete cascade,
  address text not null,
  -- Path of the file in the checkpoint; empty where the address is of a folder or a repository.
  path text not null,
  -- As the listing gives them; null where it does not.
  size bigint,
  algorithm text,
  digest text,
  state text not null check (state in ('unasked', 'available', 'gated', 'missing', 'changed', 'refused', 'unknown')),
  reason text,
  -- As the host gave them when the address was first available.
  seen_size bigint,
  seen_algorithm text,
  seen_digest text,
  probed_at timestamptz,
  probe_after timestamptz not null,
  added_at timestamptz not null,
  constraint location_unique unique (run_id, address, path)
);
create index location_due on location (probe_after);
create index location_by_checkpoint on location (checkpoint_id);
