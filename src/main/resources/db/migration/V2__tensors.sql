-- The index of safetensors files. It tells what is in verified bytes and nothing else, so it can be computed again from
-- them, and a row never changes.

-- A file; with a fault, where its header is not that of a safetensors file, it has no tensors.
create table safetensors (
  sha256 sha256 primary key,
  -- Of the first byte after the header.
  data_offset bigint not null,
  tensor_count integer not null,
  metadata jsonb not null,
  fault text
);

create table tensor (
  file_sha256 sha256 not null references safetensors on delete cascade,
  -- In the order of the bytes.
  ordinal integer not null,
  name text not null,
  dtype text not null,
  shape bigint[] not null,
  -- From the beginning of the file.
  first_byte bigint not null check (first_byte >= 0),
  size bigint not null check (size >= 0),
  sha256 sha256 not null,
  -- With every negative zero made a positive one.
  loose_sha256 sha256 not null,
  -- Statistics; null for types without an order and types that are not known. min to l2 are over the finite elements,
  -- and NaN where there is none.
  zeros bigint,
  nans bigint,
  infinities bigint,
  elements bigint,
  min double precision,
  max double precision,
  mean double precision,
  standard_deviation double precision,
  l1 double precision,
  l2 double precision,
  primary key (file_sha256, ordinal)
);
-- A name may be longer than an entry of an index.
create index tensor_by_name on tensor (file_sha256, left(name, 200));
create index tensor_by_digest on tensor (sha256);

alter table checkpoint add column loose_weights_digest sha256;
-- One of the files that weights_digest is of; decided when the checkpoint is sealed.
alter table checkpoint_file add column primary_weights boolean not null default false;
