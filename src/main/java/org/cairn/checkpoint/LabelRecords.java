package org.cairn.checkpoint;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.cairn.record.RecordKind;

/**
 * What the bucket keeps of the labels of a run: those that were given or taken away after the
 * checkpoint was sealed.
 */
@ApplicationScoped
class LabelRecords implements RecordKind {

  @Override
  public String name() {
    return "label";
  }

  @Override
  public List<String> tables() {
    return List.of("checkpoint_label");
  }

  @Override
  public String select() {
    return
"""
        select 'labels/' || p.name || '/' || r.name,
          jsonb_build_object(
            'checkpoint_label', jsonb_agg(to_jsonb(l) order by l.assigned_at, l.label, l.id))
        from run r join project p on p.id = r.project_id
        join checkpoint_label l on l.run_id = r.id
        join checkpoint c on c.id = l.checkpoint_id
        where r.id = ? and c.manifest is not null
          and (l.assigned_at >= c.sealed_at or l.retired_at >= c.sealed_at)
        group by p.name, r.name
""";
  }
}
