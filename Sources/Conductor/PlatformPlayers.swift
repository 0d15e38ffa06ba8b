package import Chaos
import History
package import Watch

extension ChaosEngine: FaultPlayer {}
extension PlatformWatch: PlatformWatcher {}
extension LogWatch: PlatformWatcher {}
extension ProbeEngine: ProbePlayer {}
