package org.cairn.run;

import java.util.UUID;

/** A run that exists; both names are as their owners spelt them. */
public record RunRef(UUID id, String project, String name) {

  @Override
  public String toString() {
    return project + "/" + name;
  }
}
