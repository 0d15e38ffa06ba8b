import AWS
import Foundation
package import Plan
import Synchronization

/// What a fault would do: resolved on the live platform, and not begun.
package struct FaultPreview: Hashable, Codable, Sendable {
    /// What stands for a run's id.
    package static let run = "RUN"

    package var name: String
    /// On the scenario clock.
    package var at: Nanoseconds
    package var duration: Nanoseconds?
    package var targets: [String]
    /// The network interfaces that it cuts off. Not compared: tasks come and go.
    package var interfaces: [String]
    /// The mutating calls, in order; a run's id in them is `RUN`, as in `undo`: each run has its own.
    package var calls: [String]
    /// As it would be journaled: JSON.
    package var undo: String
    /// The same for people.
    package var reverts: String
    /// IAM actions for its whole life.
    package var permissions: [String]

    package init(
        name: String, at: Nanoseconds, duration: Nanoseconds?, targets: [String],
        interfaces: [String], calls: [String], undo: String, reverts: String, permissions: [String]
    ) {
        self.name = name
        self.at = at
        self.duration = duration
        self.targets = targets
        self.interfaces = interfaces
        self.calls = calls
        self.undo = undo
        self.reverts = reverts
        self.permissions = permissions
    }
}

/// All that the faults of a Plan would do, and to whom: what a person signs off before anything is begun.
package struct ChaosPreview: Hashable, Codable, Sendable {
    package var account: String
    package var region: String
    /// In the Plan's order.
    package var faults: [FaultPreview]

    package init(account: String, region: String, faults: [FaultPreview]) {
        self.account = account
        self.region = region
        self.faults = faults
    }

    /// Why this is not what was signed off, one line each; empty: it is.
    package func differences(from planned: ChaosPreview) -> [String] {
        var found: [String] = []
        func compare(_ what: String, _ before: String, _ now: String) {
            if before != now { found.append("\(what): planned \(before), now \(now)") }
        }
        compare("account", planned.account, account)
        compare("region", planned.region, region)
        compare("faults", planned.faults.map(\.name).listed, faults.map(\.name).listed)
        for (before, now) in zip(planned.faults, faults) where before.name == now.name {
            compare("\(now.name), targets", before.targets.listed, now.targets.listed)
            compare("\(now.name), calls", before.calls.listed, now.calls.listed)
            compare("\(now.name), time", Self.time(before), Self.time(now))
            if before.undo != now.undo {
                found.append("\(now.name): what it would give back is not what it would have been")
            }
        }
        return found
    }

    private static func time(_ fault: FaultPreview) -> String {
        "at \(fault.at)" + (fault.duration.map { " for \($0)" } ?? "")
    }
}

extension [String] {
    fileprivate var listed: String { isEmpty ? "none" : joined(separator: "; ") }
}

extension ChaosEngine {
    /// What a run would do now, after all that `preflight` refuses. Changes nothing.
    package func preview() async throws(ChaosRefusal) -> ChaosPreview {
        let resolved = try await resolveAll()
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        func anonymous(_ text: String) -> String { text.replacing(runID, with: FaultPreview.run) }
        var previews: [FaultPreview] = []
        for (planned, fault) in zip(plan.faults, resolved) {
            let undo: Data
            let interfaces: [NetworkInterface]
            do {
                undo = try encoder.encode(fault.undo)
                interfaces = try await fault.cutOff()
            } catch {
                throw .fault(planned.name, why: "\(error)")
            }
            let about = type(of: planned.fault.action).about
            previews.append(
                FaultPreview(
                    name: planned.name, at: planned.at, duration: planned.duration, targets: fault.targets,
                    interfaces: interfaces.map {
                        "\($0.id), \($0.address) in \($0.subnet): \($0.description)"
                    },
                    calls: (fault.marks.map(\.call) + fault.calls).map(anonymous),
                    undo: anonymous(String(decoding: undo, as: UTF8.self)),
                    reverts: about.undo, permissions: about.permissions))
        }
        return ChaosPreview(
            account: ledger.withLock { $0.account } ?? "", region: platform.configuration.region,
            faults: previews)
    }
}
