// What Swift cannot import by itself: macros that compute, headers outside its C library's module,
// and the few steps between fork and execve, where no Swift may run.
#pragma once
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <linux/capability.h>
#include <linux/ethtool.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/sockios.h>
#include <poll.h>

// The C library shows these under _GNU_SOURCE only, without which Swift has read its headers.
int unshare(int flags);
int setns(int namespace, int type);
int execvpe(const char *program, char *const arguments[], char *const environment[]);
int pipe2(int ends[2], int flags);
int setresuid(uid_t real, uid_t effective, uid_t saved);
int setresgid(gid_t real, gid_t effective, gid_t saved);

enum {
  HALFOPEN_CLONE_NEWNS = 0x00020000,
  HALFOPEN_CLONE_NEWUSER = 0x10000000,
  HALFOPEN_CLONE_NEWPID = 0x20000000,
  HALFOPEN_CLONE_NEWNET = 0x40000000,
  HALFOPEN_TPACKET_V3 = TPACKET_V3,
  HALFOPEN_SO_ERROR = SO_ERROR,
  HALFOPEN_EFD_FLAGS = EFD_NONBLOCK | EFD_CLOEXEC,
};

// Newer than the headers of Debian 12: a TCP segment for the card to cut (Linux 6.3).
static const uint32_t HALFOPEN_TP_STATUS_GSO_TCP = 1 << 8;

static const int HALFOPEN_IFF_UP = IFF_UP;
static const int HALFOPEN_IFF_RUNNING = IFF_RUNNING;
static const int HALFOPEN_IFF_LOOPBACK = IFF_LOOPBACK;
static const unsigned long HALFOPEN_SIOCGIFHWADDR = 0x8927;
static const unsigned long HALFOPEN_SIOCGIFFLAGS = 0x8913;

// A block of the ring belongs to whoever its status word says: read and written in order with the
// packets that it guards.
static inline uint32_t halfopen_block_status(const struct tpacket_block_desc *block) {
  return __atomic_load_n(&block->hdr.bh1.block_status, __ATOMIC_ACQUIRE);
}

static inline void halfopen_release_block(struct tpacket_block_desc *block) {
  __atomic_store_n(&block->hdr.bh1.block_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
}

// The link-layer address that the kernel puts behind each packet's header.
static inline const struct sockaddr_ll *halfopen_packet_address(const struct tpacket3_hdr *header) {
  return (const struct sockaddr_ll *)((const uint8_t *)header +
                                      TPACKET_ALIGN(sizeof(struct tpacket3_hdr)));
}

// The effective capabilities of this process as one set of bits; -1 and errno when unreadable.
static inline int halfopen_effective_capabilities(uint64_t *set) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  struct __user_cap_data_struct data[2] = {{0, 0, 0}, {0, 0, 0}};
  if (syscall(SYS_capget, &header, data) != 0) return -1;
  *set = (uint64_t)data[1].effective << 32 | data[0].effective;
  return 0;
}

// Empties every set of this thread's capabilities: the bounding one as far as it may, since only
// CAP_SETPCAP may; -1 and errno when the others cannot be emptied.
static inline int halfopen_drop_capabilities(void) {
  for (unsigned long capability = 0; capability < 64; capability++)
    prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
  prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  struct __user_cap_data_struct none[2] = {{0, 0, 0}, {0, 0, 0}};
  return (int)syscall(SYS_capset, &header, none);
}

static inline void halfopen_end_with_parent(void) { prctl(PR_SET_PDEATHSIG, SIGKILL); }

static inline int halfopen_forbid_new_privileges(void) {
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

// A descriptor that becomes readable when a child ends (pidfd_open(2), Linux 5.3).
static inline int halfopen_watch_process(pid_t process) {
  return (int)syscall(SYS_pidfd_open, process, 0);
}

// The steps into a namespace of one's own, in order; a failed one is told by its number.
enum halfopen_namespace_step {
  HALFOPEN_STEP_FORK = 1,
  HALFOPEN_STEP_UNSHARE,
  HALFOPEN_STEP_SETGROUPS,
  HALFOPEN_STEP_UID_MAP,
  HALFOPEN_STEP_GID_MAP,
  HALFOPEN_STEP_LOOPBACK,
  HALFOPEN_STEP_EXECVE,
  HALFOPEN_STEP_PROC,
};

struct halfopen_namespace_failure {
  int32_t step;
  int32_t code;
};

static inline int halfopen_write_file(const char *path, const char *text) {
  int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0) return -1;
  ssize_t written = write(file, text, strlen(text));
  int code = errno;
  close(file);
  errno = code;
  return written < 0 ? -1 : 0;
}

static inline int halfopen_loopback_up(void) {
  int channel = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (channel < 0) return -1;
  struct ifreq request;
  memset(&request, 0, sizeof request);
  memcpy(request.ifr_name, "lo", 3);
  request.ifr_flags = IFF_UP;
  int result = ioctl(channel, SIOCSIFFLAGS, &request);
  int code = errno;
  close(channel);
  errno = code;
  return result;
}

// Becomes the user `uid_map` names inside the user namespace that the process has just entered; the
// step that failed, or 0.
static inline int halfopen_map_user(const char *uid_map, const char *gid_map) {
  if (halfopen_write_file("/proc/self/setgroups", "deny") != 0) return HALFOPEN_STEP_SETGROUPS;
  if (halfopen_write_file("/proc/self/uid_map", uid_map) != 0) return HALFOPEN_STEP_UID_MAP;
  if (halfopen_write_file("/proc/self/gid_map", gid_map) != 0) return HALFOPEN_STEP_GID_MAP;
  return 0;
}

static inline int halfopen_enter_namespaces(const char *uid_map, const char *gid_map) {
  if (unshare(HALFOPEN_CLONE_NEWUSER | HALFOPEN_CLONE_NEWNET) != 0) return HALFOPEN_STEP_UNSHARE;
  int step = halfopen_map_user(uid_map, gid_map);
  if (step != 0) return step;
  if (halfopen_loopback_up() != 0) return HALFOPEN_STEP_LOOPBACK;
  return 0;
}

// Forks; the child enters a new user and network namespace and becomes `program`, or writes to
// `report` which step failed and why. A fork, because only a process of one thread may enter a user
// namespace, and the child of a fork has one. Signals caught by the parent are reset by execve.
//
// With `program` NULL the child ends with status 0 once it is inside: a trial.
static inline pid_t halfopen_spawn_in_namespaces(const char *program, char *const arguments[],
                                                 char *const environment[], const char *uid_map,
                                                 const char *gid_map, int report) {
  pid_t parent = getpid();
  pid_t child = fork();
  if (child != 0) return child;
  // A process group of its own: what a terminal sends reaches it through the parent, and once.
  setpgid(0, 0);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, 0);
  // A program with file capabilities may not write its own maps under /proc unless it is dumpable.
  prctl(PR_SET_DUMPABLE, 1);
  struct halfopen_namespace_failure failure = {halfopen_enter_namespaces(uid_map, gid_map), errno};
  if (failure.step == 0) {
    if (program == 0) _exit(0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(127);
    execve(program, arguments, environment);
    failure.step = HALFOPEN_STEP_EXECVE;
    failure.code = errno;
  }
  ssize_t ignored = write(report, &failure, sizeof failure);
  (void)ignored;
  _exit(127);
}

// Lets no signal that the parent blocks or ignores live on in a child that is about to become another
// program, and asks for the child's end with the thread that made it. `lifeline` is the reading end
// of a pipe that only the parent could write to: hung up, the parent has gone already.
static inline int halfopen_detach(int lifeline) {
  signal(SIGPIPE, SIG_DFL);
  signal(SIGXFSZ, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  struct pollfd parent = {.fd = lifeline, .events = POLLIN};
  return poll(&parent, 1, 0) > 0 && (parent.revents & POLLHUP) ? -1 : 0;
}

// What a child says before it ends without having become a program.
static inline void halfopen_give_up(int report, int step) {
  struct halfopen_namespace_failure failure = {step, errno};
  ssize_t ignored = write(report, &failure, sizeof failure);
  (void)ignored;
  _exit(127);
}

// Starts `program` in a new network namespace, and in a user namespace where `uid_map` is given.
// With `isFirst` it is the first process of a process namespace, with a /proc of its own: with it
// ends all that was ever started inside. By the system call itself, because the C library's fork
// takes locks that another thread may hold.
static inline pid_t halfopen_spawn_isolated(int isFirst, const char *program,
                                            char *const arguments[], char *const environment[],
                                            const char *uid_map, const char *gid_map,
                                            const int lifeline[2], int report) {
  unsigned long flags = HALFOPEN_CLONE_NEWNET | SIGCHLD;
  if (isFirst) flags |= HALFOPEN_CLONE_NEWPID | HALFOPEN_CLONE_NEWNS;
  if (uid_map) flags |= HALFOPEN_CLONE_NEWUSER;
  pid_t child = (pid_t)syscall(SYS_clone, flags, 0, 0, 0, 0);
  if (child != 0) return child;
  close(lifeline[1]);
  if (halfopen_detach(lifeline[0]) != 0) _exit(127);
  prctl(PR_SET_DUMPABLE, 1);
  int step = uid_map ? halfopen_map_user(uid_map, gid_map) : 0;
  // Changes of privileges clear it.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (step == 0 && isFirst &&
      (mount(0, "/", 0, MS_REC | MS_SLAVE, 0) != 0 ||
       mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, 0) != 0))
    step = HALFOPEN_STEP_PROC;
  if (step == 0 && halfopen_loopback_up() != 0) step = HALFOPEN_STEP_LOOPBACK;
  if (step == 0) {
    execve(program, arguments, environment);
    step = HALFOPEN_STEP_EXECVE;
  }
  halfopen_give_up(report, step);
  return -1;
}

// Lets the calling thread run before all ordinary ones of the machine, or as one of them again; what
// it starts inherits that. Without the privilege nothing changes.
static inline void halfopen_be_punctual(int isPunctual) {
  struct sched_param turn = {.sched_priority = isPunctual ? 1 : 0};
  sched_setscheduler(0, isPunctual ? SCHED_RR : SCHED_OTHER, &turn);
}

// Starts `program`, looked for in PATH, in the network namespace of a descriptor, with these
// descriptors as its standard ones.
static inline pid_t halfopen_spawn_at(int network, const char *program, char *const arguments[],
                                      char *const environment[], const int standard[3],
                                      const int lifeline[2], int report, int isPunctual) {
  pid_t child = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
  if (child != 0) return child;
  close(lifeline[1]);
  if (halfopen_detach(lifeline[0]) != 0) _exit(127);
  if (setns(network, HALFOPEN_CLONE_NEWNET) != 0) halfopen_give_up(report, HALFOPEN_STEP_UNSHARE);
  for (int place = 0; place < 3; place++) {
    if (standard[place] == place) continue;
    dup2(standard[place], place);
  }
  if (isPunctual) halfopen_be_punctual(1);
  execvpe(program, arguments, environment);
  halfopen_give_up(report, HALFOPEN_STEP_EXECVE);
  return -1;
}

// Has an interface compute checksums itself before it hands packets on.
static inline int halfopen_stop_checksum_offload(int channel, const char *name) {
  struct ethtool_value value = {.cmd = ETHTOOL_STXCSUM, .data = 0};
  struct ifreq request;
  memset(&request, 0, sizeof request);
  strncpy(request.ifr_name, name, IFNAMSIZ - 1);
  request.ifr_data = (void *)&value;
  return ioctl(channel, SIOCETHTOOL, &request);
}

// Sends `count` packets of `octets` each that lie one behind the other; how many the kernel took, or
// -1 and errno when it took none.
static inline int halfopen_send_frames(int socket, const uint8_t *frames, size_t octets,
                                       unsigned count) {
  struct halfopen_message {
    struct msghdr header;
    unsigned length;
  } messages[64];
  struct iovec parts[64];
  unsigned sent = 0;
  while (sent < count) {
    unsigned batch = count - sent < 64 ? count - sent : 64;
    memset(messages, 0, sizeof messages);
    for (unsigned place = 0; place < batch; place++) {
      parts[place].iov_base = (void *)(frames + (sent + place) * octets);
      parts[place].iov_len = octets;
      messages[place].header.msg_iov = &parts[place];
      messages[place].header.msg_iovlen = 1;
    }
    int taken = (int)syscall(SYS_sendmmsg, socket, messages, batch, 0);
    if (taken <= 0) break;
    sent += (unsigned)taken;
  }
  return sent > 0 || count == 0 ? (int)sent : -1;
}
