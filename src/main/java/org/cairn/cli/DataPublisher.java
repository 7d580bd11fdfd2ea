package org.cairn.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.cairn.cli.Layout.DataFolder;
import org.jspecify.annotations.Nullable;

/** Publishes folders that belong to no single run as dataset versions, which never change. */
final class DataPublisher {

  private static final String FIRST = "1";

  /** Where OLMo-style data says which of its files holds the order, and of which type. */
  private static final String RECIPE = "olmo/recipe.json";

  /** Which version of its dataset a folder is, and whether the registry has it. */
  private record Version(String name, boolean published) {}

  private final Map<String, Version> versions = new HashMap<>();
  private final Api api;
  private final Console console;
  private final String project;
  private final Digests digests;
  private final PublishCounts counts;

  DataPublisher(Api api, Console console, String project, Digests digests, PublishCounts counts) {
    this.api = api;
    this.console = console;
    this.project = project;
    this.digests = digests;
    this.counts = counts;
  }

  /**
   * Finds the version that a folder is or will be: the newest where that is equal, else the next. A
   * version never changes, so a correction is another one.
   */
  void compare(DataFolder folder) {
    var path = datasets() + "/" + ServerUrl.segment(folder.name());
    var there = api.find(path).isEmpty() ? List.<Answer>of() : api.all(path + "/versions");
    if (there.isEmpty()) {
      versions.put(folder.name(), new Version(FIRST, false));
      return;
    }
    var newest = there.getFirst().text("version");
    var files = new HashMap<String, String>();
    api.pages(
        path + "/versions/" + ServerUrl.segment(newest) + "/files?pageSize=1000",
        item -> files.put(item.text("path"), item.textOr("sha256", "withheld")));
    var here = new HashMap<String, String>();
    folder.files().forEach(file -> here.put(file.name(), digests.of(file).hex()));
    var difference = RunPlan.difference(here, files);
    if (difference.isEmpty()) {
      versions.put(folder.name(), new Version(newest, true));
      return;
    }
    var next =
        there.stream()
                .map(version -> version.text("version"))
                .filter(version -> version.matches("[0-9]{1,9}"))
                .mapToInt(Integer::parseInt)
                .max()
                .orElse(0)
            + 1;
    versions.put(folder.name(), new Version(Integer.toString(next), false));
    console.say(
        "%s/%s changed since version %s (%s) and becomes version %d"
            .formatted(project, folder.name(), newest, difference, next));
  }

  /** Sends the files, waits until they are verified, and records the version. */
  void publish(DataFolder folder, Uploader uploader, Verification verification) {
    if (version(folder).published()) {
      return;
    }
    var uploads =
        folder.files().stream()
            .map(file -> uploader.submit(file, digests.of(file)))
            .toArray(CompletableFuture<?>[]::new);
    Publication.join(CompletableFuture.allOf(uploads));
    var failures = verification.await(digests.distinct(folder.files()));
    if (!failures.isEmpty()) {
      throw new CliException(ExitCode.MISMATCH, String.join("; ", failures));
    }
    var datasets = datasets();
    ObjectNode dataset = Json.object().put("name", folder.name()).put("title", folder.title());
    if (api.find(datasets + "/" + ServerUrl.segment(folder.name())).isEmpty()) {
      api.create(datasets, dataset);
    }
    ObjectNode version = Json.object().put("version", version(folder).name());
    var entries = new FileEntries(digests);
    var files = version.putArray("files");
    folder.files().forEach(file -> files.add(entries.ofDataset(file)));
    version.putObject("metadata").putObject("publish").put("folder", folder.folder());
    if (api.create(datasets + "/" + ServerUrl.segment(folder.name()) + "/versions", version)
        .isPresent()) {
      counts.datasetVersionsCreated.incrementAndGet();
    }
  }

  /**
   * Which order the sequences of a run were read in: the digest that its configuration names, and
   * what the data folder says about the file of that digest.
   */
  @Nullable ObjectNode order(RunFacts facts, List<DataFolder> folders) {
    var path = RunFacts.text(facts.config("data-order-path"));
    var sha256 = path == null ? null : RunFacts.text(facts.resolved().path("data").path(path));
    if (sha256 == null || !sha256.matches("[0-9a-f]{64}")) {
      return null;
    }
    ObjectNode order = Json.object().put("kind", "index").put("sha256", sha256);
    for (var folder : folders) {
      for (var file : folder.files()) {
        if (digests.of(file).hex().equals(sha256)) {
          order.put("datasetVersion", project + "/" + folder.name() + "@" + version(folder).name());
          putType(order, folder, file);
          return order;
        }
      }
    }
    facts.warn("the data order " + path + " is not among the files published here");
    return order;
  }

  private static void putType(ObjectNode order, DataFolder folder, LocalFile file) {
    var widths = Map.of("uint8", 1, "uint16", 2, "uint32", 4, "int32", 4, "uint64", 8, "int64", 8);
    var recipe = folder.files().stream().filter(f -> f.name().equals(RECIPE)).findFirst();
    if (recipe.isEmpty()) {
      return;
    }
    try {
      for (var entry : Json.read(recipe.get().path()).path("order").path("files")) {
        var width = widths.get(entry.path("dtype").asText(""));
        if (entry.path("sha256").asText("").equals(order.path("sha256").asText())
            && width != null
            && file.size() % width == 0) {
          order.put("dtype", entry.path("dtype").asText()).put("count", file.size() / width);
        }
      }
    } catch (IOException e) {
      return; // a recipe that is no JSON says nothing
    }
  }

  private Version version(DataFolder folder) {
    return Objects.requireNonNull(versions.get(folder.name()), "compared before");
  }

  private String datasets() {
    return RunAddress.projectPath(project) + "/datasets";
  }
}
