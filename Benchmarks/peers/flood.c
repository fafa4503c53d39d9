// The peer that `make bench` holds the simulator against: a SYN flood in virtual time, as plainly
// as C can say it. Poisson arrivals meet a half-open pool whose entries all live equally long, or
// cookies. No segments, no options, no counters by reason, no clients, no SYN-ACKs sent again: what
// is left is what any such loop must do, so the ratio is the price of everything else.
//
//   flood pool|cookies RATE DURATION_S CAPACITY LIFETIME_S SEED
//
// prints: SYNs, SYNs refused, nanoseconds of processor time, a sum that depends on every answer.
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static uint64_t rotate(uint64_t word, int bits) { return word << bits | word >> (64 - bits); }

// SplitMix64 and xoshiro256**, of Steele et al. and of Blackman and Vigna.
static uint64_t mix(uint64_t *state) {
  uint64_t mixed = *state += 0x9E3779B97F4A7C15u;
  mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9u;
  mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EBu;
  return mixed ^ mixed >> 31;
}

static uint64_t words[4];

static uint64_t draw(void) {
  uint64_t result = rotate(words[1] * 5, 7) * 9, shifted = words[1] << 17;
  words[2] ^= words[0];
  words[3] ^= words[1];
  words[1] ^= words[2];
  words[0] ^= words[3];
  words[2] ^= shifted;
  words[3] = rotate(words[3], 45);
  return result;
}

static int64_t gap(double mean_ns) {
  return (int64_t)(-log(1 - (double)(draw() >> 11) * 0x1p-53) * mean_ns + 0.5);
}

// SipHash-2-4 of Aumasson and Bernstein, of the twelve octets of an IPv4 four-tuple.
typedef struct {
  uint64_t low, high;
} sip_key;

static void sip_round(uint64_t v[4]) {
  v[0] += v[1];
  v[1] = rotate(v[1], 13) ^ v[0];
  v[0] = rotate(v[0], 32);
  v[2] += v[3];
  v[3] = rotate(v[3], 16) ^ v[2];
  v[0] += v[3];
  v[3] = rotate(v[3], 21) ^ v[0];
  v[2] += v[1];
  v[1] = rotate(v[1], 17) ^ v[2];
  v[2] = rotate(v[2], 32);
}

static uint64_t sip_hash(sip_key key, uint64_t head, uint32_t tail, uint64_t length) {
  uint64_t v[4] = {key.low ^ 0x736F6D6570736575u, key.high ^ 0x646F72616E646F6Du,
                   key.low ^ 0x6C7967656E657261u, key.high ^ 0x7465646279746573u};
  uint64_t blocks[2] = {head, length << 56 | tail};
  for (int i = 0; i < 2; i++) {
    v[3] ^= blocks[i];
    sip_round(v);
    sip_round(v);
    v[0] ^= blocks[i];
  }
  v[2] ^= 0xFF;
  for (int i = 0; i < 4; i++) sip_round(v);
  return v[0] ^ v[1] ^ v[2] ^ v[3];
}

// The pool: a ring in the order of admission, which is the order of expiry, and a table with open
// addressing, linear probing and no tombstones.
typedef struct {
  uint64_t peer;
  int64_t expiry;
} entry;

static entry *ring;
static uint64_t *table;  // the peer's address and port; 0 for a free place
static uint64_t capacity, head, count, mask;

static uint64_t home(uint64_t peer) { return (peer * 0x9E3779B97F4A7C15u) >> 32 & mask; }

static bool knows(uint64_t peer) {
  uint64_t place = home(peer);
  while (table[place] && table[place] != peer) place = (place + 1) & mask;
  return table[place] != 0;
}

static void admit(uint64_t peer, int64_t expiry) {
  uint64_t place = home(peer);
  while (table[place]) place = (place + 1) & mask;
  table[place] = peer;
  ring[(head + count++) % capacity] = (entry){peer, expiry};
}

static void expire_oldest(void) {
  uint64_t hole = home(ring[head].peer);
  while (table[hole] != ring[head].peer) hole = (hole + 1) & mask;
  for (uint64_t next = (hole + 1) & mask; table[next]; next = (next + 1) & mask) {
    if (((next - home(table[next])) & mask) >= ((next - hole) & mask)) {
      table[hole] = table[next];
      hole = next;
    }
  }
  table[hole] = 0;
  head = (head + 1) % capacity;
  count--;
}

static int64_t processor_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

int main(int argc, char **argv) {
  if (argc != 7) {
    fprintf(stderr, "usage: flood pool|cookies RATE DURATION_S CAPACITY LIFETIME_S SEED\n");
    return 2;
  }
  bool remembers = strcmp(argv[1], "pool") == 0;
  double mean_ns = 1e9 / atof(argv[2]);
  int64_t end = (int64_t)(atof(argv[3]) * 1e9), lifetime = (int64_t)(atof(argv[5]) * 1e9);
  capacity = strtoull(argv[4], NULL, 10);
  uint64_t seed = strtoull(argv[6], NULL, 10);
  for (int i = 0; i < 4; i++) words[i] = mix(&seed);
  for (mask = 16; mask < 2 * capacity; mask *= 2) continue;
  table = calloc(mask, sizeof *table);
  ring = calloc(capacity, sizeof *ring);
  if (!table || !ring || capacity == 0) return 6;
  mask--;

  sip_key secret = {draw(), draw()}, salt = secret;
  int64_t begun = processor_ns(), second = -1;
  uint64_t syns = 0, refused = 0, sum = 0;
  for (int64_t now = gap(mean_ns); now < end; now += gap(mean_ns)) {
    syns++;
    uint64_t where = draw();
    uint64_t address = 0xC6130000u + (where >> 48), port = 1024 + ((where & 0xFFFFFFFF) * 64512 >> 32);
    uint64_t peer = address << 16 | port;
    uint32_t sequence = (uint32_t)draw();
    if (remembers) {
      while (count && ring[head].expiry <= now) expire_oldest();
      if (!knows(peer)) {
        if (count == capacity) {
          refused++;
          continue;
        }
        admit(peer, now + lifetime);
      }
      sum += sequence + 1;
    } else {
      if (now / 1000000000 != second) {
        second = now / 1000000000;
        salt = (sip_key){sip_hash(secret, (uint64_t)second, 0, 9),
                         sip_hash(secret, (uint64_t)second, 1, 9)};
      }
      uint64_t tuple = UINT64_C(0xC00002011F960000) | address >> 16;
      sum += (uint32_t)sip_hash(salt, __builtin_bswap64(tuple),
                                __builtin_bswap32((uint32_t)peer), 12) + sequence + 1;
    }
  }
  printf("%" PRIu64 " %" PRIu64 " %" PRId64 " %" PRIu64 "\n", syns, refused,
         processor_ns() - begun, sum);
  return 0;
}
