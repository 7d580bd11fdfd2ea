package org.cairn.run;

import java.util.UUID;

/**
 * A run that exists; both names are as their owners spelt them.
 *
 * @param isPrivate whether the run or its project is
 */
public record RunRef(UUID id, String project, String name, boolean isPrivate) {

  @Override
  public String toString() {
    return project + "/" + name;
  }
}
