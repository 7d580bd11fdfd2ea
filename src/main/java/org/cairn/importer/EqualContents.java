package org.cairn.importer;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.cairn.importer.ContentListing.Published;

/**
 * Checkpoints of one repository that are said to be of different steps and have the same bytes. Of
 * the 154 branches of pythia-2.8b 76 have one content and ten another.
 */
final class EqualContents {

  /** Digests of which less is known are not compared. */
  private static final int DIGITS = 16;

  private EqualContents() {}

  /**
   * @param resting steps at which the learning rate was zero: the weights after are those before
   */
  static List<Fault> check(String file, List<Published> published, Set<Long> resting) {
    var repositories = new LinkedHashMap<String, List<Published>>();
    published.forEach(
        one -> repositories.computeIfAbsent(one.repository(), name -> new ArrayList<>()).add(one));
    var faults = new ArrayList<Fault>();
    repositories.forEach((repository, members) -> {
      var contents = new TreeMap<String, List<Published>>();
      for (var one : members) {
        var digest = one.digest();
        if (digest != null && digest.length() >= DIGITS) {
          contents.computeIfAbsent(digest.substring(0, DIGITS), key -> new ArrayList<>()).add(one);
        }
      }
      contents.values().stream()
          .filter(equal -> equal.stream().mapToLong(Published::step).distinct().count() > 1)
          .forEach(equal -> faults.add(fault(file, repository, members, equal, resting)));
    });
    return faults;
  }

  private static Fault fault(
      String file,
      String repository,
      List<Published> members,
      List<Published> equal,
      Set<Long> resting) {
    var steps = equal.stream().map(Published::step).distinct().sorted().toList();
    boolean explained = EqualResults.rests(steps.getFirst(), steps.getLast(), resting);
    var digest = String.valueOf(equal.getFirst().digest());
    var evidence =
        JsonNodeFactory.instance
            .objectNode()
            .put("file", file)
            .put("repository", repository)
            .put("digest", digest)
            .put("checkpoints", equal.size())
            .put("listed", members.size())
            .put("withoutDigest", members.stream().filter(one -> one.digest() == null).count());
    var told = evidence.putArray("steps");
    steps.forEach(told::add);
    evidence.set("lines", Fault.lines(equal.stream().map(Published::line).toList()));
    if (explained) {
      evidence.put("cause", "the learning rate is 0 at the steps between");
    }
    return new Fault(
        explained ? "duplicate-content-explained" : "duplicate-content",
        "repository " + repository + " content " + digest.substring(0, DIGITS),
        evidence);
  }
}
