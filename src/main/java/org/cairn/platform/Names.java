package org.cairn.platform;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The grammar of what clients may call things. Projects, runs and datasets obey the Hub's rule for
 * repository names, so that every run is a Hub repository.
 */
public final class Names {

  /** Slug of a project, run or dataset; at most 96 characters. */
  public static final String SLUG =
      "(?!.*(--|\\.\\.))(?!.*\\.git$)[A-Za-z0-9_]([A-Za-z0-9_.-]{0,94}[A-Za-z0-9_])?";

  public static final String SLUG_MESSAGE =
      "must be 1 to 96 of A-Z a-z 0-9 _ . - , begin and end with a letter, digit or _, and contain neither -- nor .. nor end"
          + " in .git";

  /** Stage or branch of a checkpoint, name of a segment; empty for a run that has only one. */
  public static final String PART = "|[A-Za-z0-9_]([A-Za-z0-9_.-]{0,94}[A-Za-z0-9_])?";

  public static final String PART_MESSAGE =
      "must be empty or 1 to 96 of A-Z a-z 0-9 _ . - , beginning and ending with a letter, digit or _";

  /** Longest label: labels include whole addresses. */
  public static final int LABEL_MAX = 512;

  /** Longest path of a file in a checkpoint, run or dataset version, in bytes of UTF-8. */
  public static final int PATH_MAX = 1024;

  private static final Set<String> RESERVED_PROJECTS =
      Set.of(
          "api",
          "datasets",
          "spaces",
          "models",
          "kernels",
          "buckets",
          "resolve",
          "raw",
          "docs",
          "q",
          "xet",
          "lfs",
          "v1",
          "oauth",
          "uploads");

  private static final Set<String> RESERVED_LABELS = Set.of("latest", "terminal", "head", "bulk");
  private static final Pattern SLUGS = Pattern.compile(SLUG);
  private static final Pattern PARTS = Pattern.compile(PART);
  private static final Pattern COMMIT = Pattern.compile("[0-9a-fA-F]{40}");
  private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:.*");

  private Names() {}

  /** Whether {@code name} could be the name of a project, run or dataset. */
  public static boolean isSlug(String name) {
    return SLUGS.matcher(name).matches();
  }

  /** Whether {@code name} could be the name of a segment, stage or branch; it may be empty. */
  public static boolean isPart(String name) {
    return PARTS.matcher(name).matches();
  }

  /** Projects whose name would collide with a route of the service or of the Hub protocol. */
  public static boolean isReservedProject(String name) {
    return RESERVED_PROJECTS.contains(name.toLowerCase(Locale.ROOT));
  }

  /** Why {@code label} is no label, or an empty text. */
  public static String faultOfLabel(String label) {
    if (label.isEmpty() || label.length() > LABEL_MAX) {
      return "a label has 1 to " + LABEL_MAX + " characters";
    }
    if (label.chars().anyMatch(c -> Character.isSpaceChar(c) || Character.isISOControl(c))) {
      return "a label has neither spaces nor control characters";
    }
    if (!wellFormed(label)) {
      return "a label is well-formed Unicode";
    }
    if (RESERVED_LABELS.contains(label.toLowerCase(Locale.ROOT))) {
      return "the label " + label + " is reserved";
    }
    if (COMMIT.matcher(label).matches()) {
      return "a label of 40 hexadecimal digits would be taken for a commit";
    }
    if (label.startsWith("sha256:")) {
      return "a label may not begin with sha256:, which addresses content";
    }
    return "";
  }

  /**
   * Why {@code path} is no path of a file, or an empty text. Clients write these paths to their
   * disks, so nothing in them may climb out of a folder, be absolute on any platform, or name a
   * folder that tools treat as their own.
   */
  public static String faultOfPath(String path) {
    if (path.isEmpty() || path.getBytes(StandardCharsets.UTF_8).length > PATH_MAX) {
      return "a path has 1 to " + PATH_MAX + " bytes";
    }
    if (path.chars().anyMatch(c -> c == '\\' || Character.isISOControl(c))) {
      return "a path has neither backslashes nor control characters";
    }
    if (!wellFormed(path)) {
      return "a path is well-formed Unicode";
    }
    if (path.startsWith("/") || DRIVE.matcher(path).matches()) {
      return "a path is relative";
    }
    for (var segment : path.split("/", -1)) {
      if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
        return "a path has no empty, . or .. segment";
      }
      if (segment.length() > 255) {
        return "a segment of a path has at most 255 characters";
      }
      var lower = segment.toLowerCase(Locale.ROOT);
      if (lower.equals(".git") || lower.equals(".cache")) {
        return "a path does not enter .git or .cache";
      }
    }
    return "";
  }

  /** Why these paths cannot lie in one folder, or an empty text. */
  public static String faultOfPaths(Collection<String> paths) {
    var seen = new HashSet<String>();
    for (var path : paths) {
      if (!seen.add(path)) {
        return "the path " + path + " appears twice";
      }
    }
    for (var path : paths) {
      for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
        if (seen.contains(path.substring(0, slash))) {
          return path.substring(0, slash) + " is a file and a folder of " + path;
        }
      }
    }
    return "";
  }

  private static boolean wellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isHighSurrogate(text.charAt(i))) {
        if (i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(++i))) {
          return false;
        }
      } else if (Character.isLowSurrogate(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }
}
