import Glibc

/// A program could not be started.
package struct NoStart: Error, Sendable, CustomStringConvertible {
    package var path: String
    /// What failed between fork and exec, as a verb: `open files`, `exec`.
    package var step: String
    /// errno.
    package var code: Int32

    package init(of path: String, step: String, code: Int32) {
        self.path = path
        self.step = step
        self.code = code
    }

    package var description: String {
        "it could not be started (\(path), \(step)): \(String(cString: strerror(code)))"
    }
}
