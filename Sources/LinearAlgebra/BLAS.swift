internal import COpenBLAS
internal import Foundation

/// How OpenBLAS is set up for this process.
enum BLAS {
  private static let once: Void = {
    chooseKernels()
    // Panels are spread over threads by `Parallel`; results must not depend on how many cores there are.
    openblas_set_num_threads(1)
  }()

  /// Sets OpenBLAS up on the first call: one thread, and kernels that fit the processor.
  ///
  /// Whatever calls OpenBLAS must call this before.
  static func prepare() {
    _ = once
  }

  /// Lets OpenBLAS choose again when it fell back to its oldest kernels on a processor newer than itself.
  ///
  /// OpenBLAS 0.3.21 knows processors by their model numbers and takes SSE3 kernels for a number it does not know,
  /// four times slower than what the processor can do. Its choice can be repeated with a named kernel set, before
  /// the first product. A choice made by the user through the environment stays.
  private static func chooseKernels() {
    let variable = "OPENBLAS_CORETYPE"
    guard String(cString: openblas_get_corename()) == "Prescott", getenv(variable) == nil else { return }
    let kernels: String
    if supports("support_avx512") {
      kernels = "SkylakeX"
    } else if supports("support_avx2") {
      kernels = "Haswell"
    } else {
      return
    }
    guard let forget = action("gotoblas_dynamic_quit"), let choose = action("gotoblas_dynamic_init") else {
      return
    }
    setenv(variable, kernels, 1)
    forget()
    choose()
    unsetenv(variable)
  }

  // Looked up by name: only builds of OpenBLAS for several processors have them.

  private static func supports(_ name: String) -> Bool {
    guard let address = dlsym(nil, name) else { return false }
    return unsafeBitCast(address, to: (@convention(c) () -> Int32).self)() != 0
  }

  private static func action(_ name: String) -> (@convention(c) () -> Void)? {
    guard let address = dlsym(nil, name) else { return nil }
    return unsafeBitCast(address, to: (@convention(c) () -> Void).self)
  }
}
