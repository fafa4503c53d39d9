// Floods a listener with SYNs over a virtual cable between two network namespaces that it makes
// itself, and measures what answering costs:
//
//   answers nobody|kernel|host COUNT RATE COMMAND...
//     starts COMMAND at the other end of the cable, sends COUNT SYNs at RATE a second, and prints:
//     SYNs sent, frames that came back, and microseconds of processor time while that went on: of
//     the sender, of COMMAND, of the kernel's own threads for packets.
//
// "nobody": the SYNs are for a hardware address that nobody has, so that what is measured is the
// price of sending alone. "kernel": COMMAND listens on port 8086, and the kernel answers, every SYN
// with a cookie. "host": COMMAND answers by itself for 198.18.255.254 at 02:00:00:00:00:03.
//
// The kernel handles what comes over the cable in the context of whoever sends, so the three times
// together are all that a SYN costs. Every SYN is a frame of 60 octets (64 on a wire) with a maximum
// segment size, from 198.19.0.0/16, which nobody has; what is sent there ends at the sender's end of
// the cable.
#include "cable.h"

#include <dirent.h>

enum { PORT = 8086, GROUP = 64 };

static void make_syn(uint8_t frame[FRAME], uint32_t number, uint8_t machine, uint32_t address) {
  const uint8_t addresses[12] = {2, 0, 0, 0, 0, machine, 2, 0, 0, 0, 0, 1};
  memset(frame, 0, FRAME);
  memcpy(frame, addresses, 12);
  put16(frame + 12, ETH_P_IP);
  uint8_t *ip = frame + 14, *tcp = ip + 20;
  ip[0] = 0x45;
  put16(ip + 2, 44);
  ip[6] = 0x40;
  ip[8] = 64;
  ip[9] = IPPROTO_TCP;
  // Scattered, as a flood's addresses and ports are.
  uint64_t state = number, drawn = draw(&state);
  put32(ip + 12, 0xC6130000u | (drawn & 0xFFFF));
  put32(ip + 16, address);
  put16(ip + 10, folded_sum(ip, 20, 0));
  put16(tcp, 1024 + (drawn >> 16) % 60000);
  put16(tcp + 2, PORT);
  put32(tcp + 4, (uint32_t)(drawn >> 32));
  tcp[12] = 6 << 4;
  tcp[13] = 2;
  put16(tcp + 14, 64240);
  put32(tcp + 20, 0x020405B4);
  uint32_t pseudo = IPPROTO_TCP + 24;
  for (int i = 12; i < 20; i += 2) pseudo += (uint32_t)ip[i] << 8 | ip[i + 1];
  put16(tcp + 16, folded_sum(tcp, 24, pseudo));
}

static uint64_t frames_arrived(void) {
  FILE *list = fopen("/proc/net/dev", "r");
  if (!list) fail("/proc/net/dev: %s", strerror(errno));
  char line[512];
  uint64_t frames = 0;
  while (fgets(line, sizeof line, list)) sscanf(line, " sender: %*u %" SCNu64, &frames);
  fclose(list);
  return frames;
}

struct result {
  uint64_t answers;
  int64_t processor_ns;
};

// Sends, asleep between groups, so that all the time it uses is work.
static struct result flood(uint32_t count, uint32_t rate, uint8_t machine, uint32_t address) {
  static uint8_t frames[GROUP][FRAME];
  static struct mmsghdr messages[GROUP];
  static struct iovec parts[GROUP];
  int descriptor = sending_socket();
  prctl(PR_SET_TIMERSLACK, 1UL);
  for (int i = 0; i < GROUP; i++) {
    parts[i] = (struct iovec){frames[i], FRAME};
    messages[i].msg_hdr = (struct msghdr){.msg_iov = &parts[i], .msg_iovlen = 1};
  }
  uint64_t before = frames_arrived();
  int64_t start = now(CLOCK_MONOTONIC), used = now(CLOCK_PROCESS_CPUTIME_ID), proved = 0;
  for (uint32_t sent = 0; sent < count;) {
    int64_t due = start + (int64_t)sent * 1000000000 / rate, time = now(CLOCK_MONOTONIC);
    if (time - start > (int64_t)LONGEST_S * 1000000000) fail("sending takes too long");
    if (time - proved > 100000000) {
      prove_seclusion();
      proved = time;
    }
    int size = count - sent < GROUP ? (int)(count - sent) : GROUP;
    for (int i = 0; i < size; i++) make_syn(frames[i], sent + (uint32_t)i, machine, address);
    if (due > time) sleep_ns(due - time);
    for (int done = 0; done < size;) {
      int accepted = sendmmsg(descriptor, messages + done, (unsigned)(size - done), 0);
      if (accepted > 0) done += accepted;
      else if (errno != ENOBUFS && errno != EAGAIN && errno != EINTR)
        fail("sendmmsg: %s", strerror(errno));
    }
    sent += (uint32_t)size;
  }
  used = now(CLOCK_PROCESS_CPUTIME_ID) - used;
  sleep_ns(200000000);
  return (struct result){frames_arrived() - before, used};
}

// The time a thread has run, as its scheduler knows it.
static int64_t running_ns(const char *path) {
  FILE *file = fopen(path, "r");
  int64_t length = 0;
  if (file && fscanf(file, "%" SCNd64, &length) != 1) length = 0;
  if (file) fclose(file);
  return length;
}

static int64_t process_ns(pid_t process) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/task", process);
  DIR *threads = opendir(path);
  int64_t sum = 0;
  for (struct dirent *entry; threads && (entry = readdir(threads));) {
    char file[384];
    snprintf(file, sizeof file, "%s/%s/schedstat", path, entry->d_name);
    if (entry->d_name[0] != '.') sum += running_ns(file);
  }
  if (threads) closedir(threads);
  return sum;
}

// The kernel's threads that handle packets when there are many (ksoftirqd).
static int64_t kernel_ns(void) {
  DIR *processes = opendir("/proc");
  int64_t sum = 0;
  for (struct dirent *entry; processes && (entry = readdir(processes));) {
    char path[384], name[32] = "";
    snprintf(path, sizeof path, "/proc/%s/comm", entry->d_name);
    FILE *file = entry->d_name[0] >= '1' && entry->d_name[0] <= '9' ? fopen(path, "r") : 0;
    if (file && !fgets(name, sizeof name, file)) name[0] = 0;
    if (file) fclose(file);
    snprintf(path, sizeof path, "/proc/%s/schedstat", entry->d_name);
    if (strncmp(name, "ksoftirqd/", 10) == 0) sum += running_ns(path);
  }
  if (processes) closedir(processes);
  return sum;
}

static bool somebody_listens(void) {
  bool found = false;
  const char *lists[] = {"/proc/net/tcp", "/proc/net/tcp6"};
  for (int i = 0; i < 2; i++) {
    FILE *list = fopen(lists[i], "r");
    char line[512];
    unsigned port, state;
    while (list && fgets(line, sizeof line, list))
      if (sscanf(line, "%*s %*[0-9A-F]:%x %*s %x", &port, &state) == 2)
        found |= port == PORT && state == 10;
    if (list) fclose(list);
  }
  return found;
}

static bool somebody_answers(void) {
  FILE *list = fopen("/proc/net/packet", "r");
  if (!list) fail("/proc/net/packet: %s", strerror(errno));
  char line[256];
  unsigned index = if_nametoindex("receiver"), protocol, interface;
  bool found = false;
  while (fgets(line, sizeof line, list))
    if (sscanf(line, "%*s %*d %*u %x %u", &protocol, &interface) == 2)
      found |= protocol == ETH_P_ALL && interface == index;
  fclose(list);
  return found;
}

static pid_t start(char **command) {
  pid_t child = fork();
  if (child < 0) fail("fork: %s", strerror(errno));
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (!freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr)) _exit(126);
    execvp(command[0], command);
    _exit(127);
  }
  return child;
}

int main(int argc, char **argv) {
  speaker = "answers";
  if (argc < 5) {
    fprintf(stderr, "usage: answers nobody|kernel|host COUNT RATE COMMAND...\n");
    return 2;
  }
  bool is_kernel = strcmp(argv[1], "kernel") == 0, is_host = strcmp(argv[1], "host") == 0;
  uint32_t count = (uint32_t)strtoul(argv[2], 0, 10), rate = (uint32_t)strtoul(argv[3], 0, 10);
  if (count == 0 || count > MOST_PACKETS || rate == 0 || rate > MOST_RATE) fail("no such flood");
  int go[2], done[2];
  if (pipe(go) != 0 || pipe(done) != 0) fail("pipe: %s", strerror(errno));
  struct result result;
  if (make_namespaces() == 0) {
    if (read(go[0], &result, 1) != 1) _exit(1);
    result = flood(count, rate, is_kernel ? 2 : 3, is_kernel ? 0xC6120002u : 0xC612FFFEu);
    if (write(done[1], &result, sizeof result) != sizeof result) _exit(1);
    pause();
    _exit(0);
  }
  close(go[0]);
  close(done[1]);
  write_file("/proc/sys/net/ipv4/tcp_syncookies", "2");
  write_file("/proc/sys/net/ipv4/conf/receiver/rp_filter", "0");
  // The way back to those who are not there.
  run("ip neigh add 198.18.0.1 lladdr 02:00:00:00:00:01 dev receiver nud permanent && "
      "ip route add 198.19.0.0/16 via 198.18.0.1 dev receiver");
  pid_t child = start(argv + 4);
  for (int i = 0; !(is_kernel ? somebody_listens() : !is_host || somebody_answers()); i++) {
    if (i > 5000 || waitpid(child, 0, WNOHANG) == child) fail("the command does not listen");
    sleep_ns(2000000);
  }
  sleep_ns(700000000);
  int64_t command = process_ns(child), kernel = kernel_ns();
  if (write(go[1], "", 1) != 1 || read(done[0], &result, sizeof result) != sizeof result)
    fail("the sender has failed");
  command = process_ns(child) - command;
  kernel = kernel_ns() - kernel;
  kill(child, SIGINT);
  waitpid(child, 0, 0);
  printf("%u %" PRIu64 " %" PRId64 " %" PRId64 " %" PRId64 "\n", count, result.answers,
         result.processor_ns / 1000, command / 1000, kernel / 1000);
  return 0;
}
