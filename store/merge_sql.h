/* Inside store/merge.c: what it does, as scripts: store/merge_*.sql, which say when each is run. */
#ifndef STORE_MERGE_SQL_H
#define STORE_MERGE_SQL_H

extern const char store_merge_begin[];
extern const char store_merge_note[];
extern const char store_merge_forget[];
extern const char store_merge_number[];
extern const char store_merge_copy[];
extern const char store_merge_copy_media[];
extern const char store_merge_end[];

#endif
