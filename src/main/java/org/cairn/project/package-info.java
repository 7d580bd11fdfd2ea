/** Projects: the namespaces that own runs, datasets and configurations. */
@NullMarked
package org.cairn.project;

import org.jspecify.annotations.NullMarked;
