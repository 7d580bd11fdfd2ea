package org.cairn.importer;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.cairn.api.RegistryException;
import org.cairn.checkpoint.DraftCountService;
import org.cairn.checkpoint.ListedDraftService;
import org.cairn.checkpoint.ListedDraftService.Position;
import org.cairn.platform.Names;
import org.cairn.run.ParentRequest;
import org.cairn.run.RunRef;
import org.cairn.run.SegmentService;
import org.cairn.run.ToldSegment;
import org.jspecify.annotations.Nullable;

/** Makes the stretches that files tell segments of their run, and counts its drafts by them. */
@ApplicationScoped
class StretchService {

  private final SegmentService segments;
  private final ListedDraftService drafts;
  private final DraftCountService counts;
  private final ParentRows parents;

  StretchService(
      SegmentService segments,
      ListedDraftService drafts,
      DraftCountService counts,
      ParentRows parents) {
    this.segments = segments;
    this.drafts = drafts;
    this.counts = counts;
    this.parents = parents;
  }

  /**
   * The stretches that the run has no segment of yet, with its own spelling of their stages. Of
   * several configurations of one stage nobody can tell which trained which branch.
   */
  List<Stretch> missing(@Nullable UUID run, RunReading said) {
    if (said.stretches.isEmpty()) {
      return List.of();
    }
    var stages = stages(run, said);
    var spelt = said.stretches.stream().map(one -> spelt(one, stage(one.stage(), stages))).toList();
    var places =
        spelt.stream()
            .filter(one -> one.configuration() >= 0)
            .collect(Collectors.groupingBy(StretchService::place, Collectors.counting()));
    var missing = new ArrayList<Stretch>();
    for (var one : spelt) {
      boolean only = one.configuration() < 0 || Long.valueOf(1).equals(places.get(place(one)));
      if (only
          && Names.isPart(one.name())
          && (run == null
              || !segments.has(run, one.name(), one.stage(), one.branch(), one.startStep()))) {
        missing.add(one);
      }
    }
    return missing;
  }

  /**
   * Registers segments in their order, and counts the drafts of the run after each, since the next
   * may go on from one of them.
   *
   * @param configurations by the places of their files
   * @return those that the catalogue cannot have
   */
  List<Fault> apply(RunRef run, UUID project, RunReading said, Map<Integer, UUID> configurations) {
    var refused = new ArrayList<Fault>();
    if (said.schedule != null) {
      counts.recount(run.id());
    }
    for (var one : missing(run.id(), said)) {
      try {
        var begun =
            segments.ensure(
                run,
                new ToldSegment(
                    one.name(),
                    one.stage(),
                    one.branch(),
                    one.startStep(),
                    one.endStep(),
                    configurations.get(one.configuration()),
                    one.schedule(),
                    parents(run, project, one)));
        if (begun) {
          counts.recount(run.id());
        }
      } catch (RegistryException e) {
        refused.add(
            new Fault(
                "segment-refused",
                "segment " + one.name(),
                JsonNodeFactory.instance
                    .objectNode()
                    .put("startStep", one.startStep())
                    .put("reason", e.getMessage())));
      }
    }
    return refused;
  }

  private static String place(Stretch one) {
    return one.stage() + "/" + one.branch() + "/" + one.startStep();
  }

  private Set<String> stages(@Nullable UUID run, RunReading said) {
    var stages = new HashSet<String>();
    if (run != null) {
      drafts.positions(run).stream().map(Position::stage).forEach(stages::add);
    }
    said.listings.stream()
        .flatMap(listing -> listing.checkpoints().stream())
        .map(ListedCheckpoint::stage)
        .forEach(stages::add);
    return stages;
  }

  /**
   * As the checkpoints of the run spell it: the only stage of that number, or the nameless first.
   */
  private static String stage(String said, Collection<String> stages) {
    var number = StageNames.number(said);
    if (stages.contains(said) || number.isEmpty()) {
      return said;
    }
    var same = stages.stream().filter(one -> StageNames.number(one).equals(number)).toList();
    return same.size() == 1
        ? same.getFirst()
        : same.isEmpty() && number.getAsLong() == 1 && stages.contains("") ? "" : said;
  }

  private static Stretch spelt(Stretch one, String stage) {
    return new Stretch(
        one.name(),
        stage,
        one.branch(),
        one.startStep(),
        one.endStep(),
        one.configuration(),
        one.schedule(),
        one.parent());
  }

  /**
   * The checkpoint of the project that is listed at the address; or the only one of the run at that
   * step which may be meant, with a note that says so; or what is written.
   */
  private List<ParentRequest> parents(RunRef run, UUID project, Stretch stretch) {
    var parent = stretch.parent();
    if (parent == null) {
      return List.of();
    }
    var addressed = parents.addressed(project, parent.address());
    var step = parent.step();
    var ofRun =
        addressed.isPresent() || step == null
            ? List.<String>of()
            : parents.atStep(run.id(), step, stretch.startStep() == step ? "" : stretch.stage());
    var checkpoint = addressed.orElse(ofRun.size() == 1 ? ofRun.getFirst() : null);
    return List.of(
        new ParentRequest(
            parent.kind(),
            checkpoint,
            checkpoint == null ? parent.address() : null,
            parent.loads(),
            null,
            checkpoint == null || addressed.isPresent()
                ? null
                : "by its step: " + parent.address()));
  }
}
