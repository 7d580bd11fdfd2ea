package org.cairn.importer;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/**
 * Something that an import changes in the catalogue.
 *
 * @param thing what it is: run, checkpoint, configuration, schedule, evaluation, file
 * @param name of the thing in its run
 * @param detail exact values, and where they were read
 */
public record ImportChange(String run, Kind kind, String thing, String name, ObjectNode detail) {

  public enum Kind {
    /** It was not there before. */
    APPEARED,
    /** A checkpoint is somewhere else than it was. */
    MOVED,
    /** Something else is said of it. */
    CHANGED,
    /** It is not listed any more; what the catalogue knows of it stays. */
    VANISHED;

    /** The spelling on the wire and in the database. */
    @JsonValue
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Kind parse(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }

  static ImportChange appeared(String run, String thing, String name) {
    return new ImportChange(run, Kind.APPEARED, thing, name, JsonNodeFactory.instance.objectNode());
  }
}
