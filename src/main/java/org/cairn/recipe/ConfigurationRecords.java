package org.cairn.recipe;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.cairn.record.RecordKind;

/** What the bucket keeps of a configuration. */
@ApplicationScoped
class ConfigurationRecords implements RecordKind {

  @Override
  public String name() {
    return "configuration";
  }

  @Override
  public List<String> tables() {
    return List.of("configuration");
  }

  @Override
  public String select() {
    return
"""
        select 'configurations/' || p.name || '/' || c.id,
          jsonb_build_object('configuration', jsonb_build_array(to_jsonb(c)))
        from configuration c join project p on p.id = c.project_id where c.id = ?
""";
  }
}
