/** Datasets and their immutable versions: what a run read, file by file. */
@NullMarked
package org.cairn.dataset;

import org.jspecify.annotations.NullMarked;
