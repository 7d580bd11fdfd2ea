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
    return PrivacySource.ofMembers("dataset");
  }
}
