package org.cairn.trajectory;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.List;
import java.util.stream.Collectors;
import org.cairn.artifact.ContentDelivery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The HTTP answers that carry a series, with headers that say which checkpoints it has. */
@ApplicationScoped
class SeriesDelivery {

  /** Longest list of steps in a header, in characters: proxies refuse much longer ones. */
  private static final int STEPS_MAX = 2000;

  private final TensorSeriesReader reader;

  SeriesDelivery(TensorSeriesReader reader) {
    this.reader = reader;
  }

  RestResponse<?> get(
      TensorSeries series, @Nullable String slice, String format, HttpHeaders headers) {
    var content = reader.content(series, slice, SeriesFormat.parse(format));
    return described(series, ContentDelivery.get(content, headers));
  }

  RestResponse<?> head(
      TensorSeries series, @Nullable String slice, String format, HttpHeaders headers) {
    var content = reader.content(series, slice, SeriesFormat.parse(format));
    return described(series, ContentDelivery.head(content, headers));
  }

  private static RestResponse<?> described(TensorSeries series, RestResponse<?> response) {
    var headers = response.getHeaders();
    headers.add("Cairn-Checkpoints", series.points().size());
    headers.add("Cairn-Without-Tensor", series.without());
    if (series.severalRuns()) {
      headers.add("Cairn-Run-Checkpoints", list(series.counts()));
    }
    var steps = list(series.steps());
    if (steps.length() <= STEPS_MAX) {
      headers.add("Cairn-Steps", steps);
    }
    return response;
  }

  private static String list(List<Long> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
  }
}
