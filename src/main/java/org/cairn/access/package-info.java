/**
 * Who may do what: tokens, what they are allowed, and the one place where every request is asked
 * for it.
 */
@NullMarked
package org.cairn.access;

import org.jspecify.annotations.NullMarked;
