// Path patterns: * and ? within a name, [a-z] and [!a-z] for one byte of it, {a,b} for either, ** for any directories.
#ifndef HANDD_PATTERN_H
#define HANDD_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#define PATTERN_BYTES_MAX 1024
/** What the braces of one pattern may stand for. */
#define ALTERNATIVES_MAX 64
#define PATTERN_PARTS_MAX 64
/** Directories below one another that a walk goes into. */
#define DEPTH_MAX 100

struct pattern {
    int count;
    char *alternatives[ALTERNATIVES_MAX];
};

/** False when it is longer than the limits allow. */
bool pattern_parse(struct pattern *pattern, const char *text);
void pattern_free(struct pattern *pattern);

/** How many names a path can have that matches: DEPTH_MAX when there is a **. */
int pattern_names_max(const struct pattern *pattern);
/** The length of the directories that every match begins with, with the last slash: of "src/main/" in "src/main/x*.c". */
size_t pattern_fixed_length(const struct pattern *pattern);

/** A path relative to where the pattern begins. A leading dot in a name is nothing special. */
bool pattern_matches(const struct pattern *pattern, const char *path);

#endif
