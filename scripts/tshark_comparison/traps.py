"""What is known to lead tshark astray, by the numbers that the reports use."""

TRAPS = {
    1: "tshark prints tcp.completeness before it has counted the packet itself",
    2: "a stream's first packet that is no SYN counts only in the second of two passes",
    3: "tshark looks for the SYN in a stream's first packet only",
    4: "any ACK without data, of either end, counts as the handshake's; one with data does not",
    5: "the round trip runs from the latest SYN of any end to the first ACK of any end",
    6: "after a repeated SYN the round trip is measured from the last, whichever was answered",
    7: "frames captured twice shift the round trip",
    8: "a SYN-ACK with another number opens a stream from tshark 4.2 on, and none in 4.0",
    9: "a SYN repeated after a RST opens a stream in tshark 4.6, and none in 4.0",
    10: "a simultaneous open is never complete; a split handshake is cut in two streams",
    11: "a TCP header that an ICMP error quotes is taken for a packet of a stream",
    12: "a frame with several IP layers has several addresses, and tshark prints them apart",
    13: "a dissector of the application cuts a stream in two",
    14: "a packet that is cut inside its options ends before tshark comes to the round trip",
    15: "tshark's times went through floating point: the last digits are lost",
    16: "flags are printed 1 and 0 by tshark 4.0, True and False since 4.2",
    17: "a stream of one SYN-ACK stays at completeness 0",
    18: "microseconds beyond a second are multiplied in 32 bits: the time is off by 4.29 s",
    19: "any RST ends a conversation, wherever its number lies",
    20: "a segment that its receiver throws away opens a stream, its checksum being wrong",
}
