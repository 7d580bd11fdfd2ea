package org.cairn.run;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.cairn.record.RecordKind;

/** What the bucket keeps of the findings of a run: people have explained some of them. */
@ApplicationScoped
class FindingRecords implements RecordKind {

  @Override
  public String name() {
    return "finding";
  }

  @Override
  public List<String> tables() {
    return List.of("finding");
  }

  @Override
  public String select() {
    return
"""
        select 'findings/' || p.name || '/' || r.name,
          (select jsonb_build_object('finding', jsonb_agg(to_jsonb(f) order by f.created_at, f.id))
           from finding f where f.run_id = r.id)
        from run r join project p on p.id = r.project_id
        where r.id = ? and exists (select 1 from finding f where f.run_id = r.id)
""";
  }
}
