import CDuckDB

extension Connection {
  /// Makes `FROM name()` give the rows of successive blocks: a query reads them as they are made, and no table holds them.
  ///
  /// Its rows can be read once. They keep their order if the database has one thread, which is then the caller's.
  ///
  /// - Parameters:
  ///   - names: the columns' names.
  ///   - types: the columns' types, those of the blocks.
  ///   - next: the next block; `nil` after the last, then always.
  public func register(
    _ name: String, names: [String], types: [ColumnType], next: @escaping @Sendable () -> RowBlock?
  ) throws(DuckDBError) {
    let call = library.call
    var function = call.create_table_function()
    defer { call.destroy_table_function(&function) }
    call.table_function_set_name(function, name)
    let source = RowFunction(names: names, types: types, next: next)
    call.table_function_set_extra_info(function, Unmanaged.passRetained(source).toOpaque()) { pointer in
      if let pointer { Unmanaged<RowFunction>.fromOpaque(pointer).release() }
    }
    call.table_function_set_bind(function) { RowFunction.bind($0) }
    call.table_function_set_init(function) { _ in }
    call.table_function_set_function(function) { RowFunction.fill($0, $1) }
    guard call.register_table_function(handle, function) == 0 else {
      throw DuckDBError(.queryFailed, "DuckDB refuses the table function \(name)")
    }
  }
}

/// What DuckDB calls to learn the columns of a table function and to get its rows; owned by DuckDB.
private final class RowFunction: Sendable {
  private let names: [String]
  private let types: [ColumnType]
  private let next: @Sendable () -> RowBlock?

  init(names: [String], types: [ColumnType], next: @escaping @Sendable () -> RowBlock?) {
    self.names = names
    self.types = types
    self.next = next
  }

  static func bind(_ info: cduckdb_bind_info?) {
    // DuckDB calls without a context: the library is the process's only one.
    guard let call = try? DuckDBLibrary.shared().call, let pointer = call.bind_get_extra_info(info) else {
      return
    }
    let source = Unmanaged<RowFunction>.fromOpaque(pointer).takeUnretainedValue()
    for (name, type) in zip(source.names, source.types) {
      var type = call.create_logical_type(type.rawValue)
      call.bind_add_result_column(info, name, type)
      call.destroy_logical_type(&type)
    }
  }

  static func fill(_ info: cduckdb_function_info?, _ chunk: cduckdb_chunk?) {
    guard let call = try? DuckDBLibrary.shared().call, let pointer = call.function_get_extra_info(info) else {
      return
    }
    // A chunk without rows is the end.
    guard let block = Unmanaged<RowFunction>.fromOpaque(pointer).takeUnretainedValue().next() else {
      return call.data_chunk_set_size(chunk, 0)
    }
    block.share(with: chunk)
  }
}
