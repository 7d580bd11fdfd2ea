-- What the Hugging Face Hub protocol needs to find: checkpoints by commit, files by folder, headers of safetensors files.

-- A commit names content that never changes: SHA-1 of a description of the files, and, once sealed, of the manifest too.
-- Both are computed when they are asked for: a version that does not know them may have written the row. What is computed
-- of a draft holds for the version of the row that commit_version names.
alter table checkpoint add column content_commit text;
alter table checkpoint add column manifest_commit text;
alter table checkpoint add column commit_version bigint;
create index checkpoint_by_content_commit on checkpoint (run_id, content_commit);
create index checkpoint_by_manifest_commit on checkpoint (run_id, manifest_commit);
create index checkpoint_without_commit on checkpoint (run_id)
  where (state <> 'sealed' and commit_version is distinct from version) or (state = 'sealed' and manifest_commit is null);

-- By bytes, so that everything in a folder lies together whatever the collation of the database.
create index checkpoint_file_by_folder on checkpoint_file (checkpoint_id, path collate "C");
create index dataset_file_by_folder on dataset_file (dataset_version_id, path collate "C");

-- Length and text of the header of a safetensors file, as they are in the file. The files of a trajectory share one, as
-- they have the same tensors in the same places.
create table safetensors_header (
  sha256 sha256 primary key,
  bytes bytea not null
);
-- Null of a header that is too long to be kept, and of a file that was indexed before headers were kept.
alter table safetensors add column header_sha256 sha256 references safetensors_header;
