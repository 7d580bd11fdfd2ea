package org.cairn.importer;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import org.cairn.importer.ListedCheckpoint.Counter;

/**
 * Something wrong with a listing.
 *
 * @param kind class of the finding, as a slug
 * @param subject what it is about: a listing, and a counter of steps in it
 * @param evidence exact values, and the lines where they were read
 */
record Fault(String kind, String subject, ObjectNode evidence) {

  /** Most lines that are told of one thing. */
  private static final int LINES = 50;

  /** A fault of a whole listing, without evidence yet but its name. */
  static Fault of(String kind, Listing listing) {
    return new Fault(
        kind,
        "listing " + listing.name(),
        JsonNodeFactory.instance.objectNode().put("file", listing.name()));
  }

  /** The same with what it says in a sentence, as {@code summary} of the evidence. */
  Fault summed() {
    var sentence = FaultSentence.of(kind, evidence);
    return sentence.isEmpty()
        ? this
        : new Fault(kind, subject, evidence.deepCopy().put("summary", sentence));
  }

  /** A fault of one counter of a listing. */
  static Fault of(String kind, Listing listing, Counter counter) {
    var whole = of(kind, listing);
    if (!counter.stage().isEmpty()) {
      whole.evidence().put("stage", counter.stage());
    }
    if (!counter.branch().isEmpty()) {
      whole.evidence().put("branch", counter.branch());
    }
    var where = counter.toString();
    return where.isEmpty()
        ? whole
        : new Fault(kind, whole.subject() + " " + where, whole.evidence());
  }

  /** The first of these numbers, as evidence. */
  static ArrayNode lines(Collection<Integer> numbers) {
    var array = JsonNodeFactory.instance.arrayNode();
    numbers.stream().limit(LINES).forEach(array::add);
    return array;
  }
}
