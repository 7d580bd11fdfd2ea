package org.cairn.api;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** Words of a request that mean one of a few things. */
public final class Choice {

  private Choice() {}

  /**
   * The one that is written {@code word}.
   *
   * @param field what the request calls it
   * @param text how each of {@code all} is written
   * @throws RegistryException naming all of them, where the word is none
   */
  public static <T> T of(String field, T[] all, Function<T, String> text, String word) {
    return Arrays.stream(all)
        .filter(one -> text.apply(one).equals(word))
        .findFirst()
        .orElseThrow(() -> invalid(field, Arrays.stream(all).map(text).toList()));
  }

  private static RegistryException invalid(String field, List<String> words) {
    return RegistryException.invalid(field, "must be one of " + words);
  }
}
