/// Application Auto Scaling: scalable targets, step policies, activities.
struct ApplicationAutoScaling {
    let control: ControlPlane

    func answer(_ action: String, _ given: JSONParameters) async throws(APIError) -> JSONValue {
        throw APIError("UnknownOperationException", "The lab's application-autoscaling serves no \(action).")
    }
}
