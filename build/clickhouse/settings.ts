/** Forces the settings of ClickHouse without which a result may be partial, cut or of another meaning. */

/** Those that 18.16 knows too: an unknown one is an error. Where a user's profile says the same, nothing is changed. */
export const SETTINGS: Readonly<Record<string, string>> = {
  // A shard that is away is an error, and no smaller sum.
  skip_unavailable_shards: "0",
  fallback_to_stale_replicas_for_distributed_queries: "0",
  // Both statements ask the same replica.
  load_balancing: "in_order",
  max_parallel_replicas: "1",
  distributed_group_by_no_merge: "0",
  // A limit that is reached is an error, and no shorter result.
  read_overflow_mode: "throw",
  group_by_overflow_mode: "throw",
  result_overflow_mode: "throw",
  set_overflow_mode: "throw",
  join_overflow_mode: "throw",
  transfer_overflow_mode: "throw",
  timeout_overflow_mode: "throw",
  sort_overflow_mode: "throw",
  distinct_overflow_mode: "throw",
  // Rows without a click have zeros.
  join_use_nulls: "0",
  empty_result_for_aggregation_by_empty_set: "0",
  extremes: "0",
  // A shard sends ids in parts, so that the server that is asked need not hold those of all at once.
  distributed_aggregation_memory_efficient: "1",
  send_progress_in_http_headers: "0",
};

/** Those of later releases, each where the server has it. */
export const LATER_SETTINGS: Readonly<Record<string, string>> = {
  read_overflow_mode_leaf: "throw",
  timeout_overflow_mode_leaf: "throw",
  limit: "0",
  offset: "0",
  additional_result_filter: "",
  use_query_cache: "0",
  enable_parallel_replicas: "0",
  optimize_skip_unused_shards: "0",
};
