// Frames of a packet socket's rings (packet(7), TPACKET_V2), which the kernel and we own in turn.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>

enum {
  HALFOPEN_TPACKET_V2 = TPACKET_V2,
  // Where a frame to send begins: behind the header, without the address that only arrivals have
  // (tpacket_parse_header of Linux).
  HALFOPEN_TX_OFFSET = TPACKET2_HDRLEN - sizeof(struct sockaddr_ll),
};

// A frame belongs to whoever its status word says: read and written in order with the packet that
// it guards.
static inline uint32_t halfopen_frame_status(const struct tpacket2_hdr *frame) {
  return __atomic_load_n(&frame->tp_status, __ATOMIC_ACQUIRE);
}

static inline void halfopen_give_frame(struct tpacket2_hdr *frame, uint32_t status) {
  __atomic_store_n(&frame->tp_status, status, __ATOMIC_RELEASE);
}
