package org.cairn.dataset;

import jakarta.enterprise.context.ApplicationScoped;
import org.cairn.access.PrivacySource;
import org.cairn.access.Thing;

/** Which datasets are private. */
@ApplicationScoped
class DatasetPrivacy implements PrivacySource {

  @Override
  public Thing.Kind kind() {
    return Thing.Kind.DATASET;
  }

  @Override
  public String statement() {
    return """
    select p.name, p.is_private, m.is_private
    from project p left join dataset m on m.project_id = p.id and lower(m.name) = lower(?)
    where lower(p.name) = lower(?)
    """;
  }
}
