/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gpubench-guard [--cpus LIST] -- COMMAND [ARG...]
 *
 * Runs a worker in a session of its own and leaves no process behind, whatever the worker forks and however it ends.
 *
 * The worker ends by itself; or at an order, SIGTERM to the guard; or when whoever holds the other end of the guard's
 * stdin is gone. Then every descendant is killed. That works because the guard is a subreaper: a process whose parent has
 * died becomes the guard's child, so one that has daemonised comes to light too, at the latest when all above it are
 * dead. If the guard itself is killed, the kernel kills the worker.
 *
 * The signals of a terminal, SIGINT, SIGQUIT and SIGHUP, are ignored, and the guard leaves the terminal's process group:
 * a Ctrl-C is for who has started the guard, and who may still want something of the worker.
 *
 * The exit status is the worker's, and the guard dies of the signal of which the worker died. Else, as in a shell:
 * 2 wrong usage, 124 a process cannot be killed, 125 the worker could not be set up, 126 COMMAND cannot be executed,
 * 127 there is no COMMAND.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define HANG_UP_MILLIS 2000 /* for the worker to notice the end of its stdin */
#define ORDER_MILLIS 1000   /* for the worker to heed SIGTERM */
#define KILL_MILLIS 10000   /* for the kernel to end what was killed */
#define RESCAN_MILLIS 100   /* while something is being killed */
#define LARGEST_CPU (8 * CPU_SETSIZE - 1)

typedef cpu_set_t cpus[8]; /* a single one ends at CPU 1023 */

static pid_t worker;
static int worker_status;
static bool ended;   /* the worker has, with worker_status */
static bool ordered; /* somebody wants the worker to end */
static bool hung_up; /* nobody holds the other end of stdin */
static struct pollfd watched[2]; /* the signals and stdin */

static int64_t now_millis(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static bool take_number(const char **text, unsigned long *number)
{
    if (**text < '0' || **text > '9') {
        return false;
    }
    char *end;
    *number = strtoul(*text, &end, 10);
    *text = end;
    return *number <= LARGEST_CPU;
}

/* Numbers and ranges, with or without a step, as for taskset: 0-3,6,8-14:2. */
static bool parse_cpus(const char *list, cpu_set_t *set)
{
    do {
        unsigned long first;
        unsigned long step = 1;
        if (!take_number(&list, &first)) {
            return false;
        }
        unsigned long last = first;
        if (*list == '-' && (list++, !take_number(&list, &last))) {
            return false;
        }
        if (*list == ':' && (list++, !take_number(&list, &step))) {
            return false;
        }
        if (last < first || step == 0) {
            return false;
        }
        for (unsigned long cpu = first; cpu <= last; cpu += step) {
            CPU_SET_S(cpu, sizeof(cpus), set);
        }
    } while (*list++ == ',');
    return list[-1] == '\0';
}

/* The kernel leaves out in silence what this process may not use. */
static bool run_on(const cpu_set_t *set)
{
    cpus got = {0};
    return sched_setaffinity(0, sizeof got, set) == 0 && sched_getaffinity(0, sizeof got, got) == 0 &&
           CPU_EQUAL_S(sizeof got, set, got);
}

/* In the child. */
static _Noreturn void become_worker(pid_t guard, char **command, const char *list, const cpu_set_t *set)
{
    setsid();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != guard) { /* the guard died before that */
        _exit(EXIT_FAILURE);
    }
    if (list && !run_on(set)) {
        dprintf(STDERR_FILENO, "gpubench-guard: the worker cannot have the CPUs %s\n", list);
        _exit(125);
    }
    for (int number = 1; number < NSIG; number++) {
        signal(number, SIG_DFL); /* what is ignored would stay so */
    }
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execvp(command[0], command);
    int problem = errno;
    dprintf(STDERR_FILENO, "gpubench-guard: %s: %s\n", command[0], strerror(problem));
    _exit(problem == ENOENT || problem == ENOTDIR ? 127 : 126);
}

/*
 * Lets go of all but stdin, whose end is watched, and stderr: the reader of the worker's stdout and of any other pipe
 * is to see its end when the worker closes it.
 */
static void close_pipes(void)
{
    int null = open("/dev/null", O_RDWR);
    if (null >= 0) {
        dup2(null, STDOUT_FILENO);
    }
    DIR *files = opendir("/proc/self/fd");
    if (!files) {
        return;
    }
    for (struct dirent *entry; (entry = readdir(files));) {
        int file = atoi(entry->d_name);
        if (file > STDERR_FILENO && file != dirfd(files)) {
            close(file);
        }
    }
    closedir(files);
}

/* Collects the children that have ended; false when there is no child any more. */
static bool reap(void)
{
    for (;;) {
        siginfo_t child = {0};
        if (waitid(P_ALL, 0, &child, WEXITED | WNOHANG | WNOWAIT) != 0) {
            return errno != ECHILD;
        }
        if (child.si_pid == 0) {
            return true;
        }
        if (child.si_pid == worker) {
            /* The group's number cannot become somebody else's before its leader is collected. */
            kill(-worker, SIGKILL);
            waitpid(worker, &worker_status, 0);
            ended = true;
        } else {
            waitpid(child.si_pid, NULL, 0);
        }
    }
}

/* Sleeps until there is news or the time has come. */
static void await(int64_t until)
{
    int64_t left = until - now_millis();
    int timeout = left <= 0 ? 0 : left > INT32_MAX ? -1 : (int)left;
    poll(watched, 2, timeout);
    struct signalfd_siginfo news;
    while (read(watched[0].fd, &news, sizeof news) == sizeof news) {
        ordered |= news.ssi_signo != SIGCHLD;
    }
    if (watched[1].revents) {
        hung_up = true;
        watched[1].fd = -1; /* or poll would return at once from now on */
    }
    reap();
}

static void each_child(void (*act)(pid_t pid, pid_t group))
{
    DIR *processes = opendir("/proc");
    if (!processes) {
        return;
    }
    for (struct dirent *entry; (entry = readdir(processes));) {
        char path[sizeof entry->d_name + 16];
        snprintf(path, sizeof path, "/proc/%s/stat", entry->d_name);
        int file = entry->d_name[0] >= '1' && entry->d_name[0] <= '9' ? open(path, O_RDONLY | O_CLOEXEC) : -1;
        if (file < 0) {
            continue;
        }
        char text[512];
        ssize_t length = read(file, text, sizeof text - 1);
        close(file);
        text[length > 0 ? length : 0] = '\0';
        /* PID (NAME) STATE PARENT GROUP ..., where the name may have blanks and parentheses. */
        char *name_end = strrchr(text, ')');
        char state;
        pid_t parent;
        pid_t group;
        bool read_all = name_end && sscanf(name_end + 1, " %c %d %d", &state, &parent, &group) == 3;
        if (read_all && parent == getpid() && state != 'Z') {
            act(atoi(entry->d_name), group);
        }
    }
    closedir(processes);
}

/*
 * A child's number stays its own until it is collected, which is not done meanwhile, so no stranger is hit. Nor by
 * the signal to the group, which is of a session that a descendant has founded; only a child that has yet to leave the
 * guard's own group must not take that along. A group is killed in one step, which no fork escapes.
 */
static void kill_child(pid_t pid, pid_t group)
{
    if (group > 1 && group != getpgrp()) {
        kill(-group, SIGKILL);
    }
    kill(pid, SIGKILL);
}

static void report_child(pid_t pid, pid_t group)
{
    (void)group;
    dprintf(STDERR_FILENO, "gpubench-guard: process %d cannot be killed\n", (int)pid);
}

/* The children of those that die here are found in the next round. */
static bool kill_all(void)
{
    int64_t until = now_millis() + KILL_MILLIS;
    while (reap()) {
        if (now_millis() >= until) {
            each_child(report_child);
            return false;
        }
        each_child(kill_child);
        if (!reap()) {
            break;
        }
        int64_t soon = now_millis() + RESCAN_MILLIS;
        await(soon < until ? soon : until);
    }
    return true;
}

static void end_worker(void)
{
    if (hung_up) {
        for (int64_t until = now_millis() + HANG_UP_MILLIS; !ended && !ordered && now_millis() < until;) {
            await(until);
        }
    }
    if (!ended) {
        if (kill(-worker, SIGTERM) != 0) { /* it has no group yet */
            kill(worker, SIGTERM);
        }
        kill(-worker, SIGCONT);
        for (int64_t until = now_millis() + ORDER_MILLIS; !ended && now_millis() < until;) {
            await(until);
        }
    }
}

static int die_like_worker(void)
{
    if (WIFEXITED(worker_status)) {
        return WEXITSTATUS(worker_status);
    }
    int number = WTERMSIG(worker_status);
    prctl(PR_SET_DUMPABLE, 0); /* the worker's core is the interesting one; a limit of 0 would not hold for a pipe */
    signal(number, SIG_DFL);
    kill(getpid(), number);
    sigset_t only;
    sigemptyset(&only);
    sigaddset(&only, number);
    sigprocmask(SIG_UNBLOCK, &only, NULL);
    return 128 + number; /* the first process of a PID namespace is spared its own signals */
}

int main(int count, char **arguments)
{
    const char *list = NULL;
    int next = 1;
    if (next + 1 < count && strcmp(arguments[next], "--cpus") == 0) {
        list = arguments[next + 1];
        next += 2;
    }
    cpus set = {0};
    if (next + 1 >= count || strcmp(arguments[next], "--") != 0) {
        dprintf(STDERR_FILENO, "usage: gpubench-guard [--cpus LIST] -- COMMAND [ARG...]\n");
        return 2;
    }
    if (list && !parse_cpus(list, set)) {
        dprintf(STDERR_FILENO, "gpubench-guard: --cpus: '%s' is no list of CPUs such as 0-3,6\n", list);
        return 2;
    }

    /*
     * All signals are held back: those of interest arrive by watched[0], and the rest, such as a SIGINT from the
     * terminal or a SIGPIPE, must not end the guard before its work is done. SIGCHLD may have come ignored, and then
     * children would vanish without being collected.
     */
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    signal(SIGCHLD, SIG_DFL);
    signal(SIGINT, SIG_IGN);
    signal(SIGQUIT, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    setpgid(0, 0); /* fails for the leader of a session, who leads its group already */
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    pid_t guard = getpid();
    worker = fork();
    if (worker == 0) {
        become_worker(guard, arguments + next + 1, list, set);
    }
    if (worker < 0) {
        dprintf(STDERR_FILENO, "gpubench-guard: cannot fork: %s\n", strerror(errno));
        return 125;
    }
    close_pipes();
    sigset_t wanted;
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGCHLD);
    sigaddset(&wanted, SIGTERM);
    watched[0] = (struct pollfd){.fd = signalfd(-1, &wanted, SFD_NONBLOCK | SFD_CLOEXEC), .events = POLLIN};
    if (watched[0].fd < 0) {
        dprintf(STDERR_FILENO, "gpubench-guard: cannot wait for signals: %s\n", strerror(errno));
        ordered = true;
    }
    /* Nothing is asked of stdin but its end, which poll always tells; what comes in is the worker's. */
    struct stat in;
    bool pipe = fstat(STDIN_FILENO, &in) == 0 && (S_ISFIFO(in.st_mode) || S_ISSOCK(in.st_mode));
    watched[1] = (struct pollfd){.fd = pipe ? STDIN_FILENO : -1};

    while (!ended && !ordered && !hung_up) {
        await(INT64_MAX);
    }
    end_worker();
    return kill_all() ? die_like_worker() : 124;
}
