package org.cairn.trajectory;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import org.cairn.platform.JsonLimits;

/** Rows as the items of one JSON object. */
final class StatisticsJson implements StatisticsSink {

  private static final ObjectMapper JSON = JsonLimits.mapper();

  private final JsonGenerator generator;

  StatisticsJson(OutputStream out) throws IOException {
    generator = JSON.createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
    generator.writeStartObject();
    generator.writeArrayFieldStart("items");
  }

  @Override
  public void write(StatisticsRow row) throws IOException {
    JSON.writeValue(generator, row);
  }

  @Override
  public void finish() throws IOException {
    generator.writeEndArray();
    generator.writeEndObject();
    generator.close();
  }
}
