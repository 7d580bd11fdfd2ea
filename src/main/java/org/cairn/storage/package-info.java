/**
 * Where the bytes lie: the port to an object store and its value types. Nothing above it knows how
 * or where objects are kept.
 */
@NullMarked
package org.cairn.storage;

import org.jspecify.annotations.NullMarked;
