package org.cairn.api;

import java.util.List;

/** A failure that a client can act on; its {@link ProblemType} decides the status. */
public final class RegistryException extends RuntimeException {

  private final transient List<Problem.Violation> violations;
  private final ProblemType type;

  public RegistryException(ProblemType type, String detail, List<Problem.Violation> violations) {
    super(detail);
    this.type = type;
    this.violations = List.copyOf(violations);
  }

  public RegistryException(ProblemType type, String detail) {
    this(type, detail, List.of());
  }

  /** Nothing of this kind has this name. */
  public static RegistryException notFound(String what, Object name) {
    return new RegistryException(ProblemType.NOT_FOUND, "No " + what + " " + name);
  }

  /**
   * A field breaks a limit; {@code field} is the client's spelling, such as {@code files[3].path}.
   */
  public static RegistryException invalid(String field, String message) {
    return new RegistryException(
        ProblemType.INVALID_REQUEST,
        field + ": " + message,
        List.of(new Problem.Violation(field, message)));
  }

  public static RegistryException conflict(String detail) {
    return new RegistryException(ProblemType.CONFLICT, detail);
  }

  public ProblemType type() {
    return type;
  }

  public List<Problem.Violation> violations() {
    return violations;
  }
}
