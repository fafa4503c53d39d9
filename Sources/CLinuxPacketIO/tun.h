// TUN devices and their addresses, as far as Swift cannot import what they need.
#pragma once
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <linux/if_tun.h>

static const unsigned long HALFOPEN_SIOCSIFADDR = 0x8916;
static const unsigned long HALFOPEN_SIOCSIFDSTADDR = 0x8918;

// A network device whose wire ends in a descriptor (Documentation/networking/tuntap.rst): creates it
// or joins one that exists, and writes its name, IFNAMSIZ octets, to `given`; -1 and errno when
// refused. `wanted` may hold %d, which the kernel fills in.
static inline int halfopen_open_tun(const char *wanted, char *given) {
  int device = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (device < 0) return -1;
  struct ifreq request;
  memset(&request, 0, sizeof request);
  strncpy(request.ifr_name, wanted, IFNAMSIZ - 1);
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  if (ioctl(device, TUNSETIFF, &request) != 0) {
    int code = errno;
    close(device);
    errno = code;
    return -1;
  }
  memcpy(given, request.ifr_name, IFNAMSIZ);
  return device;
}

// One question or order to the kernel about the interface `name`, over a socket of `family`.
static inline int halfopen_order_interface(int family, unsigned long order, void *request) {
  int channel = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (channel < 0) return -1;
  int result = ioctl(channel, order, request);
  int code = errno;
  close(channel);
  errno = code;
  return result;
}

// Sets an IPv4 address of an interface: its own (SIOCSIFADDR) or, of a point-to-point one, that of
// the other end (SIOCSIFDSTADDR), which makes a route to it. `octets` in network order.
static inline int halfopen_set_address4(const char *name, unsigned long order,
                                        const uint8_t octets[4]) {
  struct ifreq request;
  memset(&request, 0, sizeof request);
  strncpy(request.ifr_name, name, IFNAMSIZ - 1);
  struct sockaddr_in *address = (struct sockaddr_in *)&request.ifr_addr;
  address->sin_family = AF_INET;
  memcpy(&address->sin_addr, octets, 4);
  return halfopen_order_interface(AF_INET, order, &request);
}

// Adds an IPv6 address with its prefix, which makes a route to it.
static inline int halfopen_add_address6(const char *name, const uint8_t octets[16],
                                        uint32_t prefix) {
  // struct in6_ifreq of <linux/ipv6.h>, which does not go together with <netinet/in.h>.
  struct {
    uint8_t address[16];
    uint32_t prefix;
    int32_t index;
  } request;
  memcpy(request.address, octets, 16);
  request.prefix = prefix;
  request.index = (int32_t)if_nametoindex(name);
  if (request.index == 0) return -1;
  return halfopen_order_interface(AF_INET6, SIOCSIFADDR, &request);
}

static inline int halfopen_interface_up(const char *name, int queue) {
  struct ifreq request;
  memset(&request, 0, sizeof request);
  strncpy(request.ifr_name, name, IFNAMSIZ - 1);
  request.ifr_ifru.ifru_ivalue = queue;
  if (halfopen_order_interface(AF_INET, SIOCSIFTXQLEN, &request) != 0) return -1;
  if (halfopen_order_interface(AF_INET, SIOCGIFFLAGS, &request) != 0) return -1;
  request.ifr_flags |= IFF_UP;
  return halfopen_order_interface(AF_INET, SIOCSIFFLAGS, &request);
}
