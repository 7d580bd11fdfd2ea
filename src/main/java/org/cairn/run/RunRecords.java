package org.cairn.run;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.cairn.record.RecordKind;

/** What the bucket keeps of a run: its segments with their parents, and its files. */
@ApplicationScoped
class RunRecords implements RecordKind {

  @Override
  public String name() {
    return "run";
  }

  @Override
  public List<String> tables() {
    return List.of("run", "segment", "run_file", "parent_edge");
  }

  @Override
  public String select() {
    return
"""
        select 'runs/' || p.name || '/' || r.name,
          jsonb_build_object(
            'run', jsonb_build_array(to_jsonb(r)),
            'segment', (
              select coalesce(jsonb_agg(to_jsonb(s) order by s.ordinal), '[]')
              from segment s where s.run_id = r.id),
            'run_file', (
              select coalesce(jsonb_agg(to_jsonb(f) order by f.path collate "C"), '[]')
              from run_file f where f.run_id = r.id),
            'parent_edge', (
              select coalesce(jsonb_agg(to_jsonb(e) order by e.segment_id, e.ordinal), '[]')
              from parent_edge e where e.run_id = r.id and e.segment_id is not null))
        from run r join project p on p.id = r.project_id where r.id = ?
""";
  }
}
