-- Files of a run that clients of the Hub committed to main: these it shows, and not the logs of a run that was published.
alter table run_file add column in_main boolean not null default false;
-- By bytes, so that everything in a folder lies together whatever the collation of the database.
create index run_file_in_main on run_file (run_id, path collate "C") where in_main;
