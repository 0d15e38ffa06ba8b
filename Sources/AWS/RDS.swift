/// Relational Database Service: the database instance, and failing it over.
package struct RDS: Sendable {
    let wire: Wire
}
