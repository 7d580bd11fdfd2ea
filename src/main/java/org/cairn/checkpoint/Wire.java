package org.cairn.checkpoint;

import java.util.Locale;

/** How the constants of this package's enums are spelt in JSON and in the database. */
final class Wire {

  private Wire() {}

  /** SHARD_INDEX becomes shard-index. */
  static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static <E extends Enum<E>> E parse(Class<E> type, String name) {
    return Enum.valueOf(type, name.toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
