#define _GNU_SOURCE
#include "clab.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <grp.h>
#include <unistd.h>

enum step { FORK, CGROUP, NETWORK, FILES, USER, DIRECTORY, EXEC };

static const char *const step_names[] = {
    "fork", "enter cgroup", "enter network namespace", "open files", "change user", "change directory", "exec",
};

struct failure {
    int step;
    int error;
};

static void fail(int report, enum step step) {
    struct failure failure = {step, errno};
    ssize_t ignored = write(report, &failure, sizeof failure);
    (void)ignored;
    _exit(127);
}

// Only async-signal-safe calls from here to exec: other threads of the parent may have held any lock.
static void become(const struct clab_program *program, pid_t parent, int report) {
    setsid();
    if (program->cgroups)
        for (const char *const *file = program->cgroups; *file; file++) {
            int fd = open(*file, O_WRONLY);
            if (fd < 0 || write(fd, "0", 1) != 1) fail(report, CGROUP);
            close(fd);
        }
    if (program->network >= 0 && setns(program->network, CLONE_NEWNET) != 0) fail(report, NETWORK);

    int null = open("/dev/null", O_RDWR);
    // Copies: one of them may itself be 0, 1 or 2, which another becomes.
    int input = fcntl(program->input >= 0 ? program->input : null, F_DUPFD, 3);
    int output = fcntl(program->output >= 0 ? program->output : null, F_DUPFD, 3);
    int errors = fcntl(program->errors >= 0 ? program->errors : null, F_DUPFD, 3);
    if (dup2(input, 0) < 0 || dup2(output, 1) < 0 || dup2(errors, 2) < 0) fail(report, FILES);
    if (syscall(SYS_close_range, 3, ~0U, 1U << 2 /* CLOSE_RANGE_CLOEXEC */) != 0)
        for (int fd = 3; fd < 4096; fd++) fcntl(fd, F_SETFD, FD_CLOEXEC);
    if (program->inherited)
        for (const int *fd = program->inherited; *fd >= 0; fd++)
            if (fcntl(*fd, F_SETFD, 0) != 0) fail(report, FILES);

    if (program->user
        && (setgroups(0, NULL) != 0 || setgid(program->group) != 0 || setuid(program->user) != 0))
        fail(report, USER);
    if (program->directory && chdir(program->directory) != 0) fail(report, DIRECTORY);
    // After setuid, which clears it.
    if (program->dies_with_parent) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent) _exit(127);
    }
    for (int number = 1; number < NSIG; number++)
        if (number != SIGKILL && number != SIGSTOP) signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execve(program->path, program->arguments, program->environment);
    fail(report, EXEC);
}

pid_t clab_spawn(const struct clab_program *program, const char **failed_step) {
    *failed_step = step_names[FORK];
    int report[2];
    if (pipe2(report, O_CLOEXEC) != 0) return -errno;
    pid_t parent = getpid();
    pid_t child = fork();
    if (child == 0) become(program, parent, report[1]);
    int fork_error = errno;
    close(report[1]);
    if (child < 0) {
        close(report[0]);
        return -fork_error;
    }
    struct failure failure;
    ssize_t got;
    do got = read(report[0], &failure, sizeof failure);
    while (got < 0 && errno == EINTR);
    close(report[0]);
    if (got != sizeof failure) return child;
    // Whoever reaps all children of this process reaps this one too: then there is nothing to wait for.
    waitpid(child, NULL, 0);
    *failed_step = step_names[failure.step];
    return -failure.error;
}

static int own_network(void) { return open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC); }

int clab_new_network(void) {
    int old = own_network();
    if (old < 0) return -errno;
    int result;
    if (unshare(CLONE_NEWNET) != 0) {
        result = -errno;
    } else {
        int made = own_network();
        result = made < 0 ? -errno : made;
        // A thread left in the wrong namespace would carry later work there.
        if (setns(old, CLONE_NEWNET) != 0) _exit(70);
    }
    close(old);
    return result;
}

int clab_socket_in(int network, int domain, int type, int protocol) {
    if (network < 0) {
        int made = socket(domain, type | SOCK_CLOEXEC, protocol);
        return made < 0 ? -errno : made;
    }
    int old = own_network();
    if (old < 0) return -errno;
    int result;
    if (setns(network, CLONE_NEWNET) != 0) {
        result = -errno;
    } else {
        int made = socket(domain, type | SOCK_CLOEXEC, protocol);
        result = made < 0 ? -errno : made;
        if (setns(old, CLONE_NEWNET) != 0) _exit(70);
    }
    close(old);
    return result;
}

int clab_memory_file(void) {
    int made = (int)syscall(SYS_memfd_create, "loadchaos", 1U /* MFD_CLOEXEC */);
    return made < 0 ? -errno : made;
}

int clab_lock(int fd, int exclusive) {
    return flock(fd, (exclusive ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0 ? 0 : -errno;
}

int clab_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC) == 0 ? 0 : -errno; }

pid_t clab_ended_child(void) {
    siginfo_t child = {0};
    if (waitid(P_ALL, 0, &child, WEXITED | WNOWAIT) != 0) return -errno;
    return child.si_pid;
}
