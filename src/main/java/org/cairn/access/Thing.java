package org.cairn.access;

import org.jspecify.annotations.Nullable;

/**
 * What a request is about, as the client spelt it; it need not exist.
 *
 * @param member name of the run or dataset; null where it is the project itself
 */
public record Thing(Kind kind, String project, @Nullable String member) {

  /** What can be private. */
  public enum Kind {
    PROJECT,
    RUN,
    DATASET
  }

  public static Thing project(String project) {
    return new Thing(Kind.PROJECT, project, null);
  }

  public static Thing run(String project, String run) {
    return new Thing(Kind.RUN, project, run);
  }

  public static Thing dataset(String project, String dataset) {
    return new Thing(Kind.DATASET, project, dataset);
  }
}
