/* Where the files that come with vnfault are: in its source tree, or installed beside its binary.
 */
#ifndef BASE_INSTALLATION_H
#define BASE_INSTALLATION_H

/*
 * Path of a file that comes with vnfault ('injectors/cpu.sh'). Looked for in $VNFAULT_DATA, then
 * from the folder of the running binary upwards: a source tree, or share/vnfault of what was
 * installed. Caller frees.
 */
char *path_of_data(const char *relative);

/*
 * Path of a compiled helper that is sent to targets ('delay-line'). Looked for in $VNFAULT_HELPERS,
 * then from the folder of the running binary upwards: a build tree, or libexec/vnfault of what was
 * installed. Caller frees.
 */
char *path_of_helper(const char *name);

#endif
