package org.cairn.trajectory;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.cairn.api.RegistryException;
import org.cairn.platform.Names;

/** A run as a request names it. */
record RunName(String project, String run) {

  /** Most runs of a request. */
  static final int MOST = 100;

  /** Reads {@code project/run,project/run}. */
  static List<RunName> parse(String text) {
    var names = text.split(",", -1);
    if (names.length > MOST) {
      throw RegistryException.invalid(
          "runs", "has " + names.length + " runs, at most " + MOST + " are read");
    }
    var runs = new LinkedHashSet<RunName>();
    for (int i = 0; i < names.length; i++) {
      var parts = names[i].strip().split("/", -1);
      if (parts.length != 2 || !Names.isSlug(parts[0]) || !Names.isSlug(parts[1])) {
        throw RegistryException.invalid("runs[" + i + "]", "is written as project/run");
      }
      if (!runs.add(new RunName(parts[0], parts[1]))) {
        throw RegistryException.invalid("runs[" + i + "]", "is there twice");
      }
    }
    return new ArrayList<>(runs);
  }

  @Override
  public String toString() {
    return project + "/" + run;
  }
}
