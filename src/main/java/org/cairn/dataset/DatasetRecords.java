package org.cairn.dataset;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.cairn.record.RecordKind;

/** What the bucket keeps of a dataset, without its versions. */
@ApplicationScoped
class DatasetRecords implements RecordKind {

  @Override
  public String name() {
    return "dataset";
  }

  @Override
  public List<String> tables() {
    return List.of("dataset");
  }

  @Override
  public String select() {
    return
"""
        select 'datasets/' || p.name || '/' || d.name,
          jsonb_build_object('dataset', jsonb_build_array(to_jsonb(d)))
        from dataset d join project p on p.id = d.project_id where d.id = ?
""";
  }
}
