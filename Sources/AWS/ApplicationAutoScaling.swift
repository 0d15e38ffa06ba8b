/// Application Auto Scaling: what scales a service, and what it did.
package struct ApplicationAutoScaling: Sendable {
    let wire: Wire
}
