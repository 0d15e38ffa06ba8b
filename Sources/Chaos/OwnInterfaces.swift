import Foundation

/// This machine's own network interfaces, by their hardware addresses: a fault that cuts one of them off also cuts off
/// whoever must revert it.
///
/// An address of the machine's network would not do: private networks are alike everywhere. On EC2 and Fargate an
/// interface has the hardware address that EC2 tells of it.
package enum OwnInterfaces {
    /// In lower case, as EC2 writes them; without loopback's.
    package static func hardwareAddresses(in folder: String = "/sys/class/net") throws -> Set<String> {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        let addresses = try names.compactMap { name -> String? in
            let file = "\(folder)/\(name)/address"
            // Beside interfaces the kernel keeps a file of its own there (bonding_masters).
            guard FileManager.default.fileExists(atPath: file) else { return nil }
            return try String(contentsOfFile: file, encoding: .utf8)
                .trimmingCharacters(in: .whitespacesAndNewlines).lowercased()
        }
        return Set(addresses).subtracting(["", "00:00:00:00:00:00"])
    }
}
