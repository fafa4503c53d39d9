import ArgumentParser

/// The verb's parts.
struct Lab: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Three hosts in network namespaces, with the kernel's own TCP.",
    discussion: """
      client 198.18.1.2, server 198.18.0.1 (and 2001:db8::1), attacker 198.18.2.2: joined by virtual \
      cables, cut off from every other network, gone with the process that made them. Root makes \
      them directly; everybody else, or --rootless, inside a user namespace.

      EXAMPLES
        halfopen lab run --syncookies 0 --attack-rate 200 --duration 20s
        halfopen lab golden
        halfopen lab exec -- ping -c 1 198.18.0.1
        halfopen lab exec --server 'halfopen stamp serve' --until-listening 8086 \
      -- halfopen stamp get 198.18.0.1
      """,
    subcommands: [
      LabRun.self, LabGolden.self, LabExec.self, LabFlood.self, LabCrowd.self, LabGC.self,
    ])
}
