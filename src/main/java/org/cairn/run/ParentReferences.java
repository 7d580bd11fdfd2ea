package org.cairn.run;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.cairn.access.Access;
import org.cairn.api.RegistryException;
import org.cairn.run.RunRefQueries.RunName;

/** From what a producer wrote as a parent to the checkpoint that it means. */
@ApplicationScoped
class ParentReferences {

  private static final Pattern ELSEWHERE =
      Pattern.compile("([^/@]+)/([^/@]+)@(.+)", Pattern.DOTALL);

  private final RunRefQueries runs;
  private final CheckpointLookup checkpoints;
  private final Access access;

  ParentReferences(RunRefQueries runs, CheckpointLookup checkpoints, Access access) {
    this.runs = runs;
    this.access = access;
    this.checkpoints = checkpoints;
  }

  /** The checkpoints that these references mean, each by its reference; some may mean none. */
  Map<String, CheckpointPosition> find(RunRef run, Collection<ParentRequest> parents) {
    var meanings = meanings(run, parents);
    var addresses = new HashSet<CheckpointAddress>();
    meanings.values().forEach(addresses::addAll);
    var known = checkpoints.findAll(addresses);
    var found = new HashMap<String, CheckpointPosition>();
    meanings.forEach((reference, meant) ->
        meant.stream()
            .filter(known::containsKey)
            .findFirst()
            .ifPresent(
                address -> found.put(reference, Objects.requireNonNull(known.get(address)))));
    return found;
  }

  /** The parents of one request by what {@link #find} found; refuses what means nothing. */
  static List<ResolvedParent> resolve(
      List<ParentRequest> parents, Map<String, CheckpointPosition> found) {
    if (parents.size() > ParentRequest.MAX) {
      throw RegistryException.invalid("parents", "has at most " + ParentRequest.MAX + " entries");
    }
    var resolved = new ArrayList<ResolvedParent>(parents.size());
    for (int i = 0; i < parents.size(); i++) {
      var parent = parents.get(i);
      check("parents[" + i + "]", parent);
      var reference = parent.checkpoint();
      if (reference == null) {
        resolved.add(new ResolvedParent(parent, null));
        continue;
      }
      var checkpoint = found.get(reference);
      if (checkpoint == null) {
        throw RegistryException.invalid(
            "parents[" + i + "].checkpoint", "is no checkpoint here: " + reference);
      }
      resolved.add(new ResolvedParent(parent, checkpoint));
    }
    return resolved;
  }

  private static void check(String at, ParentRequest parent) {
    if ((parent.checkpoint() == null) == (parent.external() == null)) {
      throw RegistryException.invalid(at, "has exactly one of checkpoint and external");
    }
    if (parent.coefficient() != null && !Double.isFinite(parent.coefficient())) {
      throw RegistryException.invalid(at + ".coefficient", "must be a finite number");
    }
  }

  /**
   * For each reference the addresses that it may mean, the likelier one first: labels may look like
   * anything, so project/run@label may also be a label of this run.
   */
  private Map<String, List<CheckpointAddress>> meanings(
      RunRef run, Collection<ParentRequest> parents) {
    var elsewhere = new HashMap<String, CheckpointName>();
    var meanings = new HashMap<String, List<CheckpointAddress>>();
    for (var parent : parents) {
      var reference = parent.checkpoint();
      if (reference != null) {
        meanings.put(reference, List.of(new CheckpointAddress(run.id(), reference)));
        var matcher = ELSEWHERE.matcher(reference);
        if (matcher.matches()) {
          var name = new RunName(matcher.group(1), matcher.group(2)).folded();
          elsewhere.put(reference, new CheckpointName(name, matcher.group(3)));
        }
      }
    }
    var known = runs.byNames(elsewhere.values().stream().map(CheckpointName::run).toList());
    elsewhere.forEach((reference, name) -> {
      var other = known.get(name.run());
      // What its writer may not see is not there for them.
      if (other != null && access.scope().sees(other.project(), other.isPrivate())) {
        meanings.put(
            reference,
            List.of(
                new CheckpointAddress(other.id(), name.label()),
                new CheckpointAddress(run.id(), reference)));
      }
    });
    return meanings;
  }

  private record CheckpointName(RunName run, String label) {}
}
