// What Swift cannot do: work between fork and exec, and network namespaces of single threads.
#pragma once
#include <sys/types.h>

/// One program to start. Lists end with NULL or -1. Everything the child needs is prepared by the caller.
struct clab_program {
    const char *path;              // absolute
    char *const *arguments;        // NULL-terminated, arguments[0] included
    char *const *environment;      // NULL-terminated
    const char *directory;         // NULL: the caller's
    int input;                     // becomes fd 0; -1: /dev/null
    int output;                    // becomes fd 1; -1: /dev/null
    int errors;                    // becomes fd 2; -1: /dev/null
    const int *inherited;          // fds kept open under their own numbers, ended by -1; NULL: none
    int network;                   // fd of a network namespace; -1: the caller's
    const char *const *cgroups;    // cgroup.procs files to enter, NULL-terminated; NULL: none
    int dies_with_parent;          // SIGKILL when the forking thread ends
    uid_t user;                    // 0: unchanged
    gid_t group;
};

/// Starts the program in a session of its own. Returns its pid, or -errno of the step that failed;
/// `*failed_step` then names the step.
pid_t clab_spawn(const struct clab_program *program, const char **failed_step);

/// A descriptor, closed on exec, that can be read once this child has ended (pidfd_open); -errno where there is none.
int clab_child_file(pid_t pid);

/// A new, empty network namespace, held by the returned fd alone; -errno if that fails.
int clab_new_network(void);

/// socket(2) in another network namespace; -1: in the caller's. Returns the socket or -errno.
int clab_socket_in(int network, int domain, int type, int protocol);

/// An anonymous file in memory; -errno if there is none to be had.
int clab_memory_file(void);

/// flock(2) without waiting: 0, or -errno (EWOULDBLOCK: somebody holds it).
int clab_lock(int fd, int exclusive);

/// pipe(2), both ends closed on exec: 0 or -errno.
int clab_pipe(int ends[2]);

/// Waits until some child of this process has ended, and leaves it to be waited for: its pid, or -errno.
pid_t clab_ended_child(void);
