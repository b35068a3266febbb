package dev.handloom.sandbox.hands.jvm;

/** What a file system says no with: the errno's name, what it means, the path. The shell looks for the name. */
final class FileRefused extends Exception {
    private static final long serialVersionUID = 1;

    enum Errno {
        EEXIST("file exists"),
        EINVAL("invalid argument"),
        EISDIR("is a directory"),
        ELOOP("too many levels of symbolic links"),
        ENAMETOOLONG("file name too long"),
        ENOENT("no such file or directory"),
        ENOSPC("no space left on device"),
        ENOTDIR("not a directory"),
        ENOTEMPTY("directory not empty"),
        EPERM("operation not permitted");

        private final String meaning;

        Errno(String meaning) {
            this.meaning = meaning;
        }
    }

    private final Errno errno;

    FileRefused(Errno errno, String path) {
        this(errno, errno.meaning, path);
    }

    FileRefused(Errno errno, String meaning, String path) {
        super(errno + ": " + meaning + ", '" + path + "'");
        this.errno = errno;
    }

    /** In words for the model, without the path, which it knows. */
    String meaning() {
        return errno.meaning;
    }
}
