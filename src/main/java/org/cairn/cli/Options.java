package org.cairn.cli;

/** What options of several commands have in common. */
final class Options {

  /** More transfers at a time than this help nobody and look like an attack. */
  private static final int MOST_JOBS = 64;

  private Options() {}

  static void requireJobs(int jobs) {
    if (jobs < 1 || jobs > MOST_JOBS) {
      throw new CliException(ExitCode.USAGE, "--jobs is 1 to " + MOST_JOBS);
    }
  }
}
