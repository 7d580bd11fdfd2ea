-- What shows that the explanation of a finding is right.
alter table finding add column explanation_evidence jsonb;
