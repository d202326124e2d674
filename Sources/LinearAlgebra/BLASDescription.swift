internal import COpenBLAS

/// What OpenBLAS says of itself.
public enum BLASDescription {
  /// Version and build options, such as `OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH …`.
  public static var configuration: String {
    String(cString: openblas_get_config()).split(separator: " ").joined(separator: " ")
  }

  /// The kernels in use, such as `SkylakeX`.
  public static var kernels: String {
    BLAS.prepare()
    return String(cString: openblas_get_corename())
  }
}
