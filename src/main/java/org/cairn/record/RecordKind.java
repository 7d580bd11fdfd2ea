package org.cairn.record;

import java.util.List;

/**
 * A kind of thing whose rows are kept in the bucket; found as a CDI bean. That something of it
 * changed the triggers of {@code V10__records.sql} tell.
 */
public interface RecordKind {

  /** Name of the kind, as the triggers have it; stored, so never changed. */
  String name();

  /** Its tables in the order in which their rows can be inserted again. */
  List<String> tables();

  /**
   * SQL with the id of a thing as its parameter: the folder of its objects below {@code records/},
   * and its rows as a JSON object of one array for each of {@link #tables}. No row where there is
   * nothing to keep.
   */
  String select();
}
