package org.cairn.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.cairn.cli.UploadApi.Upload;
import org.cairn.platform.Sha256;

/**
 * Publishes what a scan has found. First everything is read and compared with the registry, and
 * only then is anything written: a file that cannot be read, or a sealed checkpoint that is not
 * what lies here, ends it before the first change. Every step may be repeated, so a publication
 * that was interrupted is finished by running it again.
 */
final class Publication {

  private final Api api;
  private final UploadApi uploads;
  private final Console console;
  private final String project;
  private final int jobs;
  private final boolean seal;
  private final PublishCounts counts = new PublishCounts();
  private volatile boolean unreachable;

  Publication(Api api, Console console, String project, int jobs, boolean seal) {
    this.api = api;
    this.uploads = new UploadApi(api);
    this.console = console;
    this.project = project;
    this.jobs = jobs;
    this.seal = seal;
  }

  PublishCounts counts() {
    return counts;
  }

  void publish(Layout layout) {
    api.with(Retry.BRIEF).get("/v1/projects?pageSize=1");
    var digests = hash(layout);
    var data = new DataPublisher(api, console, project, digests, counts);
    layout.data().forEach(data::compare);
    var plans = plans(layout, digests);
    refuseConflicts(plans);
    var distinct = digests.distinct(layout.files());
    var known = uploads.known(distinct.keySet());
    var missing = new HashMap<>(distinct);
    missing.keySet().removeAll(known);
    var bytes = missing.values().stream().mapToLong(LocalFile::size).sum();
    if (!missing.isEmpty()) {
      console.say(
          "%d artifacts, %s to send; %d are there already"
              .formatted(missing.size(), Sizes.bytes(bytes), known.size()));
    }
    try (var progress = Progress.of(console, "Uploading", bytes);
        var uploader =
            new Uploader(
                uploads, missing.isEmpty() ? Map.of() : unfinished(), jobs, progress, counts)) {
      uploader.known(known);
      var verification = new Verification(uploads, uploader);
      if (api.find(RunAddress.projectPath(project)).isEmpty()) {
        api.create("/v1/projects", Json.object().put("name", project));
      }
      layout.data().forEach(folder -> data.publish(folder, uploader, verification));
      var runs =
          new RunPublisher(
              api, digests, uploader, verification, data, layout.data(), plans, counts);
      var failed = new HashMap<String, Set<String>>();
      plans.forEach(plan -> failed.put(plan.folder().name(), runs.record(plan)));
      send(plans, failed, digests, uploader, verification, progress);
      verification
          .await(distinct)
          .forEach(failure -> counts.failures.add(failure, ExitCode.MISMATCH));
    }
  }

  private Digests hash(Layout layout) {
    var files = layout.files();
    var total = files.stream().mapToLong(LocalFile::size).sum();
    console.say("%d files, %s".formatted(files.size(), Sizes.bytes(total)));
    try (var progress = Progress.of(console, "Hashing", total)) {
      var digests = Digests.of(files, progress);
      counts.filesHashed.set(files.size());
      counts.bytesHashed.set(total);
      return digests;
    }
  }

  private List<RunPlan> plans(Layout layout, Digests digests) {
    var plans = new ArrayList<RunPlan>();
    for (var run : layout.runs()) {
      var address = RunAddress.of(project, run.name());
      var remote = RemoteRun.read(api, address);
      var plan = RunPlan.of(address, run, RunFacts.read(run, console), remote, digests);
      counts.checkpointsAlreadyThere.addAndGet(run.checkpoints().size() - plan.register().size());
      counts.sealedBefore.addAndGet(run.checkpoints().size() - plan.unsealed().size());
      plans.add(plan);
    }
    return ParentsFirst.sort(plans);
  }

  private static void refuseConflicts(List<RunPlan> plans) {
    var conflicts = plans.stream().flatMap(plan -> plan.conflicts().stream()).toList();
    if (!conflicts.isEmpty()) {
      var more = conflicts.size() > 5 ? "; and " + (conflicts.size() - 5) + " more" : "";
      throw new CliException(
          ExitCode.CONFLICT,
          String.join("; ", conflicts.subList(0, Math.min(5, conflicts.size())))
              + more
              + ". What is sealed never changes: publish under another run. Nothing was published");
    }
  }

  /** Uploads that somebody, most likely we, has begun and not finished. */
  private Map<Sha256, Upload> unfinished() {
    var unfinished = new HashMap<>(uploads.inState("open"));
    unfinished.putAll(uploads.inState("verifying"));
    return unfinished;
  }

  /** Sends all bytes, sealing each checkpoint as soon as its files have arrived. */
  private void send(
      List<RunPlan> plans,
      Map<String, Set<String>> failed,
      Digests digests,
      Uploader uploader,
      Verification verification,
      Progress progress) {
    var toSeal = plans.stream().mapToInt(plan -> plan.unsealed().size()).sum();
    var sealer = new Sealer(api, verification, counts);
    var steps = new ArrayList<CompletableFuture<?>>();
    try (var executor = Executors.newFixedThreadPool(jobs, Thread.ofVirtual().factory())) {
      for (var plan : plans) {
        steps.add(
            after(
                arrival(plan.runFiles(), digests, uploader),
                executor,
                () -> runFiles(plan, digests)));
        for (var checkpoint : plan.unsealed()) {
          var arrived = arrival(checkpoint.files(), digests, uploader);
          var label = checkpoint.name().label();
          var refused = failed.getOrDefault(plan.folder().name(), Set.of()).contains(label);
          steps.add(
              after(
                  arrived,
                  executor,
                  () -> {
                    if (seal && !refused) {
                      sealer.seal(plan.address(), label, digests.distinct(checkpoint.files()));
                      progress.note(counts.sealed.get() + "/" + toSeal + " sealed");
                    }
                  }));
        }
      }
      steps.forEach(CompletableFuture::join);
    }
  }

  private static CompletableFuture<Void> arrival(
      List<LocalFile> files, Digests digests, Uploader uploader) {
    return CompletableFuture.allOf(
        files.stream()
            .map(file -> uploader.submit(file, digests.of(file)))
            .toArray(CompletableFuture<?>[]::new));
  }

  /** Runs {@code action} once all has arrived; a failure of either is recorded, not thrown. */
  private CompletableFuture<Void> after(
      CompletableFuture<Void> arrived, ExecutorService executor, Runnable action) {
    return arrived
        .thenRunAsync(
            () -> {
              // Where the registry is gone, the others would wait as long and fail alike.
              if (!unreachable) {
                action.run();
              }
            },
            executor)
        .exceptionally(e -> {
          var cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
          if (cause instanceof CliException known) {
            counts.failures.add(known);
            if (known.exitCode() == ExitCode.UNREACHABLE) {
              unreachable = true;
            }
          } else {
            counts.failures.add(cause.toString(), ExitCode.FAILED);
          }
          return null;
        });
  }

  private void runFiles(RunPlan plan, Digests digests) {
    var entries = new FileEntries(digests);
    var files = plan.runFiles();
    for (int i = 0; i < files.size(); i += 500) {
      var batch = Json.array();
      files
          .subList(i, Math.min(files.size(), i + 500))
          .forEach(file -> batch.add(entries.ofRun(file)));
      api.post(plan.address().path() + "/files", Json.object().set("files", batch));
      counts.runFilesRegistered.addAndGet(batch.size());
    }
  }

  /** The end of {@code future}, or its failure as it was thrown. */
  static void join(CompletableFuture<?> future) {
    try {
      future.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof CliException known ? known : e;
    }
  }
}
