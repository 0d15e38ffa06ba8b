/// Where the system under test lives and what it promises: the contents of a `.system` file.
package struct System: Hashable, Codable, Sendable {
    package struct Service: Hashable, Codable, Sendable {
        package var name: String
        /// Desired tasks at rest, and the limits autoscaling keeps.
        package var tasks: ClosedRange<Int>
        package var port: Int
        /// In CPU units of ECS: 1024 = 1 vCPU. Memory in MiB.
        package var cpu: Int
        package var memory: Int
        package var image: String?
        package var healthPath: String?

        package init(
            name: String, tasks: ClosedRange<Int>, port: Int, cpu: Int, memory: Int, image: String? = nil,
            healthPath: String? = nil
        ) {
            self.name = name
            self.tasks = tasks
            self.port = port
            self.cpu = cpu
            self.memory = memory
            self.image = image
            self.healthPath = healthPath
        }
    }

    package struct Promise: Hashable, Codable, Sendable {
        package var name: String
        /// The section of the document it comes from.
        package var source: String
        /// One or more checks, all of which must hold. Their `during` and `after` name a fault by the words
        /// of the system file; a scenario that keeps the promise resolves them to its own faults.
        package var expectations: [Expectation]
        /// `known broken "reason"`: the document promises what it cannot keep.
        package var knownBroken: String?
        /// What the lab cannot really test: its own settings decide the answer.
        package var byConstruction: Bool

        package init(
            name: String, source: String, expectations: [Expectation], knownBroken: String? = nil,
            byConstruction: Bool = false
        ) {
            self.name = name
            self.source = source
            self.expectations = expectations
            self.knownBroken = knownBroken
            self.byConstruction = byConstruction
        }
    }

    /// One step of a request's way inside the system, timed by the system itself: its name and the metrics of the
    /// answer's `Server-Timing` header that it is made of.
    package struct Hop: Hashable, Codable, Sendable {
        /// Bytes of a metric's name that can be told from another.
        package static let longestMetric = 24

        /// `nginx to flask-app`.
        package var name: String
        /// The metric that holds it.
        package var whole: String
        /// The metric to take away from that, if it holds more than the hop.
        package var part: String?
        /// How exactly the system says it: the true time lies this far to either side.
        package var resolution: Nanoseconds

        package init(name: String, whole: String, part: String? = nil, resolution: Nanoseconds = .zero) {
            self.name = name
            self.whole = whole
            self.part = part
            self.resolution = resolution
        }
    }

    /// What faults may strike: on AWS no other account, and nothing without the tag; anywhere no more of a service.
    package struct Guard: Hashable, Codable, Sendable {
        package var account: String?
        package var tagKey: String?
        package var tagValue: String?
        /// The fewest tasks that a fault must leave running of each service it strikes.
        package var leastLeft: Int?
        /// The largest part of a service's running tasks that a fault may strike, 0…1.
        package var largestShare: Double?

        package init(
            account: String? = nil, tagKey: String? = nil, tagValue: String? = nil, leastLeft: Int? = nil,
            largestShare: Double? = nil
        ) {
            self.account = account
            self.tagKey = tagKey
            self.tagValue = tagValue
            self.leastLeft = leastLeft
            self.largestShare = largestShare
        }
    }

    package var name: String
    package var region: String
    package var zones: [String]
    package var cluster: String
    /// Name of the load balancer, and of the service whose tasks are its targets.
    package var balancer: String
    package var balancedService: String
    package var database: String?
    package var services: [Service]
    package var hops: [Hop]
    package var promises: [Promise]
    package var costs: [Cost]
    package var guardrail: Guard

    package init(
        name: String, region: String, zones: [String], cluster: String, balancer: String,
        balancedService: String,
        database: String? = nil, services: [Service], hops: [Hop] = [], promises: [Promise] = [],
        costs: [Cost] = [], guardrail: Guard = Guard()
    ) {
        self.name = name
        self.region = region
        self.zones = zones
        self.cluster = cluster
        self.balancer = balancer
        self.balancedService = balancedService
        self.database = database
        self.services = services
        self.hops = hops
        self.promises = promises
        self.costs = costs
        self.guardrail = guardrail
    }
}

extension KeyedDecodingContainer {
    /// What the synthesized decoding of System calls for `hops`: recordings of before there were any have none.
    func decode(_ type: [System.Hop].Type, forKey key: Key) throws -> [System.Hop] {
        try decodeIfPresent(type, forKey: key) ?? []
    }
}
