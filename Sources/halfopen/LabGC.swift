import ArgumentParser
import KernelLab

/// Removes what killed labs left.
struct LabGC: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gc",
    abstract: "End processes of labs whose holder has gone.",
    discussion: """
      A lab vanishes with the process that made it, and all that runs in it is ended by the kernel; \
      nothing is left under /run/netns, because nothing was put there. Only where a container hides \
      a part of /proc can a process of a lab outlive it, and hold its namespaces: this finds and ends \
      those of the same user.

      EXAMPLES
        halfopen lab gc
        halfopen lab gc --dry-run
      """)

  @Flag(help: "Tell what would be ended, and end nothing.")
  var dryRun = false

  func run() {
    let leftovers = LabLeftovers.find()
    for process in leftovers {
      StandardOutput.write("\(process.number) \(process.command)\n")
      if !dryRun { process.end() }
    }
    let verb = dryRun ? "would be ended" : "ended"
    StandardError.write(
      leftovers.isEmpty
        ? "nothing is left of any lab\n" : "\(leftovers.count) processes \(verb)\n")
  }
}
