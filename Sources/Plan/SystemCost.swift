extension System {
    /// One line of what a month costs: what is paid for, and what the document says it costs.
    package struct Cost: Hashable, Codable, Sendable {
        package enum Item: Hashable, Codable, Sendable {
            case natGateways(Int)
            /// An RDS instance; `storage` in GiB of gp3.
            case database(instance: String, isMultiAZ: Bool, storage: Int)
            /// The Fargate tasks of all services.
            case tasks
            case balancer
            /// What no price is known for.
            case other
        }

        package var name: String
        package var item: Item
        /// US dollars a month.
        package var stated: Double

        package init(name: String, item: Item, stated: Double) {
            self.name = name
            self.item = item
            self.stated = stated
        }
    }
}

extension KeyedDecodingContainer {
    /// What the synthesized decoding of System calls for `costs`: recordings of before there were any have none.
    func decode(_ type: [System.Cost].Type, forKey key: Key) throws -> [System.Cost] {
        try decodeIfPresent(type, forKey: key) ?? []
    }
}
