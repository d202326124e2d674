/// The contact policy that comes with the program, written as a user would write it.
public enum BuiltInPolicy {
  /// What messages call it.
  static let name = "the policy of the program"

  public static let yaml = """
    # Who may be contacted when, how often, and by which channel.
    #
    # Some things hold whatever stands here: nobody is contacted without a recorded
    # consent for the channel and the purpose, nobody who objected to profiling or
    # asked not to be contacted, nobody whose car is sold, scrapped or gone, and no
    # number or address that cannot be one. The hold-out is never contacted.

    # What contacts may be for: marketing, service or care. The first is taken where
    # --purpose does not say. Consents are given by purpose.
    purposes: [service, marketing, care]

    # Hours and days are those of this zone. Without this line: of revisit.yaml.
    # timezone: Asia/Shanghai

    # When nothing leaves, by local time; an entry may go over midnight. `channels`
    # and `days` (mon … sun, the calendar days on which it holds) narrow an entry.
    quiet_hours:
      - {from: "20:00", to: "09:00"}
      - {from: "12:00", to: "14:00", channels: [phone, adviser]}
      - {from: "00:00", to: "24:00", days: [sun], channels: [phone, adviser]}

    # Days on which nothing leaves. `china` are the 13 statutory days off (from New
    # Year's Eve of the lunar calendar to National Day; lunar days known for 2020 to
    # 2050); `days` adds others, such as the days that a year's notice adds.
    holidays:
      china: true
      days: []

    # At most so many contacts of one customer in so many days, whatever they were
    # for. Of entries with the same days and channels the first that fits the value
    # tier holds; one without `tiers` fits every tier.
    customer_caps:
      - {days: 30, most: 4, tiers: [vip, high]}
      - {days: 30, most: 2}
      - {days: 365, most: 12}
      - {days: 7, most: 1, channels: [sms, wechat, email]}

    # Days between any two contacts of one customer.
    minimum_gap_days: 5

    # Nobody is left alone for too long: whose last contact, whatever it was for, is
    # so many days ago, or who never had one, goes before all others of the list.
    # The first entry that fits the value tier holds. It only changes the order:
    # consents, gaps, caps and the hold-out stay as they are.
    maximum_silence:
      - {days: 180, tiers: [vip, high]}
      - {days: 365}

    # At most so many tasks leave the queue in a local day or an hour, over all
    # channels or on one.
    queue_caps:
      - {per: day, most: 50000}
      - {per: hour, most: 300, channel: phone}
      - {per: day, most: 100, channel: adviser}

    # Nobody is sold anything meanwhile: complaint_open, in_workshop, visit_booked.
    suppress_while: [complaint_open, in_workshop, visit_booked]

    # The channels that are used, whether a person or a machine works them, and what
    # one contact costs. A channel that does not stand here is not used.
    channels:
      adviser: {kind: person, cost: 12.00}
      phone: {kind: person, cost: 6.00}
      email: {kind: machine, cost: 0.01}
      wechat: {kind: machine, cost: 0.02}
      sms: {kind: machine, cost: 0.05}

    # The order in which channels are tried for a value tier: channels by name, or
    # all of a kind, the cheapest first. `other` is for all other tiers, and for
    # lines without one. A channel that the customer prefers comes before them.
    choice:
      follow_preference: true
      tiers:
        vip: [adviser, phone, machine]
        high: [adviser, phone, machine]
        main: [phone, machine]
        potential: [phone, machine]
        other: [machine, phone]

    # Channels and value tiers whose tasks wait for somebody's approval.
    needs_approval: []

    """
}
