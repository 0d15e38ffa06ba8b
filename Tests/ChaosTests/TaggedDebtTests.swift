import Testing

@testable import Chaos

@Suite struct TaggedDebtTests {
    private static func debt(index: Int = 0, subnets: Int = 1) -> TaggedDebt {
        let originals = (0..<subnets).map {
            RestoreNetworkAcls.Original(subnet: "subnet-0123456789abcde\($0)", acl: "acl-0123456789abcdef0")
        }
        return TaggedDebt(
            run: "20261126-093000-az-failure-x7k2", index: index, fault: "block zone ap-south-1a",
            undo: .restoreNetworkAcls(
                RestoreNetworkAcls(
                    vpc: "vpc-1", run: "r", fault: "f", originals: originals)))
    }

    @Test(arguments: [1, 3, 20]) func `a debt is read from tags as it was written`(subnets: Int) throws {
        let debt = Self.debt(subnets: subnets)
        let tags = try debt.tags()
        #expect(
            tags.values.allSatisfy { (1...256).contains($0.count) }
                && tags.keys.allSatisfy { $0.count <= 128 })
        // What ECS allows in a tag's value.
        let allowed = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _.:/=+-@")
        #expect(tags.allSatisfy { Set($0.key + $0.value).isSubset(of: allowed) })
        let read = TaggedDebt.all(in: tags.merging(["Name": "web", "loadchaos:run": "other"]) { $1 })
        #expect(read.map(\.debt) == [debt] && read.first.map { Set($0.keys) } == Set(tags.keys))
    }

    @Test func `two debts on one resource are told apart`() throws {
        let tags = try Self.debt(index: 0).tags().merging(Self.debt(index: 1).tags()) { $1 }
        #expect(TaggedDebt.all(in: tags).compactMap { $0.debt?.index } == [0, 1])
    }

    @Test func `tags that were cut off say that something is owed`() throws {
        var tags = try Self.debt(subnets: 9).tags()
        let last = try #require(tags.keys.max())
        tags[last] = nil
        let read = TaggedDebt.all(in: tags)
        #expect(read.count == 1 && read[0].debt == nil && read[0].keys.count == tags.count)
    }
}
