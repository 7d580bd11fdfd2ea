package org.cairn.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "tensor",
    description = "Reads one tensor across the checkpoints of a run, without the rest of them.",
    footer = {
      "",
      "safetensors has an entry for each checkpoint, called as its label. npy has them stacked, in",
      "the order of the steps that the command prints; arrow has columns label, step, tokens and",
      "tensor. Both need tensors of one type and shape.",
      "",
      "Examples:",
      "  cairn tensor lab/my-run embed.weight --spacing log --points 20",
      "  cairn tensor lab/my-run embed.weight --steps 0,1,2,512 --format npy -o embed.npy",
      "  cairn tensor lab/my-run lm_head.weight --slice 0:128,: --step-from 1000"
    })
final class TensorCommand implements Callable<Integer> {

  private static final List<String> FORMATS = List.of("safetensors", "npy", "arrow");

  @Spec
  @SuppressWarnings("NullAway.Init")
  CommandSpec spec;

  @Parameters(index = "0", paramLabel = "PROJECT/RUN", description = "The run.")
  @SuppressWarnings("NullAway.Init")
  String address;

  @Parameters(index = "1", paramLabel = "NAME", description = "The tensor.")
  @SuppressWarnings("NullAway.Init")
  String name;

  @Option(names = "--from", paramLabel = "URL", description = "The registry (else $CAIRN_URL).")
  @Nullable String from;

  @Option(names = "--steps", paramLabel = "N,N", description = "Only these steps.")
  @Nullable String steps;

  @Option(names = "--step-from", paramLabel = "N", description = "From this step on.")
  @Nullable Long stepFrom;

  @Option(names = "--step-to", paramLabel = "N", description = "Up to this step.")
  @Nullable Long stepTo;

  @Option(
      names = "--spacing",
      paramLabel = "log|linear",
      description = "A few checkpoints, evenly spaced.")
  @Nullable String spacing;

  @Option(names = "--points", paramLabel = "N", description = "How many of them (20).")
  @Nullable Integer points;

  @Option(names = "--stage", paramLabel = "STAGE", description = "Only this stage.")
  @Nullable String stage;

  @Option(names = "--branch", paramLabel = "BRANCH", description = "Only this branch.")
  @Nullable String branch;

  @Option(
      names = "--slice",
      paramLabel = "SLICE",
      description = "Part of each tensor, as NumPy writes it: 0:128,:,3.")
  @Nullable String slice;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "safetensors",
      description = "safetensors, npy or arrow (${DEFAULT-VALUE}).")
  String format = "";

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE",
      description = "The file to write (else named after the tensor); what is there is replaced.")
  @Nullable Path out;

  @Option(names = "--json", description = "Prints what was written as one JSON object.")
  boolean json;

  @Override
  public Integer call() {
    var console = Cairn.console(spec);
    var run = RunAddress.parse(address);
    if (run.ref() != null) {
      throw new CliException(
          ExitCode.USAGE, address + ": expected PROJECT/RUN; --steps chooses checkpoints");
    }
    if (!FORMATS.contains(format)) {
      throw new CliException(ExitCode.USAGE, "--format is one of " + FORMATS);
    }
    var file = out == null ? Path.of(fileName(name, format)) : out;
    var path = run.path() + "/tensors/" + ServerUrl.path(name) + query();
    try (var transport = new Transport(Transport.STALL)) {
      var api = new Api(ServerUrl.of(from), transport, Retry.PATIENT, Cairn.token(spec));
      var series = new SeriesDownload(api, console, path, file).run();
      report(series, file, console);
      return ExitCode.OK;
    }
  }

  private String query() {
    var query = new ArrayList<String>();
    add(query, "steps", steps);
    add(query, "stepFrom", stepFrom);
    add(query, "stepTo", stepTo);
    add(query, "spacing", spacing);
    add(query, "points", points);
    add(query, "stage", stage);
    add(query, "branch", branch);
    add(query, "slice", slice);
    add(query, "format", format);
    return "?" + String.join("&", query);
  }

  private static void add(List<String> query, String name, @Nullable Object value) {
    if (value != null) {
      query.add(name + "=" + ServerUrl.segment(value.toString()));
    }
  }

  /** A tensor may be called anything, so only what every file system takes is kept. */
  static String fileName(String tensor, String format) {
    var name = tensor.replaceAll("[^A-Za-z0-9._-]+", "_").replaceFirst("^[.-]+", "_");
    var bounded = name.length() <= 120 ? name : name.substring(0, 120);
    return bounded + (format.equals("arrow") ? ".arrows" : "." + format);
  }

  private void report(SeriesDownload.Series series, Path file, Console console) {
    if (json) {
      var object = Json.object();
      object.put("file", file.toString()).put("size", series.size());
      object.put("checkpoints", series.checkpoints()).put("withoutTensor", series.without());
      series.steps().forEach(object.putArray("steps")::add);
      console.result(Json.text(object));
      return;
    }
    console.result(
        "%s: %d checkpoints, %s".formatted(file, series.checkpoints(), Sizes.bytes(series.size())));
    if (!series.steps().isEmpty()) {
      console.result(
          "steps " + String.join(",", series.steps().stream().map(String::valueOf).toList()));
    }
    if (series.without() > 0) {
      console.warn("checkpoints without the tensor are left out: " + series.without());
    }
  }
}
