/* Where a run goes that nobody gave a folder for. */
#ifndef CLI_RUN_FOLDER_H
#define CLI_RUN_FOLDER_H

/* results/NAME-YYYYMMDD-HHMMSS, of this instant in local time; `kind` is "", or "-calibration" to
 * come after the name. The caller frees. */
char *run_folder_default(const char *name, const char *kind);

#endif
