package org.cairn.cli;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a user points at: {@code project}, {@code project/run}, or {@code project/run@ref}.
 *
 * @param run null for a whole project
 * @param ref null for a whole run
 */
record RunAddress(String project, @Nullable String run, @Nullable String ref) {

  private static final Pattern TEXT = Pattern.compile("([^/@]+)(?:/([^/@]+)(?:@(.+))?)?");

  static RunAddress parse(String text) {
    var match = TEXT.matcher(text);
    if (!match.matches()) {
      throw new CliException(
          ExitCode.USAGE, text + ": expected PROJECT, PROJECT/RUN or PROJECT/RUN@CHECKPOINT");
    }
    LayoutScan.requireSlug("Project", match.group(1));
    if (match.group(2) != null) {
      LayoutScan.requireSlug("Run", match.group(2));
    }
    return new RunAddress(match.group(1), match.group(2), match.group(3));
  }

  static RunAddress of(String project, String run) {
    return new RunAddress(project, run, null);
  }

  static String projectPath(String project) {
    return "/v1/projects/" + ServerUrl.segment(project);
  }

  /** The run that a command needs. */
  String requireRun() {
    if (run == null) {
      throw new CliException(ExitCode.USAGE, project + ": expected PROJECT/RUN");
    }
    return run;
  }

  String path() {
    return projectPath(project) + "/runs/" + ServerUrl.segment(requireRun());
  }

  String checkpointPath(String label) {
    return path() + "/checkpoints/" + ServerUrl.segment(label);
  }

  @Override
  public String toString() {
    return project + (run == null ? "" : "/" + run) + (ref == null ? "" : "@" + ref);
  }
}
