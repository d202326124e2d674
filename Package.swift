// swift-tools-version: 6.2
import PackageDescription

// The floors of the house are written down in docs/architecture.md: a target imports only from floors below it.

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

// Columns live in objects that hot loops write to value by value; the compiler's static exclusivity checks stay, the
// dynamic ones at each access (a tenth of the loading time) go.
let columnSettings =
  settings + [.unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))]

let package = Package(
  name: "revisit",
  products: [
    .executable(name: "revisit", targets: ["RevisitCLI"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
  ],
  targets: [
    // Floor 0: C libraries
    .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CLAPACKE", pkgConfig: "lapacke", providers: [.apt(["liblapacke-dev"])]),
    .systemLibrary(name: "CDuckDB"),
    .systemLibrary(name: "CPostgreSQL", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(name: "CXLSXWriter", pkgConfig: "xlsxwriter", providers: [.apt(["libxlsxwriter-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    // Optimised in debug builds, too: tests fit models.
    .target(name: "CVectorLoops", cSettings: [.unsafeFlags(["-O2"], .when(configuration: .debug))]),

    // Floor 1: numbers and storage
    .target(
      name: "LinearAlgebra", dependencies: ["COpenBLAS", "CLAPACKE", "CVectorLoops"],
      swiftSettings: settings),
    .target(name: "DuckDB", dependencies: ["CDuckDB"], swiftSettings: columnSettings),
    .target(name: "PostgreSQL", dependencies: ["CPostgreSQL"], swiftSettings: settings),
    .target(name: "Statistics", swiftSettings: settings),
    .target(name: "Temporaries", swiftSettings: settings),

    // Floor 2: the facts, and what counts of them say
    .target(
      name: "BuyTillYouDie", dependencies: ["CVectorLoops", "LinearAlgebra", "Statistics"],
      swiftSettings: settings),
    .target(
      name: "Histories", dependencies: ["DuckDB", "Temporaries", "Yams"], swiftSettings: columnSettings),

    // Floor 3: what is known about a relation
    .target(
      name: "Features", dependencies: ["BuyTillYouDie", "Histories", "LinearAlgebra", "Statistics"],
      swiftSettings: columnSettings),
    .target(
      name: "ChurnModel", dependencies: ["CVectorLoops", "LinearAlgebra", "Statistics"],
      swiftSettings: settings),
    .target(
      name: "ContactQueue",
      dependencies: [
        "Histories", "PostgreSQL", "Temporaries", .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ],
      swiftSettings: settings),
    .target(
      name: "CustomerValue",
      dependencies: ["BuyTillYouDie", "Histories", "LinearAlgebra", "Statistics", "Yams"],
      swiftSettings: settings),
    .target(
      name: "Simulation", dependencies: ["DuckDB", "Histories", "Statistics", "Temporaries"],
      swiftSettings: columnSettings),

    .target(
      name: "Tables", dependencies: ["DuckDB", "Histories", "LinearAlgebra"], swiftSettings: columnSettings),

    // Floor 4: judging and keeping models
    .target(
      name: "Evaluation",
      dependencies: [
        "BuyTillYouDie", "ChurnModel", "CustomerValue", "Features", "Histories", "LinearAlgebra",
        "Statistics",
        "Tables",
      ],
      swiftSettings: settings),
    .target(
      name: "ModelRegistry",
      dependencies: ["ChurnModel", "Temporaries", .product(name: "Crypto", package: "swift-crypto")],
      swiftSettings: settings),

    // Floor 5: whom to contact
    .target(
      name: "Retention",
      dependencies: ["ChurnModel", "CustomerValue", "Features", "Histories", "Statistics", "Tables"],
      swiftSettings: settings),

    .target(
      name: "Outreach",
      dependencies: [
        "ContactQueue", "CXLSXWriter", "CZlib", "CustomerValue", "DuckDB", "Features", "Histories",
        "LinearAlgebra", "ModelRegistry", "Statistics", "Tables", "Temporaries", "Yams",
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: settings),

    // Floor 6: paper
    .target(
      name: "Reports",
      dependencies: [
        "BuyTillYouDie", "ChurnModel", "ContactQueue", "CustomerValue", "DuckDB", "Evaluation", "Features",
        "Histories", "LinearAlgebra", "Outreach", "Retention", "Tables", "Temporaries",
      ],
      swiftSettings: settings),

    // Floor 7: the command line
    .executableTarget(
      name: "RevisitCLI",
      dependencies: [
        "BuyTillYouDie", "ContactQueue", "Evaluation", "ModelRegistry", "Outreach", "Reports", "Retention",
        "Simulation", "Histories",
        "ChurnModel",
        "DuckDB", "CustomerValue", "Features", "LinearAlgebra", "Statistics", "Tables", "Temporaries",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: [.swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny")]),

    .testTarget(name: "LinearAlgebraTests", dependencies: ["LinearAlgebra"], swiftSettings: settings),
    .testTarget(
      name: "StatisticsTests", dependencies: ["Statistics"],
      exclude: ["Calibrators/reference.py", "Gamma/gamma.py"],
      swiftSettings: settings),
    .testTarget(
      name: "BuyTillYouDieTests", dependencies: ["BuyTillYouDie", "LinearAlgebra"],
      exclude: ["Reference"], swiftSettings: settings),
    .testTarget(
      name: "ChurnModelTests", dependencies: ["ChurnModel", "CVectorLoops", "LinearAlgebra", "Statistics"],
      exclude: ["Path/Scripts", "Scripts"], swiftSettings: settings),
    .testTarget(
      name: "ModelRegistryTests", dependencies: ["ModelRegistry", "ChurnModel", "LinearAlgebra"],
      swiftSettings: settings),
    // A server for tests only.
    .target(
      name: "PrivatePostgreSQL", dependencies: ["PostgreSQL"], path: "Tests/PrivatePostgreSQL",
      swiftSettings: settings),
    // A process that tests of faults kill.
    .executableTarget(
      name: "QueueWorker", dependencies: ["ContactQueue", "Histories"], path: "Tests/QueueWorker",
      swiftSettings: settings),
    .testTarget(
      name: "PostgreSQLTests", dependencies: ["PostgreSQL", "PrivatePostgreSQL"], swiftSettings: settings),
    .testTarget(
      name: "ContactQueueTests",
      dependencies: [
        "ContactQueue", "Histories", "PostgreSQL", "PrivatePostgreSQL", "QueueWorker", "Temporaries",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "OutreachTests",
      dependencies: [
        "ContactQueue", "CustomerValue", "Features", "Histories", "Outreach", "Simulation", "Tables",
        "Temporaries",
      ],
      swiftSettings: settings),
    .testTarget(name: "CustomerValueTests", dependencies: ["CustomerValue"], swiftSettings: settings),
    .testTarget(name: "DuckDBTests", dependencies: ["DuckDB"], swiftSettings: settings),
    .testTarget(
      name: "HistoriesTests", dependencies: ["DuckDB", "Histories", "Simulation"], swiftSettings: settings),
    .testTarget(
      name: "FeaturesTests",
      dependencies: ["BuyTillYouDie", "Features", "Histories", "DuckDB", "LinearAlgebra", "Simulation"],
      exclude: ["SQLOracle/sql"], swiftSettings: settings),
    .testTarget(name: "TablesTests", dependencies: ["DuckDB", "Tables"], swiftSettings: settings),
    .testTarget(name: "SimulationTests", dependencies: ["Simulation", "DuckDB"], swiftSettings: settings),
    .testTarget(
      name: "EvaluationTests",
      dependencies: [
        "ChurnModel", "DuckDB", "Evaluation", "Features", "Histories", "LinearAlgebra", "Simulation",
        "Statistics", "Tables",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "RetentionTests",
      dependencies: [
        "ChurnModel", "CustomerValue", "Evaluation", "Features", "Histories", "ModelRegistry", "Reports",
        "Retention",
        "Simulation",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "ReportsTests",
      dependencies: [
        "ChurnModel", "CustomerValue", "DuckDB", "Evaluation", "Features", "Histories", "LinearAlgebra",
        "Reports",
        "Retention", "Simulation",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "CommandLineTests", dependencies: ["ContactQueue", "Reports", "RevisitCLI"], exclude: ["Help"],
      swiftSettings: settings),
  ]
)
