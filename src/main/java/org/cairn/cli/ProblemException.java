package org.cairn.cli;

/** The registry refused a request, and trying again would not help. */
final class ProblemException extends CliException {

  private static final long serialVersionUID = 1;

  private final transient ServerProblem problem;

  ProblemException(String what, ServerProblem problem) {
    super(problem.exitCode(), what + ": " + problem.text());
    this.problem = problem;
  }

  ServerProblem problem() {
    return problem;
  }

  int status() {
    return problem.status();
  }
}
