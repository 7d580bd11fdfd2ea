-- A label is asked for without a run: an address, or the name of a release.
create index checkpoint_label_by_label on checkpoint_label (label, id);
