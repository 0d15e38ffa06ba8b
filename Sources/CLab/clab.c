#define _GNU_SOURCE
#include "clab.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
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

// What the child knows and the parent reads: they share memory until exec.
struct start {
    const struct clab_program *program;
    pid_t parent;
    enum step step;
    int error;  // errno of `step`; 0: it runs
};

static void fail(struct start *start, enum step step) {
    start->step = step;
    start->error = errno;
    _exit(127);
}

// Only system calls from here to exec: the memory is the parent's, and its other threads go on.
static int become(void *argument) {
    struct start *start = argument;
    const struct clab_program *program = start->program;
    setsid();
    if (program->cgroups)
        for (const char *const *file = program->cgroups; *file; file++) {
            int fd = open(*file, O_WRONLY | O_CLOEXEC);
            if (fd < 0 || write(fd, "0", 1) != 1) fail(start, CGROUP);
            close(fd);
        }
    if (program->network >= 0 && setns(program->network, CLONE_NEWNET) != 0) fail(start, NETWORK);

    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    // Copies: one of them may itself be 0, 1 or 2, which another becomes.
    int input = fcntl(program->input >= 0 ? program->input : null, F_DUPFD, 3);
    int output = fcntl(program->output >= 0 ? program->output : null, F_DUPFD, 3);
    int errors = fcntl(program->errors >= 0 ? program->errors : null, F_DUPFD, 3);
    if (dup2(input, 0) < 0 || dup2(output, 1) < 0 || dup2(errors, 2) < 0) fail(start, FILES);
    if (syscall(SYS_close_range, 3, ~0U, 1U << 2 /* CLOSE_RANGE_CLOEXEC */) != 0)
        for (int fd = 3; fd < 4096; fd++) fcntl(fd, F_SETFD, FD_CLOEXEC);
    if (program->inherited)
        for (const int *fd = program->inherited; *fd >= 0; fd++)
            if (fcntl(*fd, F_SETFD, 0) != 0) fail(start, FILES);

    // The C library's own would have all threads of the parent change with us.
    if (program->user
        && (syscall(SYS_setgroups, 0, NULL) != 0 || syscall(SYS_setgid, program->group) != 0
            || syscall(SYS_setuid, program->user) != 0))
        fail(start, USER);
    if (program->directory && chdir(program->directory) != 0) fail(start, DIRECTORY);
    // After setuid, which clears it.
    if (program->dies_with_parent) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != start->parent) _exit(127);
    }
    // The kernel's own sigaction, all zeros: default. The C library's refuses 32 and 33, which it keeps for itself, and
    // whoever started us may have left them ignored.
    static const unsigned long by_default[4];
    for (int number = 1; number < NSIG; number++) syscall(SYS_rt_sigaction, number, by_default, NULL, NSIG / 8);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execve(program->path, program->arguments, program->environment);
    fail(start, EXEC);
    return 127;
}

// As vfork does it: this thread waits until the child has begun, the others go on. A fork would have to copy the page
// tables, and make each write of the other threads a page fault for a while: under a load, late requests.
pid_t clab_spawn(const struct clab_program *program, const char **failed_step) {
    enum { STACK = 65536 };
    *failed_step = step_names[FORK];
    char *stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (stack == MAP_FAILED) return -errno;
    struct start start = {program, getpid(), FORK, 0};
    // A handler of ours that ran in the child would work on our memory.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t child = clone(become, stack + STACK, CLONE_VM | CLONE_VFORK | SIGCHLD, &start);
    int clone_error = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    munmap(stack, STACK);
    if (child < 0) return -clone_error;
    if (start.error == 0) return child;
    // Whoever reaps all children of this process reaps this one too: then there is nothing to wait for.
    waitpid(child, NULL, 0);
    *failed_step = step_names[start.step];
    return -start.error;
}

int clab_child_file(pid_t pid) {
    int made = (int)syscall(SYS_pidfd_open, pid, 0);
    return made < 0 ? -errno : made;
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
