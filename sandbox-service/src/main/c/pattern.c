#include "pattern.h"

#include <stdlib.h>
#include <string.h>

static bool add(struct pattern *pattern, const char *text, size_t length) {
    char *copy = pattern->count < ALTERNATIVES_MAX ? strndup(text, length) : NULL;
    if (copy != NULL) {
        pattern->alternatives[pattern->count++] = copy;
    }
    return copy != NULL;
}

/** The end of the brace that begins at `open`, or NULL; *comma is whether there is a choice in it. */
static const char *closing(const char *open, bool *comma) {
    int depth = 0;
    *comma = false;
    for (const char *at = open; *at != 0; at++) {
        if (*at == '\\' && at[1] != 0) {
            at++;
        } else if (*at == '{') {
            depth++;
        } else if (*at == '}' && --depth == 0) {
            return at;
        } else if (*at == ',' && depth == 1) {
            *comma = true;
        }
    }
    return NULL;
}

static const char *first_choice(const char *text, const char **close) {
    for (const char *at = text; *at != 0; at++) {
        bool comma;
        if (*at == '\\' && at[1] != 0) {
            at++;
        } else if (*at == '{' && (*close = closing(at, &comma)) != NULL && comma) {
            return at;
        }
    }
    return NULL;
}

/** Replaces the first choice by each of its alternatives, and goes on with what comes of it. */
static bool expand(struct pattern *pattern, const char *text) {
    const char *close;
    const char *open = first_choice(text, &close);
    if (open == NULL) {
        return add(pattern, text, strlen(text));
    }
    int depth = 0;
    const char *begin = open + 1;
    for (const char *at = begin; at <= close; at++) {
        if (*at == '\\' && at < close) {
            at++;
        } else if (*at == '{') {
            depth++;
        } else if ((*at == ',' && depth == 0) || at == close) {
            char whole[PATTERN_BYTES_MAX + 1];
            size_t head = (size_t) (open - text);
            size_t middle = (size_t) (at - begin);
            memcpy(whole, text, head);
            memcpy(whole + head, begin, middle);
            strcpy(whole + head + middle, close + 1);
            if (pattern->count == ALTERNATIVES_MAX || !expand(pattern, whole)) {
                return false;
            }
            begin = at + 1;
        } else if (*at == '}') {
            depth--;
        }
    }
    return true;
}

bool pattern_parse(struct pattern *pattern, const char *text) {
    pattern->count = 0;
    return strlen(text) <= PATTERN_BYTES_MAX && expand(pattern, text);
}

void pattern_free(struct pattern *pattern) {
    while (pattern->count > 0) {
        free(pattern->alternatives[--pattern->count]);
    }
}

/** One of [...]: *end is behind it; NULL when it is not closed and the bracket stands for itself. */
static bool in_class(const char *open, const char *limit, unsigned char byte, const char **end) {
    const char *at = open + 1;
    bool negated = at < limit && (*at == '!' || *at == '^');
    at += negated ? 1 : 0;
    bool found = false;
    *end = NULL;
    for (const char *first = at; at < limit && (*at != ']' || at == first); at++) {
        unsigned char from = (unsigned char) *at;
        unsigned char to = from;
        if (at + 2 < limit && at[1] == '-' && at[2] != ']') {
            to = (unsigned char) at[2];
            at += 2;
        }
        found |= from <= byte && byte <= to;
    }
    if (at < limit) {
        *end = at + 1;
    }
    return found != negated;
}

/** Whether one byte of a name matches what stands at *at, which moves behind it. */
static bool byte_matches(const char **at, const char *limit, unsigned char byte) {
    const char *end;
    if (**at == '?') {
        *at += 1;
        return true;
    }
    if (**at == '[') {
        bool in = in_class(*at, limit, byte, &end);
        if (end != NULL) {
            *at = end;
            return in;
        }
    }
    if (**at == '\\' && *at + 1 < limit) {
        *at += 1;
    }
    return (unsigned char) *(*at)++ == byte;
}

/** One name against one part. Goes back to the last star only, so the work is at most the product of the lengths. */
static bool name_matches(const char *part, size_t part_length, const char *name, size_t name_length) {
    const char *limit = part + part_length;
    const char *name_end = name + name_length;
    const char *star = NULL;
    const char *resume = NULL;
    while (name < name_end) {
        if (part < limit && *part == '*') {
            star = ++part;
            resume = name;
            continue;
        }
        if (part < limit && byte_matches(&part, limit, (unsigned char) *name)) {
            name++;
            continue;
        }
        if (star == NULL) {
            return false;
        }
        part = star;
        name = ++resume;
    }
    while (part < limit && *part == '*') {
        part++;
    }
    return part == limit;
}

struct part {
    const char *text;
    size_t length;
};

/** Cuts at slashes; empty parts and "." are nothing. Returns -1 when there are more than `parts_max`. */
static int cut(const char *path, struct part *parts, int parts_max) {
    int count = 0;
    while (*path != 0) {
        size_t length = strcspn(path, "/");
        if (length > 0 && !(length == 1 && *path == '.')) {
            if (count == parts_max) {
                return -1;
            }
            parts[count++] = (struct part) {path, length};
        }
        path += length + (path[length] == '/' ? 1 : 0);
    }
    return count;
}

static bool is_any_directories(struct part part) {
    return part.length == 2 && part.text[0] == '*' && part.text[1] == '*';
}

static bool alternative_matches(const char *text, const struct part *names, int name_count) {
    struct part parts[PATTERN_PARTS_MAX];
    int part_count = cut(text, parts, PATTERN_PARTS_MAX);
    if (part_count <= 0) {
        return false;
    }
    // reached[n]: the parts so far match the first n names.
    bool reached[DEPTH_MAX + 2] = {true};
    for (int p = 0; p < part_count; p++) {
        bool next[DEPTH_MAX + 2] = {false};
        bool any = is_any_directories(parts[p]);
        bool last = p == part_count - 1;
        for (int n = 0; n <= name_count; n++) {
            if (any) {
                // At the end of a pattern, ** stands for files too: for one name at least.
                next[n] = (reached[n] && !last) || (n > 0 && (next[n - 1] || (last && reached[n - 1])));
            } else {
                next[n] = n > 0 && reached[n - 1]
                        && name_matches(parts[p].text, parts[p].length, names[n - 1].text, names[n - 1].length);
            }
        }
        memcpy(reached, next, sizeof reached);
    }
    return reached[name_count];
}

bool pattern_matches(const struct pattern *pattern, const char *path) {
    struct part names[DEPTH_MAX + 1];
    int name_count = cut(path, names, DEPTH_MAX + 1);
    for (int i = 0; name_count > 0 && i < pattern->count; i++) {
        if (alternative_matches(pattern->alternatives[i], names, name_count)) {
            return true;
        }
    }
    return false;
}

int pattern_names_max(const struct pattern *pattern) {
    int most = 0;
    for (int i = 0; i < pattern->count; i++) {
        struct part parts[PATTERN_PARTS_MAX];
        int count = cut(pattern->alternatives[i], parts, PATTERN_PARTS_MAX);
        for (int p = 0; p < count; p++) {
            if (is_any_directories(parts[p])) {
                return DEPTH_MAX;
            }
        }
        most = count > most ? count : most;
    }
    return most < DEPTH_MAX ? most : DEPTH_MAX;
}

size_t pattern_fixed_length(const struct pattern *pattern) {
    if (pattern->count != 1) {
        return 0;
    }
    const char *text = pattern->alternatives[0];
    size_t fixed = 0;
    for (const char *at = text; *at != 0 && strchr("*?[\\", *at) == NULL; at++) {
        if (*at == '/') {
            fixed = (size_t) (at - text) + 1;
        }
    }
    return fixed;
}
