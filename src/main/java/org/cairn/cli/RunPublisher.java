package org.cairn.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.cairn.cli.Layout.DataFolder;
import org.cairn.platform.FileRoles;
import org.jspecify.annotations.Nullable;

/** Records a run, its configuration, its segments and its checkpoints in the catalogue. */
final class RunPublisher {

  private static final Set<String> LOADABLE =
      Set.of("weights", "optimizer", "scheduler", "rng", "dataloader");

  private final Api api;
  private final Digests digests;
  private final Uploader uploader;
  private final Verification verification;
  private final DataPublisher data;
  private final List<DataFolder> folders;
  private final List<RunPlan> plans;
  private final PublishCounts counts;

  /**
   * @param plans all runs of this publication, among which parents are looked for first
   */
  RunPublisher(
      Api api,
      Digests digests,
      Uploader uploader,
      Verification verification,
      DataPublisher data,
      List<DataFolder> folders,
      List<RunPlan> plans,
      PublishCounts counts) {
    this.api = api;
    this.digests = digests;
    this.uploader = uploader;
    this.verification = verification;
    this.data = data;
    this.folders = folders;
    this.plans = plans;
    this.counts = counts;
  }

  /** Brings the catalogue up to the folder; gives back the labels that could not be registered. */
  Set<String> record(RunPlan plan) {
    var requests = new RunRequests(plan.folder(), plan.facts());
    if (!plan.remote().exists()) {
      var runs = RunAddress.projectPath(plan.address().project()) + "/runs";
      if (create(plan, runs, requests.run(), requests.bareRun()).isPresent()) {
        counts.runsCreated.incrementAndGet();
      }
    }
    segments(plan, requests);
    finish(plan);
    return new CheckpointRegistrar(api, digests, counts).register(plan);
  }

  private void segments(RunPlan plan, RunRequests requests) {
    var counters = new LinkedHashMap<String, StepName>();
    for (var checkpoint : plan.folder().checkpoints()) {
      counters.putIfAbsent(checkpoint.name().counterKey(), checkpoint.name());
    }
    for (var any : counters.values()) {
      var name = RunRequests.segmentName(any);
      if (plan.remote().segments().contains(name.toLowerCase(Locale.ROOT))) {
        continue;
      }
      ObjectNode segment;
      if (counters.size() == 1) {
        var code = plan.folder().file("train.py").map(digests::of).orElse(null);
        segment =
            requests.segment(
                any,
                configuration(plan, requests),
                code,
                data.order(plan.facts(), folders),
                parent(plan));
      } else {
        segment = RunRequests.bareSegment(any);
      }
      create(plan, plan.address().path() + "/segments", segment, RunRequests.bareSegment(any));
    }
    if (counters.size() > 1 && !plan.remote().exists()) {
      plan.facts()
          .warn("several stages or branches: their segments are registered without details");
    }
  }

  /** Registers the configuration; gives back its id. */
  private @Nullable String configuration(RunPlan plan, RunRequests requests) {
    var file = plan.facts().configFile();
    if (file.isPresent()) {
      Publication.join(uploader.submit(file.get(), digests.of(file.get())));
      var failures = verification.await(digests.distinct(List.of(file.get())));
      if (!failures.isEmpty()) {
        throw new CliException(ExitCode.MISMATCH, String.join("; ", failures));
      }
    }
    var request = requests.configuration(file.map(digests::of).orElse(null));
    if (request == null) {
      return null;
    }
    var path = RunAddress.projectPath(plan.address().project()) + "/configurations";
    return create(plan, path, request, null).map(answer -> answer.text("id")).orElse(null);
  }

  /**
   * Creates an object with all that the folder tells of it. Where that is more than the registry
   * takes, a folder with odd facts in it is published nevertheless: its files hold them all.
   *
   * @param bare what to create instead; nothing where null
   */
  private Optional<Answer> create(
      RunPlan plan, String path, ObjectNode full, @Nullable ObjectNode bare) {
    try {
      return api.create(path, full);
    } catch (ProblemException e) {
      if (e.status() != 400 && e.status() != 413) {
        throw e;
      }
      plan.facts().warn("registered without the details that its files tell: " + e.text());
      return bare == null ? Optional.empty() : api.create(path, bare);
    }
  }

  /**
   * The checkpoint that a fork began from: of this publication, of the registry, or by name where
   * neither has it.
   */
  private @Nullable ObjectNode parent(RunPlan plan) {
    var run = plan.facts().parentRun();
    var step = plan.facts().parentStep();
    if (run == null || step.isEmpty()) {
      return null;
    }
    ObjectNode parent = Json.object().put("kind", "fork");
    var label = labelHere(run, step.getAsLong());
    if (label == null) {
      label = labelThere(RunAddress.of(plan.address().project(), run), step.getAsLong());
    }
    if (label == null) {
      plan.facts().warn("its parent %s at step %d is not here".formatted(run, step.getAsLong()));
      parent.put("external", run + " at step " + step.getAsLong());
    } else {
      parent.put("checkpoint", plan.address().project() + "/" + run + "@" + label);
    }
    var loads = loads(plan.facts());
    if (!loads.isEmpty()) {
      parent.set("loads", loads);
    }
    return parent;
  }

  /** What was carried over: the files of the parent's state that the fork names by digest. */
  private static ObjectNode loads(RunFacts facts) {
    ObjectNode loads = Json.object();
    facts
        .fork()
        .path("parent_state_sha256")
        .fieldNames()
        .forEachRemaining(name -> {
          var role = FileRoles.role(name);
          if (LOADABLE.contains(role)) {
            loads.put(role, true);
          }
        });
    return loads;
  }

  private @Nullable String labelHere(String run, long step) {
    return plans.stream()
        .filter(plan -> plan.folder().name().equals(run))
        .flatMap(plan -> plan.folder().checkpoints().stream())
        .filter(checkpoint -> checkpoint.name().step() == step)
        .map(checkpoint -> checkpoint.name().label())
        .findFirst()
        .orElse(null);
  }

  private @Nullable String labelThere(RunAddress address, long step) {
    if (api.find(address.path()).isEmpty()) {
      return null;
    }
    var found =
        api.all("%s/checkpoints?stepFrom=%d&stepTo=%d".formatted(address.path(), step, step));
    return found.isEmpty() ? null : found.getFirst().text("label");
  }

  /** Training went on since the last publication and has reached its end. */
  private void finish(RunPlan plan) {
    var view = plan.remote().view();
    if (view == null || !plan.facts().finished() || !view.textOr("status", "").equals("running")) {
      return;
    }
    var path = plan.address().path();
    api.patch(path, Json.object().put("status", "finished"), api.getForChange(path).etag());
    for (var segment : RemoteRun.segments(api, plan.address())) {
      var end = plan.facts().plannedSteps();
      if (!segment.has("endStep") && end.isPresent() && plan.remote().segments().size() == 1) {
        var segmentPath = path + "/segments/" + ServerUrl.segment(segment.text("name"));
        api.patch(
            segmentPath,
            Json.object().put("endStep", end.getAsLong()),
            api.getForChange(segmentPath).etag());
      }
    }
  }
}
