/// Booked workshop visits, one contiguous run per golden customer, sorted by the day of booking.
public final class Appointments {
  public internal(set) var starts = Buffer<Int32>()
  public internal(set) var bookedOn = Buffer<Day>()
  public internal(set) var forDays = Buffer<Day>()
  /// Codes of `Vocabularies.appointmentState`: how it ended, which is known from the day it was booked for.
  public internal(set) var states = Buffer<UInt8>()
  /// The vehicle it is for, −1 when it is not said.
  public internal(set) var vehicles = Buffer<Int32>()
}
