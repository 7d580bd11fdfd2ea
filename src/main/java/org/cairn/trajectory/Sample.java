package org.cairn.trajectory;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** The first few of many things, and how many there were. */
final class Sample<T> {

  private static final int SHOWN = 20;

  private final List<T> first = new ArrayList<>();
  private int count;

  void add(T thing) {
    count++;
    if (first.size() < SHOWN) {
      first.add(thing);
    }
  }

  int count() {
    return count;
  }

  List<T> first() {
    return first;
  }

  /** Writes how many there were, and answers the array that wants the first of them. */
  ArrayNode put(ObjectNode evidence, String field) {
    return evidence.putObject(field).put("count", count).putArray("first");
  }
}
