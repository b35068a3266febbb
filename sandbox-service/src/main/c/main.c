// handd: the resident tool server of a sandbox. What it speaks is in PROTOCOL.md.
#include "bash.h"
#include "kill.h"
#include "link.h"
#include "lockdown.h"
#include "loop.h"
#include "process.h"
#include "rundir.h"
#include "shell.h"
#include "tools.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ALONE_SECONDS_MAX 604800

static const char usage[] =
        "usage: handd -d SOCKET [-T SECONDS] [-w DIRECTORY] [-r DIRECTORY]\n"
        "  -d  the service's unix socket, dialled again whenever the connection ends\n"
        "  -T  end after so many seconds without a connection, 1 to 604800; never when not given\n"
        "  -w  where shells start; /workspace when not given\n"
        "  -r  a directory for small files, of limited size and nobody else's; /run/hands when not given\n";

struct options {
    const char *socket;
    const char *start;
    const char *run;
    long alone_seconds_max;
};

static struct options options_of(int argc, char **argv) {
    struct options options = {NULL, "/workspace", "/run/hands", 0};
    int option;
    while ((option = getopt(argc, argv, "d:T:w:r:")) != -1) {
        char *end = "";
        switch (option) {
            case 'd': options.socket = optarg; break;
            case 'w': options.start = optarg; break;
            case 'r': options.run = optarg; break;
            case 'T': options.alone_seconds_max = strtol(optarg, &end, 10); break;
            default: fputs(usage, stderr); exit(2);
        }
        if (*end != 0 || (option == 'T' && (options.alone_seconds_max < 1 || options.alone_seconds_max > ALONE_SECONDS_MAX))) {
            fputs(usage, stderr);
            exit(2);
        }
    }
    if (options.socket == NULL || optind != argc || options.start[0] != '/' || strlen(options.start) > PATH_LENGTH_MAX) {
        fputs(usage, stderr);
        exit(2);
    }
    return options;
}

/** One that was closed at the start would become something else's, and be written to. */
static void open_standard_descriptors(void) {
    int fd;
    do {
        fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    } while (fd >= 0 && fd <= STDERR_FILENO);
    close(fd);
}

int main(int argc, char **argv) {
    struct options options = options_of(argc, argv);
    take_nonce();
    close_from(STDERR_FILENO + 1);
    open_standard_descriptors();
    if (!lock_down()) {
        return 3;
    }
    umask(022);
    environment_begin(getenv("HOME"));
    rundir_begin(options.run);
    loop_begin();
    link_begin(options.socket, options.alone_seconds_max * 1000, asked);
    bash_begin(options.start);
    loop_run();
    kill_everything();
    return 0;
}
