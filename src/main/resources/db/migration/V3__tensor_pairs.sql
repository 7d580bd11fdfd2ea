-- How two tensors of one type relate, by the digests of their bytes. True whatever becomes of the files they are in, so
-- nothing refers to those; and it can be computed again.
create table tensor_pair (
  left_sha256 sha256 not null,
  right_sha256 sha256 not null,
  -- Of both: the same bytes are other numbers in another type.
  dtype text not null,
  distance double precision not null,
  -- Null where one of them has no length.
  cosine double precision,
  primary key (left_sha256, right_sha256, dtype),
  check (left_sha256 collate "C" < right_sha256 collate "C")
);
