import CLab
import Foundation
import Glibc
import Logging

private let logger = Logger(label: "lab.state")

/// The one folder a lab writes to: its address, its configuration, its logs, its sockets, the database.
package struct StateDirectory: Hashable, Sendable {
    package let path: String

    /// `$XDG_RUNTIME_DIR/loadchaos-lab-UID`, or under /dev/shm, or under /tmp: one lab for each user.
    ///
    /// In memory rather than on a disk where there is a choice: what a shared disk does to the database's commits is
    /// not the system's doing, and what a lab does to its processes (SIGKILL) files in memory survive as others do.
    package static func ofThisUser(
        environment: [String: String] = ProcessInfo.processInfo.environment, user: UInt32 = geteuid(),
        memory: String = "/dev/shm"
    ) -> StateDirectory {
        let runtime = environment["XDG_RUNTIME_DIR"] ?? ""
        // After `su` it may still name another user's.
        let base =
            if runtime.hasPrefix("/"), isWritable(runtime) {
                runtime
            } else if isWritable(memory), isRoomy(memory) {
                memory
            } else {
                "/tmp"
            }
        return StateDirectory(path: "\(base)/loadchaos-lab-\(user)")
    }

    private static func isWritable(_ folder: String) -> Bool { access(folder, W_OK | X_OK) == 0 }

    /// A gigabyte at least: a container's is often 64 MB. The size and not what is free of it, so that every process
    /// finds the same folder.
    private static func isRoomy(_ folder: String) -> Bool {
        var facts = statvfs()
        guard statvfs(folder, &facts) == 0 else { return false }
        return UInt64(facts.f_blocks) * UInt64(facts.f_frsize) >= 1 << 30
    }

    package init(path: String) { self.path = path }

    /// Makes the folder, for this user alone. A folder of that name that belongs to somebody else is refused.
    func make() throws(LabError) {
        if mkdir(path, 0o700) != 0 {
            guard errno == EEXIST else { throw .file(operation: "make", path: path, error: errno) }
            var facts = stat()
            guard lstat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFDIR, facts.st_uid == geteuid()
            else {
                throw .file(operation: "use", path: path, error: EPERM)
            }
            chmod(path, 0o700)
        }
        try makeFolders()
    }

    /// After `empty` they are made again.
    func makeFolders() throws(LabError) {
        for folder in ["logs", "sockets", "tasks", "tls"]
        where mkdir("\(path)/\(folder)", 0o700) != 0 && errno != EEXIST {
            throw .file(operation: "make", path: "\(path)/\(folder)", error: errno)
        }
    }

    /// Removes everything in it, the lock last, then the folder: who waits for the lock must find nothing left.
    func remove() {
        empty()
        unlink("\(path)/lock")
        guard rmdir(path) != 0, errno != ENOENT else { return }
        // A file made meanwhile by a process that is just ending: once more is enough, since none is started here.
        do { try FileManager.default.removeItem(atPath: path) } catch CocoaError.fileNoSuchFile {
            // The process that made it has removed it.
        } catch {
            logger.error("the lab's folder \(path) is left behind: \(error)")
        }
    }

    /// Removes everything in it but the lock, which somebody may wait for.
    func empty() {
        // A folder that cannot be read or emptied is told of when the lab writes to it.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        for name in names where name != "lock" {
            try? FileManager.default.removeItem(atPath: "\(path)/\(name)")
        }
    }

    func write(_ text: String, to name: String) throws(LabError) { try put(text, name, O_TRUNC) }
    func append(_ text: String, to name: String) throws(LabError) { try put(text, name, O_APPEND) }

    private func put(_ text: String, _ name: String, _ flags: Int32) throws(LabError) {
        let file = open("\(path)/\(name)", O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0o600)
        guard file >= 0 else { throw .file(operation: "write", path: "\(path)/\(name)", error: errno) }
        defer { close(file) }
        let bytes = Array(text.utf8)
        guard Glibc.write(file, bytes, bytes.count) == bytes.count else {
            throw .file(operation: "write", path: "\(path)/\(name)", error: errno == 0 ? ENOSPC : errno)
        }
    }

    /// A log file opened for appending, and its path.
    func log(_ name: String) throws(LabError) -> (file: Int32, path: String) {
        let path = "\(path)/logs/\(name).log"
        let file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .file(operation: "open", path: path, error: errno) }
        return (file, path)
    }

    func tail(of file: String) -> String {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        return LogTail.last(of: contents(of: descriptor))
    }

    /// Takes the lock that says a lab is up; the fd holds it. Nil when another process has it.
    func lock() throws(LabError) -> Int32? {
        let path = "\(path)/lock"
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .file(operation: "open", path: path, error: errno) }
        if clab_lock(file, 1) == 0 {
            ftruncate(file, 0)
            let holder = "\(getpid())\n"
            pwrite(file, holder, holder.utf8.count, 0)
            return file
        }
        close(file)
        return nil
    }

    /// The process that took the lock last; only while `isLocked` is it that process.
    var holder: Int32? {
        let file = open("\(path)/lock", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        return Int32(contents(of: file).split(separator: "\n").first ?? "")
    }

    /// Whether some process holds the lock: a process id alone could be used again by another program.
    var isLocked: Bool {
        let file = open("\(path)/lock", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { close(file) }
        return clab_lock(file, 0) != 0
    }
}
