-- What the bucket is to know of the catalogue besides manifests: the newest rows of each thing, as an object of its own.

-- A thing changed, or is gone. Rows of one thing are never merged here: two that change it must not wait for each other.
create table catalogue_change (
  id bigint generated always as identity primary key,
  kind text not null,
  subject uuid not null
);
create index catalogue_change_by_subject on catalogue_change (kind, subject);

create table catalogue_record (
  kind text not null,
  subject uuid not null,
  -- Where its objects are in the bucket.
  folder text not null,
  -- Of two objects of one folder the one with the higher number is the newer; their SHA-256 is in their names.
  number bigint not null,
  sha256 sha256 not null,
  -- Kept until the object store has it, and null then.
  content bytea,
  stored_key text,
  -- The thing is gone; the row goes when its object is.
  gone boolean not null default false,
  changed_at timestamptz not null,
  primary key (kind, subject)
);
create index catalogue_record_unstored on catalogue_record (changed_at) where content is not null or gone;
create index catalogue_record_by_folder on catalogue_record (folder);
create sequence catalogue_record_number;

-- Statements are told of, not rows: thousands of checkpoints are registered in one.
create function catalogue_changed() returns trigger language plpgsql as $$
begin
  execute format(
    'insert into catalogue_change (kind, subject) select distinct %L, cast(%I as uuid) from changed where %s',
    tg_argv[0], tg_argv[1], tg_argv[2]);
  return null;
end $$;

do $$
declare
  watched record;
  operation text;
begin
  for watched in
    select * from (values
      ('project', 'project', 'id', 'true'),
      ('configuration', 'configuration', 'id', 'true'),
      ('dataset', 'dataset', 'id', 'true'),
      ('dataset_version', 'dataset-version', 'id', 'true'),
      ('run', 'run', 'id', 'true'),
      ('run_file', 'run', 'run_id', 'true'),
      ('segment', 'run', 'run_id', 'true'),
      ('parent_edge', 'run', 'run_id', 'segment_id is not null'),
      ('finding', 'finding', 'run_id', 'true'),
      -- The labels that a checkpoint had when it was sealed are in its manifest.
      ('checkpoint_label', 'label', 'run_id',
        'exists (select 1 from checkpoint c where c.id = changed.checkpoint_id and c.manifest is not null)')
    ) as watched (of_table, kind, subject, condition)
  loop
    foreach operation in array array['insert', 'update', 'delete'] loop
      execute format(
        'create trigger %I after %s on %I referencing %s table as changed for each statement
          execute function catalogue_changed(%L, %L, %L)',
        'catalogue_changed_by_' || operation, operation, watched.of_table,
        case operation when 'delete' then 'old' else 'new' end,
        watched.kind, watched.subject, watched.condition);
    end loop;
  end loop;
end $$;

insert into catalogue_change (kind, subject) select 'project', id from project;
insert into catalogue_change (kind, subject) select 'configuration', id from configuration;
insert into catalogue_change (kind, subject) select 'dataset', id from dataset;
insert into catalogue_change (kind, subject) select 'dataset-version', id from dataset_version;
insert into catalogue_change (kind, subject)
  select kind, id from run cross join (values ('run'), ('finding'), ('label')) as k (kind);

-- The catalogue is made again from the bucket: from when, and until when.
create table catalogue_rebuild (
  the_only boolean primary key default true check (the_only),
  started_at timestamptz not null,
  finished_at timestamptz
);

-- The id of a label follows from what it says, so that a page token means the same in a catalogue that was made again.
create function label_id(checkpoint uuid, label text, assigned_at timestamptz) returns uuid
language sql immutable parallel safe as $$
  select cast(md5(checkpoint || ' ' || extract(epoch from assigned_at) || ' ' || label) as uuid)
$$;
