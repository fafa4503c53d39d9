// What routers and hosts say about datagrams, out of a socket's error queue (ip(7), ipv6(7)): control
// messages, whose macros Swift cannot import.
#pragma once
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <linux/errqueue.h>

// The values of <linux/in.h> and <linux/in6.h>, which the C library has under other names or none.
enum {
  HALFOPEN_IP_RECVERR = 11,
  HALFOPEN_IPV6_RECVERR = 25,
};

struct halfopen_report {
  // SO_EE_ORIGIN_LOCAL, _ICMP or _ICMP6; 0 for an error that nobody reported.
  uint8_t origin, type, code;
  // Octets of `offender` that are an address: 0, 4 or 16.
  uint8_t offender_octets;
  uint8_t offender[16];
  uint32_t offender_interface;
  uint32_t information;
  int32_t error;
  // Where the datagram was to go.
  uint16_t port;
};

static inline uint16_t halfopen_port(const struct sockaddr_storage *address) {
  return ntohs(address->ss_family == AF_INET6 ? ((const struct sockaddr_in6 *)address)->sin6_port
                                              : ((const struct sockaddr_in *)address)->sin_port);
}

static inline void halfopen_read_offender(const struct sock_extended_err *error,
                                          struct halfopen_report *report) {
  const struct sockaddr *offender = SO_EE_OFFENDER(error);
  if (offender->sa_family == AF_INET) {
    memcpy(report->offender, &((const struct sockaddr_in *)offender)->sin_addr, 4);
    report->offender_octets = 4;
  } else if (offender->sa_family == AF_INET6) {
    memcpy(report->offender, &((const struct sockaddr_in6 *)offender)->sin6_addr, 16);
    report->offender_interface = ((const struct sockaddr_in6 *)offender)->sin6_scope_id;
    report->offender_octets = 16;
  }
}

// Takes one report out of the queue: 1, or 0 when there is none, or -1 and errno.
static inline int halfopen_take_report(int channel, struct halfopen_report *report) {
  memset(report, 0, sizeof *report);
  struct sockaddr_storage destination;
  memset(&destination, 0, sizeof destination);
  char data[64];
  _Alignas(struct cmsghdr) char control[512];
  struct iovec part = {data, sizeof data};
  struct msghdr message;
  memset(&message, 0, sizeof message);
  message.msg_name = &destination;
  message.msg_namelen = sizeof destination;
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  if (recvmsg(channel, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
    return errno == EAGAIN || errno == EINTR ? 0 : -1;
  report->port = halfopen_port(&destination);
  for (struct cmsghdr *note = CMSG_FIRSTHDR(&message); note; note = CMSG_NXTHDR(&message, note)) {
    int is_error = (note->cmsg_level == IPPROTO_IP && note->cmsg_type == HALFOPEN_IP_RECVERR) ||
                   (note->cmsg_level == IPPROTO_IPV6 && note->cmsg_type == HALFOPEN_IPV6_RECVERR);
    if (!is_error || note->cmsg_len < CMSG_LEN(sizeof(struct sock_extended_err))) continue;
    const struct sock_extended_err *error = (const struct sock_extended_err *)CMSG_DATA(note);
    report->origin = error->ee_origin;
    report->type = error->ee_type;
    report->code = error->ee_code;
    report->information = error->ee_info;
    report->error = (int32_t)error->ee_errno;
    if (note->cmsg_len >= CMSG_LEN(sizeof *error + sizeof(struct sockaddr_in)))
      halfopen_read_offender(error, report);
  }
  return 1;
}

// Takes one datagram that was answered: 1 and the port it came from, or 0, or -1 and errno. An error
// that the queue tells about as well counts as none.
static inline int halfopen_take_answer(int channel, uint16_t *port) {
  struct sockaddr_storage source;
  memset(&source, 0, sizeof source);
  socklen_t size = sizeof source;
  char data[1];
  if (recvfrom(channel, data, sizeof data, MSG_DONTWAIT, (struct sockaddr *)&source, &size) < 0)
    return 0;
  *port = halfopen_port(&source);
  return 1;
}

// Sends one datagram with a TTL or hop limit of its own; -1 and errno when refused.
static inline int halfopen_send_probe(int channel, const uint8_t *address, int octets,
                                      uint32_t interface, uint16_t port, int hop_limit,
                                      const void *data, size_t length) {
  struct sockaddr_storage destination;
  memset(&destination, 0, sizeof destination);
  socklen_t size;
  int level, option;
  if (octets == 4) {
    struct sockaddr_in *target = (struct sockaddr_in *)&destination;
    target->sin_family = AF_INET;
    target->sin_port = htons(port);
    memcpy(&target->sin_addr, address, 4);
    size = sizeof *target;
    level = IPPROTO_IP;
    option = IP_TTL;
  } else {
    struct sockaddr_in6 *target = (struct sockaddr_in6 *)&destination;
    target->sin6_family = AF_INET6;
    target->sin6_port = htons(port);
    memcpy(&target->sin6_addr, address, 16);
    target->sin6_scope_id = interface;
    size = sizeof *target;
    level = IPPROTO_IPV6;
    option = IPV6_UNICAST_HOPS;
  }
  if (setsockopt(channel, level, option, &hop_limit, sizeof hop_limit) != 0) return -1;
  return sendto(channel, data, length, MSG_DONTWAIT, (struct sockaddr *)&destination, size) < 0
             ? -1
             : 0;
}
