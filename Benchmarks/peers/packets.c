// Sends small packets over a virtual cable between two network namespaces that it makes itself, to
// a program that captures them at the other end, and looks at the file that this program wrote.
//
//   packets blast COUNT RATE FILE COMMAND...
//     sends COUNT packets at RATE a second (0: as fast as it can), stops COMMAND with SIGINT, and
//     prints: packets sent, arrived, in FILE, out of order in FILE; microseconds of sending, and of
//     COMMAND's processor time.
//   packets kill TIMES SEED RATE FILE CHECK COMMAND...
//     sends RATE packets a second for as long as it takes, starts COMMAND TIMES times, kills it
//     each time at a random moment, runs CHECK (a command line for sh; $1 is FILE, $2 its packets,
//     $3 the octets behind them), and prints what is missing in FILE; ends with status
//     1 when a file fails.
//   packets trickle TIMES SEED COMMAND...
//     sends TIMES single packets with pauses of 20 to 60 ms; COMMAND shows each on its standard
//     output, by its source port; prints how long after the sending that could be read.
//
// COMMAND captures on the interface "receiver". Every packet is a TCP SYN of 60 octets (64 on a
// wire) from 198.18.0.0/16 to 198.18.255.254, which nobody has, so that nothing answers; its
// sequence number is its number from 0. Nothing leaves the two namespaces: the sending one has no
// interface but its end of the cable and a loopback that is down, which is proved before it sends
// and ten times a second while it does.
#include "cable.h"

// Sending -------------------------------------------------------------------------------------

// A SYN with a maximum segment size of 1460: Ethernet, IPv4, TCP with four octets of options, and
// two of padding.
static void make_frame(uint8_t frame[FRAME], uint32_t number) {
  static const uint8_t addresses[12] = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1};
  memset(frame, 0, FRAME);
  memcpy(frame, addresses, 12);
  put16(frame + 12, ETH_P_IP);
  uint8_t *ip = frame + 14, *tcp = ip + 20;
  ip[0] = 0x45;
  put16(ip + 2, 44);
  put16(ip + 4, (uint16_t)number);
  ip[8] = 64;
  ip[9] = IPPROTO_TCP;
  put32(ip + 12, 0xC6120000u | (number >> 8 & 0xFFFF));
  put32(ip + 16, 0xC612FFFEu);
  put16(ip + 10, folded_sum(ip, 20, 0));
  put16(tcp, 1024 + number % 60000);
  put16(tcp + 2, 80);
  put32(tcp + 4, number);
  tcp[12] = 6 << 4;
  tcp[13] = 2;
  put16(tcp + 14, 64240);
  put32(tcp + 20, 0x020405B4);
  uint32_t pseudo = IPPROTO_TCP + 24;
  for (int i = 12; i < 20; i += 2) pseudo += (uint32_t)ip[i] << 8 | ip[i + 1];
  put16(tcp + 16, folded_sum(tcp, 24, pseudo));
}

// Waits until the moment comes: asleep while it is far, then awake.
static void await_moment(int64_t moment) {
  int64_t left = moment - now(CLOCK_MONOTONIC);
  if (left > 200000) sleep_ns(left - 100000);
  while (now(CLOCK_MONOTONIC) < moment) continue;
}

static int64_t blast(uint32_t count, uint32_t rate) {
  static uint8_t frames[BATCH][FRAME];
  static struct mmsghdr messages[BATCH];
  static struct iovec parts[BATCH];
  int descriptor = sending_socket();
  for (int i = 0; i < BATCH; i++) {
    parts[i] = (struct iovec){frames[i], FRAME};
    messages[i].msg_hdr = (struct msghdr){.msg_iov = &parts[i], .msg_iovlen = 1};
  }
  int64_t start = now(CLOCK_MONOTONIC), proved = 0;
  for (uint32_t sent = 0; sent < count;) {
    int64_t time = now(CLOCK_MONOTONIC);
    if (time - start > (int64_t)LONGEST_S * 1000000000) fail("sending takes too long");
    if (time - proved > 100000000) {
      prove_seclusion();
      proved = time;
    }
    int size = count - sent < BATCH ? (int)(count - sent) : BATCH;
    for (int i = 0; i < size; i++) make_frame(frames[i], sent + (uint32_t)i);
    if (rate) await_moment(start + (int64_t)sent * 1000000000 / rate);
    for (int done = 0; done < size;) {
      int accepted = sendmmsg(descriptor, messages + done, (unsigned)(size - done), 0);
      if (accepted > 0) done += accepted;
      else if (errno != ENOBUFS && errno != EAGAIN && errno != EINTR)
        fail("sendmmsg: %s", strerror(errno));
    }
    sent += (uint32_t)size;
  }
  close(descriptor);
  return now(CLOCK_MONOTONIC) - start;
}

// The files -----------------------------------------------------------------------------------

struct contents {
  uint32_t packets, disorder, first, last;
  bool readable;  // from its beginning to its end, but for one record that is cut
  size_t cut;     // octets behind the last whole record
};

static void note(struct contents *found, const uint8_t *frame, uint32_t length) {
  static const uint8_t address[6] = {2, 0, 0, 0, 0, 2};
  if (length < 54 || memcmp(frame, address, 6) != 0 || frame[12] != 8 || frame[26] != 0xC6) return;
  uint32_t number = get32(frame + 38);
  if (found->packets == 0) found->first = number;
  else if (number != found->last + 1) found->disorder++;
  found->last = number;
  found->packets++;
}

static uint32_t word(const uint8_t *at) {
  return at[0] | at[1] << 8 | at[2] << 16 | (uint32_t)at[3] << 24;
}

// Reads pcap or pcapng in little endian, as all three programs write on this machine.
static struct contents look_at(const char *path) {
  struct contents found = {0};
  int file = open(path, O_RDONLY);
  struct stat status;
  if (file < 0 || fstat(file, &status) != 0) return found;
  size_t size = (size_t)status.st_size, at = 0;
  if (size < 24) {
    close(file);
    found.cut = size;
    return found;
  }
  const uint8_t *data = mmap(0, size, PROT_READ, MAP_PRIVATE, file, 0);
  close(file);
  if (data == MAP_FAILED) fail("mmap: %s", strerror(errno));
  uint32_t magic = word(data);
  found.readable = true;
  if (magic == 0xA1B2C3D4 || magic == 0xA1B23C4D) {
    for (at = 24; at + 16 <= size; at += 16 + word(data + at + 8)) {
      if (word(data + at + 8) > 262144) found.readable = false;
      if (!found.readable || at + 16 + word(data + at + 8) > size) break;
      note(&found, data + at + 16, word(data + at + 8));
    }
  } else if (magic == 0x0A0D0D0A) {
    while (at + 12 <= size) {
      uint32_t length = word(data + at + 4);
      if (length < 12 || length % 4 != 0 || length > 1 << 20) found.readable = false;
      if (!found.readable || at + length > size) break;
      if (word(data + at + length - 4) != length) found.readable = false;
      if (word(data + at) == 6) note(&found, data + at + 28, word(data + at + 20));
      at += length;
    }
  } else {
    found.readable = false;
  }
  found.cut = size - at;
  munmap((void *)data, size);
  return found;
}

// The capturing program -----------------------------------------------------------------------

static pid_t start(char **command, const char *errors, int output) {
  pid_t child = fork();
  if (child < 0) fail("fork: %s", strerror(errno));
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (errors && !freopen(errors, "w", stderr)) _exit(126);
    if (output >= 0) dup2(output, 1);
    else if (!freopen("/dev/null", "w", stdout)) _exit(126);
    execvp(command[0], command);
    fprintf(stderr, "packets: %s: %s\n", command[0], strerror(errno));
    _exit(127);
  }
  return child;
}

// Whether a packet socket of this namespace listens to every protocol on "receiver" or on all.
static bool somebody_captures(void) {
  FILE *list = fopen("/proc/net/packet", "r");
  if (!list) fail("/proc/net/packet: %s", strerror(errno));
  char line[256];
  bool found = false;
  unsigned index = if_nametoindex("receiver");
  while (fgets(line, sizeof line, list)) {
    unsigned type, protocol, interface;
    int running;
    if (sscanf(line, "%*s %*d %u %x %u %d", &type, &protocol, &interface, &running) == 4)
      found |= protocol == ETH_P_ALL && (interface == index || interface == 0) && running;
  }
  fclose(list);
  return found;
}

static void await_capture(pid_t child) {
  for (int i = 0; i < 5000; i++) {
    if (somebody_captures()) return;
    if (waitpid(child, 0, WNOHANG) == child) fail("the capturing program ended at once");
    sleep_ns(2000000);
  }
  fail("the capturing program does not capture");
}

static uint64_t packets_arrived(void) {
  FILE *list = fopen("/proc/net/dev", "r");
  if (!list) fail("/proc/net/dev: %s", strerror(errno));
  char line[512];
  uint64_t packets = 0;
  while (fgets(line, sizeof line, list)) sscanf(line, " receiver: %*u %" SCNu64, &packets);
  fclose(list);
  return packets;
}

// What to do ----------------------------------------------------------------------------------

static int64_t microseconds(struct timeval time) {
  return (int64_t)time.tv_sec * 1000000 + time.tv_usec;
}

static int blast_once(uint32_t count, uint32_t rate, const char *path, char **command) {
  int go[2], done[2];
  if (pipe(go) != 0 || pipe(done) != 0) fail("pipe: %s", strerror(errno));
  int64_t length = 0;
  pid_t sender = make_namespaces();
  if (sender == 0) {
    if (read(go[0], &length, 1) != 1) _exit(1);
    length = blast(count, rate);
    if (write(done[1], &length, sizeof length) != sizeof length) _exit(1);
    pause();  // the cable goes away with this namespace, and that with its last process
    _exit(0);
  }
  close(go[0]);
  close(done[1]);
  unlink(path);
  char errors[4096];
  snprintf(errors, sizeof errors, "%s.err", path);
  pid_t child = start(command, errors, -1);
  await_capture(child);
  sleep_ns(500000000);
  uint64_t before = packets_arrived();
  if (write(go[1], "", 1) != 1 || read(done[0], &length, sizeof length) != sizeof length)
    fail("the sender has failed");
  sleep_ns(1300000000);  // longer than any of the programs lets a packet wait
  uint64_t arrived = packets_arrived() - before;
  kill(child, SIGINT);
  struct rusage usage;
  if (wait4(child, 0, 0, &usage) != child) fail("wait4: %s", strerror(errno));
  struct contents found = look_at(path);
  printf("%u %" PRIu64 " %u %u %" PRId64 " %" PRId64 "\n", count, arrived, found.packets,
         found.disorder, length / 1000, microseconds(usage.ru_utime) + microseconds(usage.ru_stime));
  return found.readable && found.cut == 0 ? 0 : 1;
}

// What the steady sender has done: when each packet was handed to the cable.
struct record {
  _Atomic uint32_t sent;
  int64_t times[MOST_PACKETS];
};

static void send_steadily(struct record *record, uint32_t rate) {
  int descriptor = sending_socket();
  uint8_t frame[FRAME];
  int64_t start = now(CLOCK_MONOTONIC), proved = 0;
  for (uint32_t number = 0; number < MOST_PACKETS; number++) {
    int64_t due = start + (int64_t)number * 1000000000 / rate;
    int64_t left = due - now(CLOCK_MONOTONIC);
    if (left > 0) sleep_ns(left);
    if (due - proved > 100000000) {
      prove_seclusion();
      proved = due;
    }
    make_frame(frame, number);
    // The other end may not be up yet.
    while (send(descriptor, frame, FRAME, 0) != FRAME) {
      if (errno != ENOBUFS) fail("send: %s", strerror(errno));
      sleep_ns(1000000);
    }
    record->times[number] = now(CLOCK_MONOTONIC);
    record->sent = number + 1;
  }
}

static int kill_often(
    int times, uint64_t seed, uint32_t rate, const char *path, char *check, char **command) {
  struct record *record = mmap(0, sizeof *record, PROT_READ | PROT_WRITE,
                               MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (record == MAP_FAILED) fail("mmap: %s", strerror(errno));
  if (make_namespaces() == 0) {
    send_steadily(record, rate);
    pause();
    _exit(0);
  }
  char errors[4096];
  snprintf(errors, sizeof errors, "%s.err", path);
  int good = 0, cut = 0, unreadable = 0, holes = 0, late = 0, refused = 0;
  double worst = 0, sum = 0;
  uint64_t packets = 0;
  for (int i = 0; i < times; i++) {
    unlink(path);
    pid_t child = start(command, errors, -1);
    await_capture(child);
    struct stat status;
    while (stat(path, &status) != 0 || status.st_size == 0) sleep_ns(200000);
    uint32_t ready = record->sent;
    int64_t wait = (int64_t)(draw(&seed) % 800000000);
    sleep_ns(wait);
    int64_t killed = now(CLOCK_MONOTONIC);
    kill(child, SIGKILL);
    waitpid(child, 0, 0);
    struct contents found = look_at(path);
    uint32_t next = found.packets ? found.last + 1 : ready;
    int64_t gap = next < record->sent ? killed - record->times[next] : 0;
    double missing = gap > 0 ? (double)gap / 1e6 : 0;
    char count[16], rest[32];
    snprintf(count, sizeof count, "%u", found.packets);
    snprintf(rest, sizeof rest, "%zu", found.cut);
    char *checking[] = {"sh", "-c", check, "sh", (char *)path, count, rest, 0};
    pid_t checker = start(checking, 0, -1);
    int outcome = 0;
    waitpid(checker, &outcome, 0);
    bool fails = !found.readable || found.disorder || missing > 250 || outcome != 0;
    if (fails)
      fprintf(stderr, "packets: kill %d, %.1f ms after the beginning: %u packets, %u holes, "
              "%zu octets cut, %.1f ms missing, readers' status %d\n", i + 1, (double)wait / 1e6,
              found.packets, found.disorder, found.cut, missing, outcome);
    good += !fails;
    cut += found.cut != 0;
    unreadable += !found.readable;
    holes += found.disorder != 0;
    late += missing > 250;
    refused += outcome != 0;
    packets += found.packets;
    sum += missing;
    if (missing > worst) worst = missing;
  }
  printf("%d kills at random moments, %u packets a second\n", times, rate);
  printf("%d files good: %d unreadable, %d with holes, %d refused by a reader, %d late\n", good,
         unreadable, holes, refused, late);
  printf("%d files end inside a record; %" PRIu64 " packets in all files\n", cut, packets);
  printf("missing at the end: mean %.1f ms, worst %.1f ms (allowed: 250)\n", sum / times, worst);
  return good == times ? 0 : 1;
}

static int by_size(const void *one, const void *other) {
  double difference = *(const double *)one - *(const double *)other;
  return (difference > 0) - (difference < 0);
}

static int trickle(int times, uint64_t seed, char **command) {
  int64_t *sent = mmap(0, sizeof *sent * (size_t)times, PROT_READ | PROT_WRITE,
                       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  double *delays = calloc((size_t)times, sizeof *delays);
  int go[2], lines[2];
  if (sent == MAP_FAILED || !delays || pipe(go) != 0 || pipe(lines) != 0) fail("out of resources");
  if (make_namespaces() == 0) {
    char byte;
    if (read(go[0], &byte, 1) != 1) _exit(1);
    int descriptor = sending_socket();
    for (int i = 0; i < times; i++) {
      sleep_ns(20000000 + (int64_t)(draw(&seed) % 40000000));
      uint8_t frame[FRAME];
      make_frame(frame, (uint32_t)i);
      prove_seclusion();
      sent[i] = now(CLOCK_MONOTONIC);
      if (send(descriptor, frame, FRAME, 0) != FRAME) _exit(1);
    }
    pause();
    _exit(0);
  }
  pid_t child = start(command, 0, lines[1]);
  close(lines[1]);
  await_capture(child);
  sleep_ns(300000000);
  if (write(go[1], "", 1) != 1) fail("the sender has failed");
  int count = 0;
  char text[65536];
  for (int next = 0; next < times;) {
    ssize_t length = read(lines[0], text, sizeof text - 1);
    if (length <= 0) break;
    int64_t shown = now(CLOCK_MONOTONIC);
    text[length] = 0;
    // Ports count upwards from 1024 with the packets; what is drawn again later was seen already.
    char port[16];
    for (int i = next; i < times && sent[i]; i++) {
      snprintf(port, sizeof port, "%d", 1024 + i);
      if (!strstr(text, port)) continue;
      delays[count++] = (double)(shown - sent[i]) / 1e6;
      next = i + 1;
    }
  }
  kill(child, SIGINT);
  waitpid(child, 0, 0);
  if (count == 0) fail("nothing was shown");
  double sum = 0;
  for (int i = 0; i < count; i++) sum += delays[i];
  qsort(delays, (size_t)count, sizeof *delays, by_size);
  printf("%d of %d packets shown after: mean %.2f ms, median %.2f, 99th %.2f, worst %.2f\n", count, times,
         sum / count, delays[count / 2], delays[count * 99 / 100], delays[count - 1]);
  return count == times ? 0 : 1;
}

static uint32_t number(const char *text, uint32_t most) {
  char *end;
  unsigned long long value = strtoull(text, &end, 10);
  if (*end || value > most) {
    fprintf(stderr, "packets: %s is no number up to %u\n", text, most);
    exit(2);
  }
  return (uint32_t)value;
}

int main(int count, char **words) {
  const char *verb = count > 1 ? words[1] : "";
  if (strcmp(verb, "blast") == 0 && count > 5)
    return blast_once(number(words[2], MOST_PACKETS), number(words[3], MOST_RATE), words[4],
                      words + 5);
  if (strcmp(verb, "kill") == 0 && count > 7)
    return kill_often((int)number(words[2], 100000), number(words[3], UINT32_MAX),
                      number(words[4], 50000), words[5], words[6], words + 7);
  if (strcmp(verb, "trickle") == 0 && count > 4)
    return trickle((int)number(words[2], 100000), number(words[3], UINT32_MAX), words + 4);
  fputs("usage: packets blast COUNT RATE FILE COMMAND...\n"
        "       packets kill TIMES SEED RATE FILE CHECK COMMAND...\n"
        "       packets trickle TIMES SEED COMMAND...\n", stderr);
  return 2;
}
