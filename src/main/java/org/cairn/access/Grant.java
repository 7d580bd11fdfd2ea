package org.cairn.access;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import org.cairn.platform.Names;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A role in a project, which need not exist yet: its writer may create it. */
record Grant(
    @Schema(description = "Name of a project, or * for all of them")
        @NotNull
        @Pattern(regexp = "\\*|" + Names.SLUG, message = "must be the name of a project or *")
        String project,
    @NotNull Role role) {

  /** Every project. */
  static final String ALL = "*";

  boolean isAbout(String name) {
    return project.equals(ALL) || project.equalsIgnoreCase(name);
  }
}
