package org.cairn.run;

import jakarta.enterprise.context.ApplicationScoped;
import org.cairn.access.PrivacySource;
import org.cairn.access.Thing;

/** Which runs are private. */
@ApplicationScoped
class RunPrivacy implements PrivacySource {

  @Override
  public Thing.Kind kind() {
    return Thing.Kind.RUN;
  }

  @Override
  public String statement() {
    return """
    select p.name, p.is_private, m.is_private
    from project p left join run m on m.project_id = p.id and lower(m.name) = lower(?)
    where lower(p.name) = lower(?)
    """;
  }
}
