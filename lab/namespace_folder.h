/* /run/netns, the folder of named network namespaces, which labs share with all of this machine. */
#ifndef LAB_NAMESPACE_FOLDER_H
#define LAB_NAMESPACE_FOLDER_H

#include "base/error.h"

/* To be called before the first namespace of a lab is made: notes it if the folder isn't in use,
 * as `ip netns add` then leaves a mount that nothing else would take away. */
int namespace_folder_note(struct error *error);

/* To be called after the namespaces of a lab are removed: takes that mount and the folder away
 * again if it was noted and no namespace is left. */
int namespace_folder_restore(struct error *error);

#endif
