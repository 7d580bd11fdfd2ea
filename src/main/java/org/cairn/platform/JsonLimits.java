package org.cairn.platform;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.quarkus.arc.All;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How JSON from strangers is read: bounded, strict, and exact in its numbers. */
public final class JsonLimits {

  /** Deepest nesting of a request. */
  public static final int DEPTH = 64;

  /** Longest string of a request, in characters. */
  public static final int STRING = 1 << 20;

  /** Longest name of a field, in characters. */
  public static final int NAME = 1_000;

  /** Longest number, in characters: JSON columns write 1e300 with all its zeros. */
  public static final int NUMBER = 1_000;

  /** Largest request, in bytes: a dataset version of 100,000 files fits. */
  public static final long DOCUMENT = 64L << 20;

  /** Most tokens of a request, so that a small one cannot become millions of objects. */
  public static final long TOKENS = 4_000_000;

  private static final int FIRST_YEAR = 1900;
  private static final int LAST_YEAR = 9998;

  private JsonLimits() {}

  /** Why a text cannot be stored, or an empty text: PostgreSQL has no NUL, UTF-8 no half pairs. */
  public static String faultOfText(String text) {
    for (int i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      if (c == 0) {
        return "has a NUL character";
      }
      if (Character.isSurrogate(c)) {
        if (Character.isLowSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(++i))) {
          return "is not well-formed Unicode";
        }
      }
    }
    return "";
  }

  /** A mapper with these limits and nothing of CDI: for tests and for the command line. */
  public static ObjectMapper mapper() {
    var mapper = new ObjectMapper(factory());
    configure(mapper);
    return mapper;
  }

  private static JsonFactory factory() {
    return new BoundedJsonFactory(
        new JsonFactoryBuilder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH)
                    .maxStringLength(STRING)
                    .maxNumberLength(NUMBER)
                    .maxNameLength(NAME)
                    .maxDocumentLength(DOCUMENT)
                    .maxTokenCount(TOKENS)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // 100.0 is answered as it will be read back from a JSON column: 100, not 1E+2.
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN));
  }

  @SuppressWarnings(
      "deprecation") // disabling a MapperFeature on a built mapper has no other spelling in Jackson
  // 2
  private static void configure(ObjectMapper mapper) {
    mapper
        .registerModule(new JavaTimeModule())
        .registerModule(
            new SimpleModule("texts")
                .addDeserializer(String.class, new Texts())
                .addDeserializer(Instant.class, new Times())
                .addKeyDeserializer(String.class, new TextKeys()))
        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
        .setDefaultPropertyInclusion(com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL);
  }

  /** Every text of a request is one, and can be stored. */
  private static final class Texts extends StdScalarDeserializer<String> {
    Texts() {
      super(String.class);
    }

    @Override
    public String deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      if (!parser.hasToken(JsonToken.VALUE_STRING)) {
        return (String) context.handleUnexpectedToken(String.class, parser);
      }
      var text = parser.getText();
      var fault = faultOfText(text);
      if (!fault.isEmpty()) {
        throw ValueInstantiationException.from(
            parser,
            fault,
            context.constructType(String.class),
            new IllegalArgumentException(fault));
      }
      return text;
    }
  }

  /** Every time of a request is a text as in RFC 3339, and can be stored. */
  private static final class Times extends StdScalarDeserializer<Instant> {
    Times() {
      super(Instant.class);
    }

    @Override
    public Instant deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      if (!parser.hasToken(JsonToken.VALUE_STRING)) {
        return (Instant) context.handleUnexpectedToken(Instant.class, parser);
      }
      try {
        var time = OffsetDateTime.parse(parser.getText(), DateTimeFormatter.ISO_OFFSET_DATE_TIME);
        if (time.getYear() >= FIRST_YEAR && time.getYear() <= LAST_YEAR) {
          return time.toInstant().truncatedTo(ChronoUnit.MICROS);
        }
      } catch (DateTimeException e) {
        return refuse(parser, context, e);
      }
      return refuse(parser, context, null);
    }

    private static Instant refuse(
        JsonParser parser, DeserializationContext context, @Nullable Exception cause)
        throws IOException {
      var fault =
          "is not a time as in RFC 3339, such as 2026-01-31T12:00:00Z, of the years "
              + FIRST_YEAR
              + " to "
              + LAST_YEAR;
      throw ValueInstantiationException.from(
          parser,
          fault,
          context.constructType(Instant.class),
          new IllegalArgumentException(fault, cause));
    }
  }

  private static final class TextKeys extends KeyDeserializer {
    @Override
    public Object deserializeKey(String key, DeserializationContext context) throws IOException {
      var fault = faultOfText(key);
      if (!fault.isEmpty()) {
        throw ValueInstantiationException.from(
            context.getParser(),
            fault,
            context.constructType(String.class),
            new IllegalArgumentException(fault));
      }
      return key;
    }
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
