// A virtual cable between two network namespaces that a program makes itself, and what it takes to
// send frames into one end of it: shared by the senders of the benchmarks.
//
// Nothing leaves the two namespaces: the sending one has no interface but its end of the cable and a
// loopback that is down, which is proved before anything is sent and ten times a second while it is.
#pragma once
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { FRAME = 60, BATCH = 32, MOST_PACKETS = 1 << 24, MOST_RATE = 5000000, LONGEST_S = 120 };

// Who speaks in messages.
static const char *speaker = "packets";

static void fail(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fprintf(stderr, "%s: ", speaker);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  exit(6);
}

static void refuse(const char *why) {
  fprintf(stderr, "%s: refused: %s\n", speaker, why);
  exit(5);
}

static int64_t now(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void sleep_ns(int64_t length) {
  struct timespec time = {length / 1000000000, length % 1000000000};
  while (nanosleep(&time, &time) != 0 && errno == EINTR) continue;
}

static uint64_t draw(uint64_t *state) {  // SplitMix64
  uint64_t mixed = *state += 0x9E3779B97F4A7C15u;
  mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9u;
  mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EBu;
  return mixed ^ mixed >> 31;
}

// Namespaces ----------------------------------------------------------------------------------

static ino_t first_namespace;

static ino_t own_namespace(void) {
  struct stat status;
  if (stat("/proc/self/ns/net", &status) != 0) fail("/proc/self/ns/net: %s", strerror(errno));
  return status.st_ino;
}

static void write_file(const char *path, const char *text) {
  int file = open(path, O_WRONLY);
  if (file < 0 || write(file, text, strlen(text)) < 0) fail("%s: %s", path, strerror(errno));
  close(file);
}

static void run(const char *line) {
  if (system(line) != 0) fail("this failed: %s", line);
}

// Proves that this process can reach nobody: it is in a namespace that it made, whose only
// interfaces are its end of the cable and loopback.
static void prove_seclusion(void) {
  if (own_namespace() == first_namespace) refuse("this is the namespace it was started in");
  struct if_nameindex *list = if_nameindex();
  if (!list) fail("if_nameindex: %s", strerror(errno));
  for (struct if_nameindex *entry = list; entry->if_name; entry++)
    if (strcmp(entry->if_name, "lo") != 0 && strcmp(entry->if_name, "sender") != 0)
      refuse("its namespace has an interface that it did not make");
  if_freenameindex(list);
}

static void enter_new_namespace(void) {
  if (unshare(CLONE_NEWNET) != 0) fail("unshare: %s", strerror(errno));
  // Nothing speaks up by itself.
  write_file("/proc/sys/net/ipv6/conf/all/disable_ipv6", "1");
  write_file("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1");
}

// Enters a namespace for the capture; forks a child in another one, with a cable between the two,
// and returns there 0 and here the child, which goes on when it is told to.
static pid_t make_namespaces(void) {
  first_namespace = own_namespace();
  if (geteuid() != 0) {
    char map[64];
    uid_t user = geteuid();
    gid_t group = getegid();
    if (unshare(CLONE_NEWUSER) != 0) fail("unshare: %s", strerror(errno));
    write_file("/proc/self/setgroups", "deny");
    snprintf(map, sizeof map, "0 %u 1", user);
    write_file("/proc/self/uid_map", map);
    snprintf(map, sizeof map, "0 %u 1", group);
    write_file("/proc/self/gid_map", map);
  }
  enter_new_namespace();
  int ends[2];
  if (pipe(ends) != 0) fail("pipe: %s", strerror(errno));
  pid_t parent = getpid(), child = fork();
  if (child < 0) fail("fork: %s", strerror(errno));
  char byte = 0;
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(1);
    enter_new_namespace();
    char line[256];
    snprintf(line, sizeof line,
             "ip link add sender address 02:00:00:00:00:01 type veth peer name receiver "
             "address 02:00:00:00:00:02 netns %d && ip address add 198.18.0.1/16 dev sender && "
             "ip link set sender up", parent);
    run(line);
    if (write(ends[1], &byte, 1) != 1) _exit(1);
    close(ends[0]);
    close(ends[1]);
    return 0;
  }
  close(ends[1]);
  if (read(ends[0], &byte, 1) != 1) fail("no cable between the namespaces");
  close(ends[0]);
  run("ip address add 198.18.0.2/16 dev receiver && ip link set receiver up && ip link set lo up");
  sleep_ns(50000000);
  return child;
}

// Sending -------------------------------------------------------------------------------------

static int sending_socket(void) {
  struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_ifindex = if_nametoindex("sender")};
  int descriptor = socket(AF_PACKET, SOCK_RAW, 0), yes = 1;
  if (descriptor < 0 || bind(descriptor, (struct sockaddr *)&address, sizeof address) != 0)
    fail("packet socket: %s", strerror(errno));
  setsockopt(descriptor, SOL_PACKET, PACKET_QDISC_BYPASS, &yes, sizeof yes);
  return descriptor;
}

static uint16_t folded_sum(const uint8_t *octets, int count, uint32_t sum) {
  for (int i = 0; i < count; i += 2) sum += (uint32_t)octets[i] << 8 | octets[i + 1];
  while (sum >> 16) sum = (sum & 0xFFFF) + (sum >> 16);
  return (uint16_t)~sum;
}

static void put16(uint8_t *at, uint16_t value) { at[0] = value >> 8; at[1] = value & 255; }
static void put32(uint8_t *at, uint32_t value) { put16(at, value >> 16); put16(at + 2, value); }
static uint32_t get32(const uint8_t *at) {
  return (uint32_t)at[0] << 24 | at[1] << 16 | at[2] << 8 | at[3];
}
