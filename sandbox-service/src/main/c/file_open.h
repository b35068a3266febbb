// Opening and replacing regular files.
#ifndef HANDD_FILE_OPEN_H
#define HANDD_FILE_OPEN_H

#include "bytes.h"

#include <sys/stat.h>

/** Opens a regular file for reading; -1, with errno: EISDIR, or EINVAL for anything else that is no regular file. */
int open_regular(const char *path, struct stat *status);

/**
 * Puts the content in the place of the file, by rename where the directory allows it; makes missing directories; keeps the
 * mode; follows symbolic links. 0, or errno.
 */
int replace_file(const char *path, const void *content, size_t length, bool *created);

/** What went wrong, in words for the model. */
const char *file_error(int error);

#endif
