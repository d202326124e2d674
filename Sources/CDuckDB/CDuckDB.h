// The few types of DuckDB's C API that Revisit uses, and a table of its functions that is filled at run time, so
// that the package builds on a machine without DuckDB. Layouts follow the documented C API of DuckDB 2.0.0.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint64_t cduckdb_idx;

typedef struct cduckdb_database_s *cduckdb_database;
typedef struct cduckdb_connection_s *cduckdb_connection;
typedef struct cduckdb_config_s *cduckdb_config;
typedef struct cduckdb_statement_s *cduckdb_statement;
typedef struct cduckdb_pending_s *cduckdb_pending;
typedef struct cduckdb_chunk_s *cduckdb_chunk;
typedef struct cduckdb_vector_s *cduckdb_vector;
typedef struct cduckdb_type_s *cduckdb_type;
typedef struct cduckdb_appender_s *cduckdb_appender;
typedef struct cduckdb_table_function_s *cduckdb_table_function;
typedef struct cduckdb_bind_info_s *cduckdb_bind_info;
typedef struct cduckdb_init_info_s *cduckdb_init_info;
typedef struct cduckdb_function_info_s *cduckdb_function_info;

// What DuckDB calls: to drop what was handed to it, to learn a table function's columns, to begin a scan, to get rows.
typedef void (*cduckdb_delete)(void *);
typedef void (*cduckdb_bind)(cduckdb_bind_info);
typedef void (*cduckdb_init)(cduckdb_init_info);
typedef void (*cduckdb_rows)(cduckdb_function_info, cduckdb_chunk);

// 0 is success, everything else failure.
typedef int cduckdb_state;

// A result handle; all fields but the last are left over from older versions of the API.
typedef struct {
  cduckdb_idx unused_column_count;
  cduckdb_idx unused_row_count;
  cduckdb_idx unused_rows_changed;
  void *unused_columns;
  char *unused_error;
  void *internal_data;
} cduckdb_result;

// A text value inside a vector: up to 12 bytes stand in place, longer text behind a pointer.
typedef union {
  struct {
    uint32_t length;
    char prefix[4];
    char *pointer;
  } far;
  struct {
    uint32_t length;
    char bytes[12];
  } near;
} cduckdb_string;

// name, result type, arguments
#define CDUCKDB_FUNCTIONS(F)                                                                                    \
  F(library_version, const char *, (void))                                                                      \
  F(open_ext, cduckdb_state, (const char *, cduckdb_database *, cduckdb_config, char **))                       \
  F(close, void, (cduckdb_database *))                                                                          \
  F(create_config, cduckdb_state, (cduckdb_config *))                                                           \
  F(set_config, cduckdb_state, (cduckdb_config, const char *, const char *))                                    \
  F(destroy_config, void, (cduckdb_config *))                                                                   \
  F(connect, cduckdb_state, (cduckdb_database, cduckdb_connection *))                                           \
  F(disconnect, void, (cduckdb_connection *))                                                                   \
  F(interrupt, void, (cduckdb_connection))                                                                      \
  F(query, cduckdb_state, (cduckdb_connection, const char *, cduckdb_result *))                                 \
  F(prepare, cduckdb_state, (cduckdb_connection, const char *, cduckdb_statement *))                            \
  F(prepare_error, const char *, (cduckdb_statement))                                                           \
  F(destroy_prepare, void, (cduckdb_statement *))                                                               \
  F(pending_prepared_streaming, cduckdb_state, (cduckdb_statement, cduckdb_pending *))                          \
  F(pending_error, const char *, (cduckdb_pending))                                                             \
  F(execute_pending, cduckdb_state, (cduckdb_pending, cduckdb_result *))                                        \
  F(destroy_pending, void, (cduckdb_pending *))                                                                 \
  F(result_error, const char *, (cduckdb_result *))                                                             \
  F(destroy_result, void, (cduckdb_result *))                                                                   \
  F(column_count, cduckdb_idx, (cduckdb_result *))                                                              \
  F(column_name, const char *, (cduckdb_result *, cduckdb_idx))                                                 \
  F(column_type, int, (cduckdb_result *, cduckdb_idx))                                                          \
  F(fetch_chunk, cduckdb_chunk, (cduckdb_result))                                                               \
  F(create_data_chunk, cduckdb_chunk, (cduckdb_type *, cduckdb_idx))                                            \
  F(destroy_data_chunk, void, (cduckdb_chunk *))                                                                \
  F(data_chunk_reset, void, (cduckdb_chunk))                                                                    \
  F(data_chunk_get_size, cduckdb_idx, (cduckdb_chunk))                                                          \
  F(data_chunk_set_size, void, (cduckdb_chunk, cduckdb_idx))                                                    \
  F(data_chunk_get_vector, cduckdb_vector, (cduckdb_chunk, cduckdb_idx))                                        \
  F(vector_get_data, void *, (cduckdb_vector))                                                                  \
  F(vector_get_validity, uint64_t *, (cduckdb_vector))                                                          \
  F(vector_ensure_validity_writable, void, (cduckdb_vector))                                                    \
  F(vector_assign_string_element_len, void, (cduckdb_vector, cduckdb_idx, const char *, cduckdb_idx))           \
  F(vector_reference_vector, void, (cduckdb_vector, cduckdb_vector))                                            \
  F(unsafe_vector_assign_string_element_len, void, (cduckdb_vector, cduckdb_idx, const char *, cduckdb_idx))    \
  F(vector_size, cduckdb_idx, (void))                                                                           \
  F(create_logical_type, cduckdb_type, (int))                                                                   \
  F(destroy_logical_type, void, (cduckdb_type *))                                                               \
  F(appender_create, cduckdb_state, (cduckdb_connection, const char *, const char *, cduckdb_appender *))       \
  F(appender_error, const char *, (cduckdb_appender))                                                           \
  F(appender_flush, cduckdb_state, (cduckdb_appender))                                                          \
  F(appender_destroy, cduckdb_state, (cduckdb_appender *))                                                      \
  F(append_data_chunk, cduckdb_state, (cduckdb_appender, cduckdb_chunk))                                        \
  F(create_table_function, cduckdb_table_function, (void))                                                      \
  F(destroy_table_function, void, (cduckdb_table_function *))                                                   \
  F(table_function_set_name, void, (cduckdb_table_function, const char *))                                      \
  F(table_function_set_extra_info, void, (cduckdb_table_function, void *, cduckdb_delete))                      \
  F(table_function_set_bind, void, (cduckdb_table_function, cduckdb_bind))                                      \
  F(table_function_set_init, void, (cduckdb_table_function, cduckdb_init))                                      \
  F(table_function_set_function, void, (cduckdb_table_function, cduckdb_rows))                                  \
  F(register_table_function, cduckdb_state, (cduckdb_connection, cduckdb_table_function))                       \
  F(bind_get_extra_info, void *, (cduckdb_bind_info))                                                           \
  F(bind_add_result_column, void, (cduckdb_bind_info, const char *, cduckdb_type))                              \
  F(function_get_extra_info, void *, (cduckdb_function_info))                                                   \
  F(free, void, (void *))

typedef struct {
#define CDUCKDB_FIELD(name, result, arguments) result(*name) arguments;
  CDUCKDB_FUNCTIONS(CDUCKDB_FIELD)
#undef CDUCKDB_FIELD
} cduckdb_functions;

// Fills the table by looking each function up; returns the name of the first that is not there, or NULL.
static inline const char *cduckdb_fill(cduckdb_functions *table, void *library,
                                       void *(*find)(void *, const char *)) {
#define CDUCKDB_FILL(name, result, arguments)                                                                   \
  *(void **)(&table->name) = find(library, "duckdb_" #name);                                                    \
  if (table->name == NULL) return "duckdb_" #name;
  CDUCKDB_FUNCTIONS(CDUCKDB_FILL)
#undef CDUCKDB_FILL
  return NULL;
}
