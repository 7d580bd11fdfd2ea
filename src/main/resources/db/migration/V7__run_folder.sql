-- By bytes, so that everything in a folder lies together whatever the collation of the database.
create index run_file_by_folder on run_file (run_id, path collate "C");
