// A peer of `halfopen datagram` in C: sends and receives both forms of the record with nothing but
// the structs themselves. The tests compile it.
//
//   scores send FORM PORT NAME MATH CHINESE    one record to 127.0.0.1
//   scores receive FORM COUNT                  prints COUNT records; says its port first
//
// FORM is fixed or variable; to send, also `stale` (a fixed name behind whose NUL something is
// left), `ended` (a variable name with its NUL) and `padded` (a fixed struct that nobody packed).
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct fixed {
  char name[13];
  uint32_t math;
  uint32_t chinese;
} __attribute__((packed));

struct padded {
  char name[13];
  uint32_t math;
  uint32_t chinese;
};

struct variable {
  uint32_t math;
  uint32_t chinese;
  char name[512 - 8 - 8];
} __attribute__((packed));

_Static_assert(sizeof(struct fixed) == 21, "13 and 4 and 4");
_Static_assert(sizeof(struct variable) == 504, "512 - 8");

static int is(const char *word, const char *other) { return strcmp(word, other) == 0; }

static void fail(const char *call) {
  perror(call);
  exit(1);
}

static size_t fill(void *octets, const char *form, char *words[]) {
  uint32_t math = htonl((uint32_t)atoi(words[1])), chinese = htonl((uint32_t)atoi(words[2]));
  if (is(form, "fixed") || is(form, "stale")) {
    struct fixed *record = octets;
    memset(record->name, is(form, "stale") ? 0xEE : 0, sizeof record->name);
    strcpy(record->name, words[0]);
    record->math = math;
    record->chinese = chinese;
    return sizeof *record;
  }
  if (is(form, "padded")) {
    struct padded *record = octets;
    strcpy(record->name, words[0]);
    record->math = math;
    record->chinese = chinese;
    return sizeof *record;
  }
  struct variable *record = octets;
  record->math = math;
  record->chinese = chinese;
  size_t length = strlen(words[0]);
  memcpy(record->name, words[0], length);
  if (is(form, "ended")) record->name[length++] = 0;
  return 8 + length;
}

static void show(const void *octets, size_t length, const char *form) {
  if (is(form, "fixed")) {
    const struct fixed *record = octets;
    if (length != sizeof *record) exit(3);
    printf("%s|%d|%d\n", record->name, (int)ntohl(record->math), (int)ntohl(record->chinese));
  } else {
    const struct variable *record = octets;
    printf("%.*s|%d|%d\n", (int)(length - 8), record->name, (int)ntohl(record->math),
           (int)ntohl(record->chinese));
  }
}

int main(int count, char *words[]) {
  if (count < 4) return 2;
  struct sockaddr_in address = {.sin_family = AF_INET};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  char octets[1024] __attribute__((aligned(8))) = {0};
  int channel = socket(AF_INET, SOCK_DGRAM, 0);
  if (channel < 0) fail("socket");
  if (is(words[1], "send") && count == 7) {
    address.sin_port = htons((uint16_t)atoi(words[3]));
    size_t length = fill(octets, words[2], words + 4);
    if (sendto(channel, octets, length, 0, (void *)&address, sizeof address) < 0) fail("sendto");
    return 0;
  }
  socklen_t size = sizeof address;
  if (bind(channel, (void *)&address, size) != 0) fail("bind");
  if (getsockname(channel, (void *)&address, &size) != 0) fail("getsockname");
  fprintf(stderr, "listening on 127.0.0.1:%d\n", ntohs(address.sin_port));
  for (int left = atoi(words[3]); left > 0; left--) {
    memset(octets, 0, sizeof octets);
    ssize_t length = recv(channel, octets, sizeof octets, 0);
    if (length < 0) fail("recv");
    show(octets, (size_t)length, words[2]);
  }
  return 0;
}
