-- Elements of a tensor of floats at fixed pseudo-random places, as little-endian single precision: checkpoints are
-- compared by them. Null for other types.
alter table tensor add column sample bytea;

-- The last examination of a run's weights. A run has never fewer sealed checkpoints than before, so an examination of
-- fewer is an older one.
create table examination (
  run_id uuid primary key references run on delete cascade,
  checkpoints integer not null,
  took_ms bigint not null,
  examined_at timestamptz not null
);
