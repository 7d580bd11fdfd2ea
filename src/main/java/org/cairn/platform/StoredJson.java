package org.cairn.platform;

import io.quarkus.hibernate.orm.JsonFormat;
import io.quarkus.hibernate.orm.PersistenceUnitExtension;
import org.hibernate.type.descriptor.WrapperOptions;
import org.hibernate.type.descriptor.java.JavaType;
import org.hibernate.type.format.FormatMapper;
import org.hibernate.type.format.jackson.JacksonJsonFormatMapper;

/**
 * JSON columns are read as requests are: with another mapper 1.5 would be another number to
 * Hibernate, which would take every row that it reads for changed.
 */
@JsonFormat
@PersistenceUnitExtension
final class StoredJson implements FormatMapper {

  private final FormatMapper jackson = new JacksonJsonFormatMapper(JsonLimits.mapper());

  @Override
  public <T> T fromString(CharSequence text, JavaType<T> type, WrapperOptions options) {
    return jackson.fromString(text, type, options);
  }

  @Override
  public <T> String toString(T value, JavaType<T> type, WrapperOptions options) {
    return jackson.toString(value, type, options);
  }
}
