import AWS
import Glibc
import Plan

/// One run with faults at a time on a system, as far as this machine can tell: two would take each other's harm for
/// their own, and each other's healing too.
///
/// An abstract Unix socket: there is no file to be left behind, the kernel lets go of it when the process ends in
/// whatever way, and it tells who holds it.
package final class SystemLock: Sendable {
    private let socket: Int32

    /// `name`: what is locked. Refused while another process has it.
    init(_ name: String) throws(ChaosRefusal) {
        let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .lock("no socket for the lock: \(Self.problem)") }
        let isTaken = Self.with(Self.address(name)) { bind(descriptor, $0, $1) } != 0
        guard isTaken else {
            // Nobody is ever accepted: who connects learns the process that listens.
            listen(descriptor, 1)
            socket = descriptor
            return
        }
        let problem = Self.problem
        let holder =
            Self.with(Self.address(name)) { connect(descriptor, $0, $1) } == 0 ? Self.peer(descriptor) : nil
        close(descriptor)
        throw .lock(
            "another run breaks this system now\(holder.map { " (process \($0))" } ?? ": \(problem)"); wait for its end"
        )
    }

    deinit { close(socket) }

    private static var problem: String { String(cString: strerror(errno)) }

    /// In the abstract namespace: the path begins with a zero byte.
    private static func address(_ name: String) -> (sockaddr_un, socklen_t) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array("loadchaos-\(String(Draw.hash(name), radix: 16))".utf8)
        withUnsafeMutableBytes(of: &address.sun_path) { $0[1...].copyBytes(from: bytes) }
        return (address, socklen_t(MemoryLayout<sa_family_t>.size + 1 + bytes.count))
    }

    private static func with(
        _ address: (sockaddr_un, socklen_t), _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        withUnsafePointer(to: address.0) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, address.1) }
        }
    }

    private static func peer(_ descriptor: Int32) -> pid_t? {
        // The kernel's struct ucred, which Glibc's module leaves out: process, user, group.
        var credentials = (pid: pid_t(0), uid: uid_t(0), gid: gid_t(0))
        var size = socklen_t(MemoryLayout.size(ofValue: credentials))
        guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0 else { return nil }
        return credentials.pid
    }
}

extension ChaosEngine {
    /// Hold it until everything is healed. nil: the Plan breaks nothing.
    package func lock() async throws(ChaosRefusal) -> SystemLock? {
        guard !plan.faults.isEmpty, let system = plan.system else { return nil }
        let account: String
        do { account = try await self.account() } catch { throw .platform(error) }
        let identity = PlatformIdentity(
            endpoints: platform.configuration.endpoints, account: account,
            region: platform.configuration.region)
        return try SystemLock("\(identity), \(system.cluster)")
    }
}
