package org.cairn.api;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Whom a method of a resource admits, where its verb and the project in its address do not say so.
 * Without this, methods that change something admit writers of the project, others its readers; and
 * where no project is in the address, administrators alone.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Admits {

  Rule value();

  /** Whom. */
  enum Rule {
    /**
     * Readers of what is in the address: for a POST that only reads. Without a project in the
     * address whoever may read what is public: the method hides what is private.
     */
    READERS,
    /** Writers of the project in the address: for a GET that opens a way to write. */
    WRITERS,
    /** Writers of any project: for what belongs to none, and is found by who knows its id. */
    WRITERS_OF_ANYTHING,
    /**
     * As the above, or for safe methods as READERS, and then the method asks the access package
     * itself about what its body or query names.
     */
    ITS_OWN_CHECK,
    ADMINISTRATORS,
    /** As ADMINISTRATORS; and whoever may write, where no administrator is configured. */
    OPERATORS,
    /** Everybody, whatever token they bring: it says nothing of anything, or has its own tokens. */
    EVERYBODY
  }
}
