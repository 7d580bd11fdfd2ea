package org.cairn.run;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.data.Limit;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.cairn.access.Access;
import org.cairn.api.EntityTags;
import org.cairn.api.Idempotency;
import org.cairn.api.Metadata;
import org.cairn.api.PageToken;
import org.cairn.api.PageView;
import org.cairn.api.RegistryException;
import org.cairn.api.Versioned;
import org.cairn.platform.Names;
import org.cairn.project.ProjectService;
import org.jspecify.annotations.Nullable;

/** The rules of runs. */
@ApplicationScoped
public class RunService {

  private static final int AXIS_TEXT_MAX = 500;

  private final RunRepository runs;
  private final RunQueries queries;
  private final RunRefQueries refs;
  private final HeldRunQueries held;
  private final SegmentQueries segments;
  private final ProjectService projects;
  private final Access access;
  private final Idempotency idempotency;
  private final Clock clock;

  RunService(
      RunRepository runs,
      RunQueries queries,
      RunRefQueries refs,
      HeldRunQueries held,
      SegmentQueries segments,
      ProjectService projects,
      Access access,
      Idempotency idempotency,
      Clock clock) {
    this.runs = runs;
    this.queries = queries;
    this.refs = refs;
    this.held = held;
    this.segments = segments;
    this.projects = projects;
    this.access = access;
    this.idempotency = idempotency;
    this.clock = clock;
  }

  /** A run by its names, whose case does not matter; empty where there is none. */
  public Optional<RunRef> find(String project, String run) {
    return refs.byName(project, run);
  }

  /** As {@link #find}, of a run that has to be there. */
  public RunRef ref(String project, String run) {
    return find(project, run)
        .orElseThrow(() -> RegistryException.notFound("run", project + "/" + run));
  }

  /** The names of a run. */
  public RunRef ref(UUID id) {
    var found = refs.byIds(List.of(id)).get(id);
    if (found == null) {
      throw RegistryException.notFound("run", id);
    }
    return found;
  }

  /**
   * Keeps a run's schedule, and other writers of its checkpoints, still until the end of the
   * caller's transaction.
   */
  public void hold(UUID runId) {
    runs.lock(runId);
  }

  /** As {@link #hold}, with what the checkpoints of the run are counted by. */
  public HeldRun held(UUID runId) {
    return held.byId(runId).orElseThrow(() -> RegistryException.notFound("run", runId));
  }

  /** The same by the names of the run, whose case does not matter. */
  public HeldRun held(String project, String run) {
    return held.byName(project, run)
        .orElseThrow(() -> RegistryException.notFound("run", project + "/" + run));
  }

  @Transactional
  RunView create(String project, CreateRunRequest request, @Nullable String key) {
    var owner = projects.ref(project);
    if (Boolean.TRUE.equals(request.isPrivate())) {
      access.requireToHide(project);
    }
    var metadata = Metadata.check("metadata", request.metadata());
    checkAxes(request.axes());
    BatchSchedule.of("batchSchedule", request.batchSchedule());
    ScheduleRule.check(request.checkpointSchedule());
    return idempotency.once(
        "createRun " + owner.id(),
        key,
        request,
        RunView.class,
        () -> {
          var run = new Run(UUID.randomUUID(), owner.id(), request, metadata, clock.instant());
          runs.persistAndFlush(run); // a taken name fails here, as run_name_unique
          return run.view(owner.name());
        });
  }

  /** Registers a run of which nothing is known but its name. */
  @Transactional
  public void create(String project, String name, boolean hidden) {
    if (!Names.isSlug(name)) {
      throw RegistryException.invalid("name", Names.SLUG_MESSAGE);
    }
    create(
        project,
        new CreateRunRequest(
            name, null, null, null, null, null, null, null, null, null, hidden, null),
        null);
  }

  /**
   * Gives a batch schedule to a run that has none. Its drafts are to be counted anew; what is
   * sealed was counted without one.
   *
   * @return the one that it has
   */
  @Transactional
  public BatchSchedule schedule(UUID runId, BatchSchedule schedule) {
    var run = runs.lock(runId);
    var known = run.batchSchedule();
    if (known != null) {
      return known;
    }
    if (segments.hasSealed(runId)) {
      checkSchedule(run, schedule);
    }
    run.schedule(schedule, clock.instant());
    return schedule;
  }

  /** Hides a run from who has no role in its project, or shows it to everybody. */
  @Transactional
  public void hide(String project, String name, boolean hidden) {
    if (hidden) {
      access.requireToHide(project);
    }
    runs.lock(ref(project, name).id()).hide(hidden, clock.instant());
  }

  Versioned<RunView> get(String project, String name) {
    var ref = ref(project, name);
    var run = queries.byId(ref.id()).orElseThrow();
    return new Versioned<>(run.view(ref.project()), run.version());
  }

  PageView<RunView> list(
      String project, @Nullable String family, @Nullable String pageToken, int size) {
    var owner = projects.ref(project);
    var from = PageToken.newest(pageToken);
    var rows =
        queries.newestBefore(
            owner.id(),
            access.scope().sees(owner.name(), true),
            family == null ? "" : family,
            from.createdAt(),
            from.id(),
            Limit.of(size + 1));
    return PageView.of(
        rows, size, run -> run.view(owner.name()), run -> PageToken.of(run.createdAt(), run.id()));
  }

  @Transactional
  Versioned<RunView> patch(String project, String name, RunPatch patch, @Nullable String ifMatch) {
    var ref = ref(project, name);
    var run = runs.lock(ref.id());
    if (Boolean.TRUE.equals(patch.isPrivate())) {
      access.requireToHide(project);
    }
    EntityTags.require(ifMatch, run.version());
    Metadata.check("metadata", patch.metadata());
    checkAxes(patch.axes());
    ScheduleRule.check(patch.checkpointSchedule());
    checkSchedule(run, BatchSchedule.of("batchSchedule", patch.batchSchedule()));
    run.change(patch, clock.instant());
    runs.flush();
    return new Versioned<>(run.view(ref.project()), run.version());
  }

  /** Counts were derived from the old schedule: what they rest on stays as it was. */
  private void checkSchedule(Run run, @Nullable BatchSchedule changed) {
    if (changed == null) {
      return;
    }
    var recorded = segments.lastRecordedStep(run.id());
    if (recorded > 0 && !changed.agreesBefore(recorded, run.batchSchedule())) {
      throw RegistryException.conflict(
          "batchSchedule: the run has records up to step "
              + recorded
              + ", and the schedule before it cannot change any more; a segment may have a"
              + " schedule of its own");
    }
  }

  private static void checkAxes(@Nullable Map<String, JsonNode> axes) {
    if (axes == null) {
      return;
    }
    axes.forEach((axis, value) -> {
      var field = "axes." + axis;
      if (!value.isValueNode() || value.isNull()) {
        throw RegistryException.invalid(field, "is a text, a number or a boolean");
      }
      if (value.isTextual() && value.textValue().length() > AXIS_TEXT_MAX) {
        throw RegistryException.invalid(field, "has at most " + AXIS_TEXT_MAX + " characters");
      }
      Metadata.check(field, value, Metadata.MAX_BYTES, 0);
    });
  }
}
