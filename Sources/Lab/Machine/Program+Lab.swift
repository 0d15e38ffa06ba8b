import Glibc
import Spawn

extension Program {
    /// Starts it as a part of the lab, on the calling thread: found where the lab looks, in "/" unless it says another
    /// place, and with nothing of our environment. The caller must see to it that the pid is waited for.
    func spawnPart() throws(LabError) -> pid_t {
        var part = self
        part.path = try Parts.program(path)
        part.environment = [
            "PATH": Parts.searchPath.joined(separator: ":"), "LANG": "C.UTF-8", "HOME": "/",
        ].merging(environment) { $1 }
        part.directory = directory ?? "/"
        do throws(NoStart) { return try part.spawn() } catch {
            throw .file(operation: "start (\(error.step))", path: error.path, error: error.code)
        }
    }
}
