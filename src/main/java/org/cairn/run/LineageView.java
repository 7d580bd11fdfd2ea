package org.cairn.run;

import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Where a run comes from and what came out of it, across runs. */
record LineageView(
    List<Node> nodes,
    List<Edge> edges,
    @Schema(description = "Whether the limit of edges or of depth was met, so that more may follow")
        boolean truncated) {

  /**
   * A segment or checkpoint of this registry, or something outside it.
   *
   * @param type segment, checkpoint or external
   * @param name of a segment, label of a checkpoint, or what the producer wrote
   * @param segment id of the node that a checkpoint was taken in
   */
  record Node(
      String id,
      String type,
      @Nullable String project,
      @Nullable String run,
      String name,
      @Nullable String stage,
      @Nullable String branch,
      @Nullable Long step,
      @Nullable UUID segment) {}

  /** From a child to a parent, both by the ids of their nodes. */
  record Edge(
      String child,
      String parent,
      EdgeKind kind,
      @Nullable Loads loads,
      @Nullable Double coefficient,
      @Nullable String note) {}
}
