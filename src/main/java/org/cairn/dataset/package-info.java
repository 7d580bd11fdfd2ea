/** Datasets and their versions: which files, by digest, by reference or withheld, a run read. */
@NullMarked
package org.cairn.dataset;

import org.jspecify.annotations.NullMarked;
