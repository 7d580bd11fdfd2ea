package org.cairn.access;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a {@link Thing} in a project that exists.
 *
 * @param project the project's name as its owner spelt it
 * @param memberPrivate null where there is no such member, or none was asked for
 */
record Privacy(String project, boolean projectPrivate, @Nullable Boolean memberPrivate) {

  boolean isPrivate() {
    return projectPrivate || Boolean.TRUE.equals(memberPrivate);
  }

  boolean has(Thing thing) {
    return thing.member() == null || memberPrivate != null;
  }
}
