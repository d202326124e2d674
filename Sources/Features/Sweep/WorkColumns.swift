import Histories

/// Raw pointers into what hangs on orders, vehicles and buyers, taken once per block; see `FactColumns`.
struct WorkColumns {
  let listPrices: UnsafePointer<Double>
  let hasInterruptions: Bool
  let items: ItemColumns
  let policies: PolicyColumns
  let recalls: RecallColumns
  let purchases: PurchaseColumns
  let referrals: ReferralColumns

  init(_ histories: Histories) {
    listPrices = UnsafePointer(histories.vehicles.listPrices.base)
    hasInterruptions = histories.relations.interruptions.count > 0
    items = ItemColumns(histories.items)
    policies = PolicyColumns(histories.policies)
    recalls = RecallColumns(histories.recalls)
    purchases = PurchaseColumns(histories.purchases)
    referrals = ReferralColumns(histories.referrals)
  }
}

/// Items by order.
struct ItemColumns {
  /// Empty without the table.
  let starts: UnsafePointer<Int32>
  let codes: UnsafePointer<ItemCode>
  let amounts: UnsafePointer<Int32>

  init(_ items: OrderItems) {
    starts = UnsafePointer(items.starts.base)
    codes = UnsafePointer(items.codes.base)
    amounts = UnsafePointer(items.amounts.base)
  }
}

/// Policies by vehicle.
struct PolicyColumns {
  /// `nil` without the table.
  let starts: UnsafePointer<Int32>?
  let beginsOn: UnsafePointer<Day>
  let endsOn: UnsafePointer<Day>
  let soldHere: UnsafePointer<UInt8>
  let premiums: UnsafePointer<Int32>

  init(_ policies: Policies) {
    starts = policies.starts.ifPresent
    beginsOn = UnsafePointer(policies.beginsOn.base)
    endsOn = UnsafePointer(policies.endsOn.base)
    soldHere = UnsafePointer(policies.soldHere.base)
    premiums = UnsafePointer(policies.premiums.base)
  }
}

/// Recalls by vehicle.
struct RecallColumns {
  /// `nil` without the table.
  let starts: UnsafePointer<Int32>?
  let openedOn: UnsafePointer<Day>
  let doneOn: UnsafePointer<Day>

  init(_ recalls: Recalls) {
    starts = recalls.starts.ifPresent
    openedOn = UnsafePointer(recalls.openedOn.base)
    doneOn = UnsafePointer(recalls.doneOn.base)
  }
}

/// Purchases by customer.
struct PurchaseColumns {
  /// `nil` without the table.
  let starts: UnsafePointer<Int32>?
  let days: UnsafePointer<Day>
  let vehicles: UnsafePointer<Int32>

  init(_ purchases: Purchases) {
    starts = purchases.starts.ifPresent
    days = UnsafePointer(purchases.days.base)
    vehicles = UnsafePointer(purchases.vehicles.base)
  }
}

/// Purchases by the customer who recommended them.
struct ReferralColumns {
  /// `nil` when the table or its column is not there.
  let starts: UnsafePointer<Int32>?
  let days: UnsafePointer<Day>
  let buyers: UnsafePointer<Int32>

  init(_ referrals: Referrals) {
    starts = referrals.starts.ifPresent
    days = UnsafePointer(referrals.days.base)
    buyers = UnsafePointer(referrals.buyers.base)
  }
}
