package org.cairn.checkpoint;

import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import org.jspecify.annotations.Nullable;

/** Spells a state in the database as on the wire. */
@Converter
class StateConverter implements AttributeConverter<CheckpointState, String> {

  @Override
  public @Nullable String convertToDatabaseColumn(@Nullable CheckpointState state) {
    return state == null ? null : Wire.name(state);
  }

  @Override
  public @Nullable CheckpointState convertToEntityAttribute(@Nullable String column) {
    return column == null ? null : Wire.parse(CheckpointState.class, column);
  }
}
