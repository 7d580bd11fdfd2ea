package org.cairn.api;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One page of a listing; {@code nextPageToken} is absent on the last page. */
public record PageView<T>(List<T> items, @Nullable String nextPageToken) {

  /** Makes a page of {@code size} out of rows read with a limit of {@code size + 1}. */
  public static <R, T> PageView<T> of(
      List<R> rows, int size, Function<R, T> view, Function<R, PageToken> token) {
    var more = rows.size() > size;
    var shown = more ? rows.subList(0, size) : rows;
    return new PageView<>(
        shown.stream().map(view).toList(), more ? token.apply(shown.getLast()).toString() : null);
  }
}
