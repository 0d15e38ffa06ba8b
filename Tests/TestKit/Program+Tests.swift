import Foundation
package import Spawn

extension Program {
    /// The program of this name, wherever it is, with our environment. Debian has servers where only root looks.
    package static func found(_ words: [String]) -> Program {
        var environment = ownEnvironment
        environment["PATH", default: "/usr/bin:/bin"] += ":/usr/sbin"
        return Program("/usr/bin/env", words, environment: environment)
    }

    /// An executable of ours, with our environment: it is built into the same folder as the tests' bundle.
    package static func built(_ name: String, _ arguments: [String]) -> Program {
        let folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        return Program(folder.appending(path: name).path, arguments, environment: ownEnvironment)
    }
}
