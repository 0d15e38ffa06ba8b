/// What the outer process tells the inner one, as JSON in its only argument.
struct LabOrders: Codable, Sendable {
    var statePath: String
    var stack: String
    var venv: String
    var postgres: String
    var mode: LabMode
    var speed: Double
    var seed: UInt64
    var flaw: LabFlaw?
    var strength: Double
    var listeners: Machine.Listeners
    /// Read by the inner: at its end the lab goes.
    var lifeline: Int32
    /// Written by the inner: `ready`, or `failed` and why.
    var report: Int32
    /// The name of the lab's cgroup directories; nil runs without quotas.
    var cgroup: String?

    var parts: Parts { Parts(stack: stack, venv: venv, postgres: postgres) }
}
