package org.cairn.run;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.cairn.access.Access;
import org.cairn.api.RegistryException;
import org.cairn.run.LineageView.Node;
import org.cairn.run.ParentEdgeQueries.Edge;
import org.jspecify.annotations.Nullable;

/**
 * Ancestors and descendants of a run, in five statements whatever its size: the run, its edges, and
 * the names of all that they touch.
 */
@ApplicationScoped
class LineageService {

  /** Most edges that are followed; nearer ones first. */
  static final int MAX_EDGES = 5_000;

  /** Most edges between the run and what is shown. */
  static final int MAX_DEPTH = 64;

  private final ParentEdgeQueries edges;
  private final SegmentQueries segments;
  private final RunRefQueries runs;
  private final CheckpointLookup checkpoints;
  private final Access access;

  LineageService(
      ParentEdgeQueries edges,
      SegmentQueries segments,
      RunRefQueries runs,
      CheckpointLookup checkpoints,
      Access access) {
    this.edges = edges;
    this.segments = segments;
    this.runs = runs;
    this.checkpoints = checkpoints;
    this.access = access;
  }

  LineageView of(String project, String name, int depth) {
    var run =
        runs.byName(project, name)
            .orElseThrow(() -> RegistryException.notFound("run", project + "/" + name));
    var walk = edges.lineage(run.id(), depth, MAX_EDGES);
    var checkpointIds = new HashSet<UUID>();
    var segmentIds = new HashSet<UUID>();
    for (var edge : walk.edges()) {
      add(checkpointIds, edge.checkpointId());
      add(checkpointIds, edge.parentCheckpointId());
      add(segmentIds, edge.segmentId());
      add(segmentIds, edge.parentSegmentId());
    }
    var nodes = nodes(run, segmentIds, checkpoints.byIds(checkpointIds));
    var shown = new ArrayList<LineageView.Edge>();
    for (var edge : visible(run, walk.edges(), nodes)) {
      var parent = edge.parentCheckpointId();
      var parentNode = parent == null ? "external:" + edge.reference() : parent.toString();
      if (parent == null) {
        nodes.put(parentNode, external(parentNode, edge));
      }
      shown.add(
          new LineageView.Edge(
              edge.childId().toString(),
              parentNode,
              edge.kind(),
              edge.loads(),
              edge.coefficient(),
              edge.note()));
    }
    return new LineageView(List.copyOf(nodes.values()), shown, walk.truncated());
  }

  /**
   * The edges between nodes that the caller may see, as far as such edges lead from the run; drops
   * all other nodes.
   */
  private List<Edge> visible(RunRef run, List<Edge> edges, Map<String, Node> nodes) {
    var seen = edges.stream().filter(edge -> isVisible(edge, nodes)).toList();
    if (seen.size() == edges.size()) {
      return edges;
    }
    var reached = new HashSet<String>();
    for (var node : nodes.values()) {
      if (run.project().equals(node.project()) && run.name().equals(node.run())) {
        reached.add(node.id());
      }
    }
    // Nearest edges come first, but what leads up and what leads down are mixed.
    for (int before = -1; before < reached.size(); ) {
      before = reached.size();
      for (var node : nodes.values()) {
        if (node.segment() != null) {
          join(reached, node.id(), node.segment().toString());
        }
      }
      for (var edge : seen) {
        var parent = edge.parentCheckpointId();
        if (parent != null) {
          join(reached, edge.childId().toString(), parent.toString());
        }
      }
    }
    nodes.keySet().retainAll(reached);
    return seen.stream().filter(edge -> reached.contains(edge.childId().toString())).toList();
  }

  private static boolean isVisible(Edge edge, Map<String, Node> nodes) {
    var parent = edge.parentCheckpointId();
    return nodes.containsKey(edge.childId().toString())
        && (parent == null || nodes.containsKey(parent.toString()));
  }

  private static void join(Set<String> reached, String one, String other) {
    if (reached.contains(one) || reached.contains(other)) {
      reached.add(one);
      reached.add(other);
    }
  }

  private Map<String, Node> nodes(
      RunRef run, Set<UUID> segmentIds, Map<UUID, CheckpointPosition> taken) {
    taken.values().forEach(checkpoint -> add(segmentIds, checkpoint.segmentId()));
    var stretches = segments.ofRunOrIds(run.id(), segmentIds);
    var runIds = new HashSet<UUID>();
    stretches.forEach(stretch -> runIds.add(stretch.runId()));
    taken.values().forEach(checkpoint -> runIds.add(checkpoint.runId()));
    var names = runs.byIds(runIds);
    var scope = access.scope();
    var nodes = new LinkedHashMap<String, Node>();
    for (var stretch : stretches) {
      var of = names.get(stretch.runId());
      if (of != null && !scope.sees(of.project(), of.isPrivate())) {
        continue;
      }
      nodes.put(
          stretch.id().toString(),
          new Node(
              stretch.id().toString(),
              "segment",
              of == null ? null : of.project(),
              of == null ? null : of.name(),
              stretch.name(),
              stretch.stage(),
              stretch.branch(),
              stretch.startStep(),
              null));
    }
    for (var checkpoint : taken.values()) {
      var of = names.get(checkpoint.runId());
      if (of != null && !scope.sees(of.project(), of.isPrivate())) {
        continue;
      }
      nodes.put(
          checkpoint.id().toString(),
          new Node(
              checkpoint.id().toString(),
              "checkpoint",
              of == null ? null : of.project(),
              of == null ? null : of.name(),
              checkpoint.label(),
              checkpoint.stage(),
              checkpoint.branch(),
              checkpoint.step(),
              checkpoint.segmentId()));
    }
    return nodes;
  }

  private static Node external(String id, Edge edge) {
    return new Node(id, "external", null, null, edge.reference(), null, null, null, null);
  }

  private static void add(Set<UUID> ids, @Nullable UUID id) {
    if (id != null) {
      ids.add(id);
    }
  }
}
