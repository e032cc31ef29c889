/* Folders of a lab: its state and the data of its hosts. */
#ifndef LAB_FOLDERS_H
#define LAB_FOLDERS_H

#include "base/error.h"
#include "lab/lab.h"

/* Makes the folders below the lab's state folder, and the data folders. */
int folders_make(const struct lab *lab, struct error *error);

/* Removes both, and the folders above them once no lab is in them. No error if they aren't
 * there. */
int folders_remove(const struct lab *lab, struct error *error);

#endif
