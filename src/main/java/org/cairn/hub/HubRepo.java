package org.cairn.hub;

import java.util.UUID;
import org.cairn.project.MemberCard;

/** A run or a dataset, as a repository. */
record HubRepo(RepositoryKind kind, MemberCard card) {

  UUID memberId() {
    return card.id();
  }

  /** As clients call it. */
  String id() {
    return card.project() + "/" + card.name();
  }

  /** Where it is below the root of this service. */
  String path() {
    return (kind == RepositoryKind.DATASET ? "datasets/" : "") + id();
  }
}
