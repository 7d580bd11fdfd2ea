-- The catalogue. Times are UTC with microseconds; digests are lower-case hex SHA-256; steps, tokens, sequences and sizes
-- are 64-bit. JSON columns hold what is open or read only as a whole; whatever is filtered or joined on is a column.

create domain sha256 as text check (value ~ '^[0-9a-f]{64}$');

create table project (
  id uuid primary key,
  name text not null,
  title text,
  description text,
  metadata jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null
);
-- Case is kept but does not distinguish: client caches lie on case-insensitive disks.
create unique index project_name_unique on project (lower(name));
create index project_newest on project (created_at desc, id desc);

-- Verified bytes only. A row exists once the service itself has hashed every byte of the object at storage_key.
create table artifact (
  sha256 sha256 primary key,
  size bigint not null check (size >= 0),
  media_type text not null,
  storage_key text not null unique,
  verified_at timestamptz not null
);

-- One attempt of one client to bring the bytes of a digest; each has an object key of its own.
create table upload (
  id uuid primary key,
  sha256 sha256 not null,
  size bigint not null check (size >= 0),
  media_type text not null,
  storage_key text not null unique,
  multipart_id text not null,
  part_size bigint not null check (part_size > 0),
  part_count integer not null check (part_count between 1 and 10000),
  state text not null check (state in ('open', 'verifying', 'verified', 'failed', 'aborted')),
  bytes_verified bigint not null,
  actual_sha256 sha256,
  failure text,
  job_id uuid,
  -- The upload is over, its object is no artifact's, and the store may still hold something of it.
  garbage boolean not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  expires_at timestamptz not null,
  version bigint not null
);
create index upload_by_digest on upload (sha256, created_at);
create index upload_newest on upload (created_at desc, id desc);
create index upload_by_expiry on upload (expires_at) where state = 'open';
create index upload_garbage on upload (updated_at) where garbage;

create table job (
  id uuid primary key,
  kind text not null,
  subject text not null,
  payload jsonb not null,
  state text not null check (state in ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
  cancel_requested boolean not null default false,
  done bigint not null,
  total bigint not null,
  attempts integer not null,
  run_after timestamptz not null,
  lease_owner text,
  lease_until timestamptz,
  failure text,
  created_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz
);
create index job_queue on job (run_after) where state = 'queued';
create index job_leases on job (lease_until) where state = 'running';
create index job_by_subject on job (kind, subject);
create index job_newest on job (created_at desc, id desc);

-- A POST that was answered: the row is written in the transaction of its effect.
create table idempotency (
  operation text not null,
  key text not null,
  request_digest sha256 not null,
  response jsonb,
  created_at timestamptz not null,
  primary key (operation, key)
);
create index idempotency_by_age on idempotency (created_at);

create table configuration (
  id uuid primary key,
  project_id uuid not null references project,
  name text not null,
  raw_sha256 sha256,
  raw_media_type text,
  resolved jsonb,
  digest sha256,
  parse_error text,
  created_at timestamptz not null,
  check (raw_sha256 is not null or resolved is not null)
);
create unique index configuration_content_unique
  on configuration (project_id, name, coalesce(raw_sha256, ''), coalesce(digest, ''));
create index configuration_newest on configuration (project_id, created_at desc, id desc);

create table dataset (
  id uuid primary key,
  project_id uuid not null references project,
  name text not null,
  title text,
  description text,
  license text,
  metadata jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null
);
create unique index dataset_name_unique on dataset (project_id, lower(name));
create index dataset_newest on dataset (project_id, created_at desc, id desc);

create table dataset_version (
  id uuid primary key,
  dataset_id uuid not null references dataset,
  version text not null,
  digest sha256 not null,
  file_count bigint not null check (file_count >= 0),
  total_size bigint check (total_size >= 0),
  description text,
  source text,
  license text,
  tokenizer_sha256 sha256,
  tokens bigint check (tokens >= 0),
  documents bigint check (documents >= 0),
  metadata jsonb not null,
  created_at timestamptz not null,
  constraint dataset_version_unique unique (dataset_id, version)
);
create index dataset_version_newest on dataset_version (dataset_id, created_at desc, id desc);

-- A file is stored (sha256 names an artifact), declared by reference (location, with the digest its host publishes,
-- if any), or withheld with a reason.
create table dataset_file (
  dataset_version_id uuid not null references dataset_version on delete cascade,
  path text not null,
  sha256 sha256,
  size bigint check (size >= 0),
  media_type text,
  role text,
  tokens bigint check (tokens >= 0),
  documents bigint check (documents >= 0),
  location text,
  withheld_reason text,
  primary key (dataset_version_id, path)
);
create index dataset_file_by_digest on dataset_file (sha256);

create table run (
  id uuid primary key,
  project_id uuid not null references project,
  name text not null,
  title text,
  description text,
  family text,
  axes jsonb not null,
  status text not null check (status in ('running', 'finished', 'retracted')),
  license text,
  citation text,
  batch_schedule jsonb,
  checkpoint_schedule jsonb,
  metadata jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null
);
create unique index run_name_unique on run (project_id, lower(name));
create index run_newest on run (project_id, created_at desc, id desc);
create index run_by_family on run (project_id, family);

create table run_file (
  run_id uuid not null references run,
  path text not null,
  sha256 sha256 not null,
  size bigint not null check (size >= 0),
  media_type text not null,
  role text not null,
  added_at timestamptz not null,
  primary key (run_id, path)
);
create index run_file_by_digest on run_file (sha256);

-- A stretch of a run with one configuration, code, environment, data order and parent.
create table segment (
  id uuid primary key,
  run_id uuid not null references run,
  ordinal integer not null,
  name text not null,
  stage text not null,
  branch text not null,
  start_step bigint not null check (start_step >= 0),
  end_step bigint check (end_step >= start_step),
  configuration_id uuid references configuration,
  code jsonb,
  environment jsonb,
  hardware jsonb,
  world_size bigint check (world_size > 0),
  argv jsonb,
  seeds jsonb,
  batch_schedule jsonb,
  data_order jsonb,
  external_ids jsonb,
  -- Before start_step along the chain of parents: computed where that is known, or else claimed; and the claim itself.
  steps_before bigint check (steps_before >= 0),
  tokens_before bigint check (tokens_before >= 0),
  sequences_before bigint check (sequences_before >= 0),
  claimed_steps_before bigint,
  claimed_tokens_before bigint,
  claimed_sequences_before bigint,
  -- Of the step counter of (stage, branch) at start_step; null where no schedule reaches it.
  tokens_at_start bigint,
  sequences_at_start bigint,
  metadata jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null,
  constraint segment_ordinal_unique unique (run_id, ordinal)
);
create unique index segment_name_unique on segment (run_id, lower(name));

create table checkpoint (
  id uuid primary key,
  run_id uuid not null references run,
  segment_id uuid references segment,
  stage text not null,
  branch text not null,
  step bigint not null check (step >= 0),
  -- Cumulative step along the chain of parents: the order of a listing.
  position bigint not null,
  tokens bigint,
  sequences bigint,
  total_tokens bigint,
  claimed_tokens bigint check (claimed_tokens >= 0),
  claimed_sequences bigint check (claimed_sequences >= 0),
  kind text not null check (kind in ('initial', 'scheduled', 'extra', 'terminal', 'derived')),
  weights_kind text not null check (weights_kind in ('raw', 'ema', 'averaged')),
  components jsonb not null,
  representations jsonb not null,
  state text not null check (state in ('draft', 'sealing', 'sealed')),
  label text not null,
  taken_at timestamptz,
  metadata jsonb not null,
  seal_failure text,
  sealed_at timestamptz,
  -- The canonical manifest, fixed when sealing begins, so that a seal taken up again after a crash writes the same bytes.
  manifest text,
  manifest_sha256 sha256,
  -- The job that carries the sealing to its end.
  seal_job_id uuid,
  weights_digest sha256,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null
);
-- Two launches of one run may both have saved a step (OLMo-7B, step 557000): a step is unique in its segment.
create unique index checkpoint_step_unique on checkpoint
  (run_id, stage, branch, step, coalesce(segment_id, '00000000-0000-0000-0000-000000000000'));
create index checkpoint_by_position on checkpoint (run_id, position, stage, branch, id);
create index checkpoint_by_tokens on checkpoint (run_id, tokens);
create index checkpoint_by_step on checkpoint (run_id, step);
create index checkpoint_by_weights on checkpoint (weights_digest) where weights_digest is not null;

create table checkpoint_file (
  checkpoint_id uuid not null references checkpoint on delete cascade,
  path text not null,
  sha256 sha256 not null,
  size bigint not null check (size >= 0),
  media_type text not null,
  role text not null,
  representation text,
  primary key (checkpoint_id, path)
);
create index checkpoint_file_by_digest on checkpoint_file (sha256);

-- Canonical JSON that manifests name by its digest. The content is kept until the object store has it, and null then.
create table document (
  sha256 sha256 primary key,
  content text
);

-- Every label a checkpoint ever had; at most one checkpoint of a run holds a label at a time.
create table checkpoint_label (
  id uuid primary key,
  run_id uuid not null references run,
  label text not null,
  checkpoint_id uuid not null references checkpoint on delete cascade,
  assigned_at timestamptz not null,
  retired_at timestamptz
);
create unique index checkpoint_label_unique on checkpoint_label (run_id, label) where retired_at is null;
create index checkpoint_label_by_time on checkpoint_label (run_id, assigned_at, label, id);
create index checkpoint_label_by_checkpoint on checkpoint_label (checkpoint_id);

-- Where a segment or a checkpoint comes from. parent_reference is what the producer wrote; the ids are what it means
-- here, null where the parent is outside this registry.
create table parent_edge (
  id uuid primary key,
  run_id uuid not null references run,
  segment_id uuid references segment on delete cascade,
  checkpoint_id uuid references checkpoint on delete cascade,
  ordinal integer not null,
  kind text not null check (kind in ('resume', 'fork', 'partial-warm-start', 'merge', 'conversion')),
  parent_run_id uuid references run,
  parent_checkpoint_id uuid references checkpoint,
  -- The segment that the parent checkpoint was taken in, so that a walk through the lineage reads only this table.
  parent_segment_id uuid references segment,
  parent_reference text not null,
  loads jsonb,
  coefficient double precision,
  note text,
  check ((segment_id is null) <> (checkpoint_id is null))
);
create index parent_edge_by_run on parent_edge (run_id);
create index parent_edge_by_segment on parent_edge (segment_id);
create index parent_edge_by_checkpoint on parent_edge (checkpoint_id);
create index parent_edge_by_parent_run on parent_edge (parent_run_id);
create index parent_edge_by_parent on parent_edge (parent_checkpoint_id);
create index parent_edge_by_parent_segment on parent_edge (parent_segment_id);

-- A fault the registry saw. Never deleted: its status changes.
create table finding (
  id uuid primary key,
  run_id uuid not null references run,
  checkpoint_id uuid references checkpoint on delete set null,
  class text not null,
  subject text not null,
  evidence jsonb not null,
  status text not null check (status in ('open', 'explained', 'fixed')),
  explanation text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null,
  constraint finding_unique unique (run_id, class, subject)
);
create index finding_newest on finding (run_id, created_at desc, id desc);
