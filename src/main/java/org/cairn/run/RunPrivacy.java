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
    return PrivacySource.ofMembers("run");
  }
}
