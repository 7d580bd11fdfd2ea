package org.cairn.project;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.cairn.record.RecordKind;

/** What the bucket keeps of a project. */
@ApplicationScoped
class ProjectRecords implements RecordKind {

  @Override
  public String name() {
    return "project";
  }

  @Override
  public List<String> tables() {
    return List.of("project");
  }

  @Override
  public String select() {
    return
"""
        select 'projects/' || p.name, jsonb_build_object('project', jsonb_build_array(to_jsonb(p)))
        from project p where p.id = ?
""";
  }
}
