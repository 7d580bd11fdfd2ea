package org.cairn.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "import",
    description = {
      "Reads what a release says of itself into the catalogue, and says what is wrong with it.",
      "",
      "FORM is manifest (CSV of checkpoints), config (YAML or JSON), evaluation (results of"
          + " lm-evaluation-harness, or a CSV of them), phases, launches, digests, listing (the plain"
          + " JSON form), or hub (asks a server of the Hub's protocol, without files).",
      "",
      "The bytes of the release stay where they are; the files that are read are kept."
    },
    footer = {
      "",
      "Examples:",
      "  cairn import manifest OLMo-2-1124-7B.csv --project olmo --dry-run",
      "  cairn import config models/*/*.yml --project pythia",
      "  cairn import evaluation evals/*.json --project pythia --run pythia-70m",
      "  cairn import hub --repository EleutherAI/pythia-70m --project pythia"
    })
final class ImportCommand implements Callable<Integer> {

  private static final int JOBS = 4;
  private static final long BETWEEN_QUESTIONS = 200_000_000L;

  /** Longest evidence of the list, in characters; all of it is in the registry's answer. */
  private static final int SHOWN = 600;

  private static final int CHANGES_SHOWN = 20;

  @Spec
  @SuppressWarnings("NullAway.Init")
  CommandSpec spec;

  @Parameters(index = "0", paramLabel = "FORM", description = "What kind of files these are.")
  @SuppressWarnings("NullAway.Init")
  String form;

  @Parameters(index = "1..*", arity = "0..*", paramLabel = "FILE", description = "The files.")
  List<Path> files = new ArrayList<>();

  @Option(
      names = "--project",
      required = true,
      paramLabel = "PROJECT",
      description = "The project, made where it is not there.")
  @SuppressWarnings("NullAway.Init")
  String project;

  @Option(
      names = "--run",
      paramLabel = "RUN",
      description = "The run that all files are of (else what each file says, or its name).")
  @Nullable String run;

  @Option(
      names = "--dry-run",
      description = "Tells what would change and what is found, and changes nothing.")
  boolean dryRun;

  @Option(
      names = "--stage",
      paramLabel = "STAGE",
      description = "Stage of checkpoints of which the file says none.")
  @Nullable String stage;

  @Option(
      names = "--branch",
      paramLabel = "BRANCH",
      description = "Branch of checkpoints of which the file says none.")
  @Nullable String branch;

  @Option(
      names = "--claim",
      paramLabel = "SETTING=VALUE",
      description = "What a card says of a configuration, such as learningRate=3.0e-4.")
  Map<String, String> claims = new LinkedHashMap<>();

  @Option(names = "--claimed-in", paramLabel = "WHERE", description = "Where it says so.")
  @Nullable String claimedIn;

  @Option(
      names = "--label",
      paramLabel = "LABEL",
      description = "A label that says tokens, to compare with the batch of a configuration.")
  List<String> labels = new ArrayList<>();

  @Option(
      names = "--resting-step",
      paramLabel = "STEP",
      description = "An update whose learning rate was zero.")
  List<Long> restingSteps = new ArrayList<>();

  @Option(
      names = "--endpoint",
      paramLabel = "URL",
      description = "Server of the Hub's protocol, for the form hub.")
  @Nullable String endpoint;

  @Option(
      names = "--repository",
      paramLabel = "OWNER/NAME",
      description = "The repository, for the form hub.")
  @Nullable String repository;

  @Option(names = "--to", paramLabel = "URL", description = "The registry (else $CAIRN_URL).")
  @Nullable String to;

  @Option(
      names = "--json",
      description = "Prints the import with all changes and findings as one JSON object.")
  boolean json;

  @Override
  public Integer call() {
    var console = Cairn.console(spec);
    LayoutScan.requireSlug("Project", project);
    var local = local();
    try (var transport = new Transport(Transport.STALL)) {
      var api = new Api(ServerUrl.of(to), transport, Retry.PATIENT, Cairn.token(spec));
      if (api.find(RunAddress.projectPath(project)).isEmpty()) {
        if (dryRun) {
          throw new CliException(
              ExitCode.FAILED,
              "The project " + project + " is not there, and a dry run makes none");
        }
        api.create("/v1/projects", Json.object().put("name", project));
      }
      var begun = api.post("/v1/imports", request(local, upload(api, local, console)));
      var path = "/v1/imports/" + ServerUrl.segment(begun.text("id"));
      var over = begun;
      while (List.of("queued", "running").contains(over.text("state"))) {
        LockSupport.parkNanos(BETWEEN_QUESTIONS);
        over = api.get(path);
      }
      report(api, path, over, console);
      return over.text("state").equals("succeeded") ? ExitCode.OK : ExitCode.FAILED;
    }
  }

  /**
   * Files under the names that findings will tell: as they were written, or what distinguishes
   * them.
   */
  private List<LocalFile> local() {
    boolean elsewhere =
        files.stream().anyMatch(file -> file.isAbsolute() || file.normalize().startsWith(".."));
    var common = elsewhere ? common() : null;
    return files.stream()
        .map(file -> {
          var name = common == null ? file.normalize() : common.relativize(absolute(file));
          try {
            if (!Files.isRegularFile(file)) {
              throw new CliException(ExitCode.USAGE, file + " is no file");
            }
            return new LocalFile(file, name.toString().replace('\\', '/'), Files.size(file));
          } catch (IOException e) {
            throw FolderWalk.unreadable(file, e);
          }
        })
        .toList();
  }

  private Path common() {
    Path common = absolute(files.getFirst()).getParent();
    for (var file : files) {
      while (common != null && !absolute(file).startsWith(common)) {
        common = common.getParent();
      }
    }
    return common == null ? absolute(Path.of("/")) : common;
  }

  private static Path absolute(Path file) {
    return file.toAbsolutePath().normalize();
  }

  /** Sends what the registry does not have; it is verified when this returns. */
  private static Digests upload(Api api, List<LocalFile> local, Console console) {
    var total = local.stream().mapToLong(LocalFile::size).sum();
    try (var hashing = Progress.of(console, "Hashing", total)) {
      var digests = Digests.of(local, hashing);
      var uploads = new UploadApi(api);
      var distinct = digests.distinct(local);
      var known = uploads.known(distinct.keySet());
      try (var progress = Progress.of(console, "Uploading", total);
          var uploader = new Uploader(uploads, Map.of(), JOBS, progress, new PublishCounts())) {
        uploader.known(known);
        Publication.join(
            CompletableFuture.allOf(
                local.stream()
                    .map(file -> uploader.submit(file, digests.of(file)))
                    .toArray(CompletableFuture<?>[]::new)));
        var failures = new Verification(uploads, uploader).await(distinct);
        if (!failures.isEmpty()) {
          throw new CliException(ExitCode.MISMATCH, String.join("; ", failures));
        }
      }
      return digests;
    }
  }

  private ObjectNode request(List<LocalFile> local, Digests digests) {
    ObjectNode request =
        Json.object().put("form", form).put("project", project).put("dryRun", dryRun);
    if (run != null) {
      request.put("run", run);
    }
    var array = request.putArray("files");
    local.forEach(
        file -> array.addObject().put("name", file.name()).put("sha256", digests.of(file).hex()));
    var options = request.putObject("options");
    put(options, "stage", stage);
    put(options, "branch", branch);
    put(options, "claimedIn", claimedIn);
    put(options, "endpoint", endpoint);
    put(options, "repository", repository);
    if (!claims.isEmpty()) {
      var said = options.putObject("claims");
      claims.forEach(said::put);
    }
    if (!labels.isEmpty()) {
      labels.forEach(options.putArray("labels")::add);
    }
    if (!restingSteps.isEmpty()) {
      restingSteps.forEach(options.putArray("restingSteps")::add);
    }
    return request;
  }

  private static void put(ObjectNode object, String name, @Nullable String value) {
    if (value != null) {
      object.put(name, value);
    }
  }

  private void report(Api api, String path, Answer over, Console console) {
    var changes = api.all(path + "/changes?pageSize=1000");
    var findings = api.all(path + "/findings?pageSize=1000");
    if (json) {
      ObjectNode object = over.node().deepCopy();
      ArrayNode told = object.putArray("changeList");
      changes.forEach(change -> told.add(change.node()));
      ArrayNode found = object.putArray("findingList");
      findings.forEach(finding -> found.add(finding.node()));
      console.result(Json.text(object));
      return;
    }
    for (var finding : findings) {
      console.result(
          Console.printable(
              "%s: %s: %s"
                  .formatted(finding.text("run"), finding.text("class"), finding.text("subject"))));
      var evidence = finding.node().path("evidence");
      var summary = evidence.path("summary").asText(brief(evidence.toString()));
      console.result("  " + Console.printable(summary));
    }
    changes.stream()
        .limit(CHANGES_SHOWN)
        .forEach(change ->
            console.say(
                Console.printable(
                    "%s %s %s of %s"
                        .formatted(
                            change.text("kind"),
                            change.text("thing"),
                            change.text("name"),
                            change.text("run")))));
    if (changes.size() > CHANGES_SHOWN) {
      console.say("and " + (changes.size() - CHANGES_SHOWN) + " more");
    }
    if (over.text("state").equals("succeeded")) {
      console.say(
          "%d changes%s, %d findings"
              .formatted(changes.size(), dryRun ? " that would be made" : "", findings.size()));
    } else {
      console.error(
          "cairn: the import "
              + over.text("state")
              + ": "
              + Console.printable(over.textOr("failure", "no reason is told")));
    }
  }

  private static String brief(String evidence) {
    return evidence.length() <= SHOWN ? evidence : evidence.substring(0, SHOWN) + "\u2026";
  }
}
