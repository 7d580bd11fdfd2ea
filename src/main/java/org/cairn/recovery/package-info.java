/**
 * Makes the catalogue again from the bucket alone: records and manifests become rows, and every
 * stored byte is hashed and indexed again.
 */
@NullMarked
package org.cairn.recovery;

import org.jspecify.annotations.NullMarked;
