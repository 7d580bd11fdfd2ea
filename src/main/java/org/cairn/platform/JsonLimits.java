package org.cairn.platform;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.quarkus.arc.All;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;

/** How JSON from strangers is read: bounded, strict, and exact in its numbers. */
public final class JsonLimits {

  /** Deepest nesting of a request. */
  public static final int DEPTH = 64;

  /** Longest string of a request, in characters. */
  public static final int STRING = 1 << 20;

  private JsonLimits() {}

  /** A mapper with these limits and nothing of CDI: for tests and for the command line. */
  public static ObjectMapper mapper() {
    var mapper = new ObjectMapper(factory());
    configure(mapper);
    return mapper;
  }

  private static JsonFactory factory() {
    return JsonFactory.builder()
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(DEPTH)
                .maxStringLength(STRING)
                .maxNumberLength(100)
                .maxNameLength(1_000)
                .build())
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .build();
  }

  @SuppressWarnings(
      "deprecation") // disabling a MapperFeature on a built mapper has no other spelling in Jackson
  // 2
  private static void configure(ObjectMapper mapper) {
    mapper
        .registerModule(new JavaTimeModule())
        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
        .setDefaultPropertyInclusion(com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL);
  }

  static final class MapperProducer {
    @Produces
    @Singleton
    ObjectMapper objectMapper(@All List<ObjectMapperCustomizer> customizers) {
      var mapper = new ObjectMapper(factory());
      customizers.stream().sorted().forEach(customizer -> customizer.customize(mapper));
      configure(mapper);
      return mapper;
    }
  }
}
