package org.cairn.project;

import jakarta.enterprise.context.ApplicationScoped;
import org.cairn.access.PrivacySource;
import org.cairn.access.Thing;

/** Which projects are private. */
@ApplicationScoped
class ProjectPrivacy implements PrivacySource {

  @Override
  public Thing.Kind kind() {
    return Thing.Kind.PROJECT;
  }

  @Override
  public String statement() {
    return "select name, is_private from project where lower(name) = lower(?)";
  }
}
