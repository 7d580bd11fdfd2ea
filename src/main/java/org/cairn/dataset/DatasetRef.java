package org.cairn.dataset;

import java.util.UUID;

/** A dataset that exists; both names are as their owners spelt them. */
record DatasetRef(UUID id, String project, String name) {

  @Override
  public String toString() {
    return project + "/" + name;
  }
}
