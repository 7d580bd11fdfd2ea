package org.cairn.access;

/** Tells what is private; whoever has a table of such things has one of these. */
public interface PrivacySource {

  Thing.Kind kind();

  /**
   * A statement with at most one row: the project's name as its owner spelt it, whether the project
   * is private, and whether the member is, null where there is no such member. Its parameters are
   * the names of the member and of the project, or that of the project alone.
   */
  String statement();

  /** The statement where {@code table} holds members of projects, with their names. */
  static String ofMembers(String table) {
    return """
    select p.name, p.is_private, m.is_private
    from project p left join %s m on m.project_id = p.id and lower(m.name) = lower(?)
    where lower(p.name) = lower(?)
    """
        .formatted(table);
  }
}
