/**
 * Bytes in and out: uploads and their verification, artifacts, and the HTTP answers that carry
 * them.
 */
@NullMarked
package org.cairn.artifact;

import org.jspecify.annotations.NullMarked;
