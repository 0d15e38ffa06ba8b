/// Systems Manager: commands run inside tasks.
package struct SSM: Sendable {
    let wire: Wire
}
