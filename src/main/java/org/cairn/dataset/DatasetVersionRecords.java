package org.cairn.dataset;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.cairn.record.RecordKind;

/** What the bucket keeps of a version of a dataset. */
@ApplicationScoped
class DatasetVersionRecords implements RecordKind {

  @Override
  public String name() {
    return "dataset-version";
  }

  @Override
  public List<String> tables() {
    return List.of("dataset_version", "dataset_file");
  }

  @Override
  public String select() {
    return
"""
        select 'dataset-versions/' || p.name || '/' || d.name || '/' || v.id,
          jsonb_build_object(
            'dataset_version', jsonb_build_array(to_jsonb(v)),
            'dataset_file', (
              select coalesce(jsonb_agg(to_jsonb(f) order by f.path collate "C"), '[]')
              from dataset_file f where f.dataset_version_id = v.id))
        from dataset_version v join dataset d on d.id = v.dataset_id
        join project p on p.id = d.project_id where v.id = ?
""";
  }
}
