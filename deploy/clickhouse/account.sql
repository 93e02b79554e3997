-- Written by `npm run docs` from build/clickhouse/statements.ts: change it there.
-- The account of
--   billboard build --clickhouse http://billboard@localhost:8123/billboard --cluster billboard
--     --time-zone Asia/Kathmandu --from 2026-11-29 --to 2026-11-30

SELECT kind, sum(rows_read), sum(malformed), sum(outside), sum(used),
  sum(duplicate), sum(conflict), sum(orphan), sum(views), sum(revenue_used)
FROM (
  SELECT 'impressions' AS kind, toUInt64(count()) AS rows_read, toUInt64(countIf(NOT (timestamp BETWEEN 100000000000 AND 9999999999999 AND campaign_id BETWEEN 1 AND 4294967295 AND banner_id BETWEEN 1 AND 4294967295 AND count BETWEEN 1 AND 4294967295))) AS malformed,
    toUInt64(countIf((timestamp BETWEEN 100000000000 AND 9999999999999 AND campaign_id BETWEEN 1 AND 4294967295 AND banner_id BETWEEN 1 AND 4294967295 AND count BETWEEN 1 AND 4294967295) AND NOT (timestamp >= 1795889700000 AND timestamp < 1795976100000))) AS outside, toUInt64(countIf((timestamp BETWEEN 100000000000 AND 9999999999999 AND campaign_id BETWEEN 1 AND 4294967295 AND banner_id BETWEEN 1 AND 4294967295 AND count BETWEEN 1 AND 4294967295) AND (timestamp >= 1795889700000 AND timestamp < 1795976100000))) AS used,
    toUInt64(0) AS duplicate, toUInt64(0) AS conflict, toUInt64(0) AS orphan,
    toUInt64(sumIf(count, (timestamp BETWEEN 100000000000 AND 9999999999999 AND campaign_id BETWEEN 1 AND 4294967295 AND banner_id BETWEEN 1 AND 4294967295 AND count BETWEEN 1 AND 4294967295) AND (timestamp >= 1795889700000 AND timestamp < 1795976100000))) AS views, toDecimal128(0, 6) AS revenue_used
  FROM cluster('billboard', billboard, impressions)
  WHERE toUnixTimestamp(received) <= 1795982400
  UNION ALL
  SELECT 'clicks' AS kind, toUInt64(count()) AS rows_read, toUInt64(countIf(NOT (timestamp BETWEEN 100000000000 AND 9999999999999 AND length(click_id) BETWEEN 1 AND 128 AND NOT match(click_id, '[\\x00-\\x1f\\x7f-\\x{9f}]') AND campaign_id BETWEEN 1 AND 4294967295 AND banner_id BETWEEN 1 AND 4294967295))) AS malformed,
    toUInt64(countIf((timestamp BETWEEN 100000000000 AND 9999999999999 AND length(click_id) BETWEEN 1 AND 128 AND NOT match(click_id, '[\\x00-\\x1f\\x7f-\\x{9f}]') AND campaign_id BETWEEN 1 AND 4294967295 AND banner_id BETWEEN 1 AND 4294967295) AND NOT (timestamp >= 1795889700000 AND timestamp < 1795976100000))) AS outside, toUInt64(0) AS used,
    toUInt64(0) AS duplicate, toUInt64(0) AS conflict, toUInt64(0) AS orphan,
    toUInt64(0) AS views, toDecimal128(0, 6) AS revenue_used
  FROM cluster('billboard', billboard, clicks)
  WHERE toUnixTimestamp(received) <= 1795982400
  UNION ALL
  SELECT 'clicks' AS kind, toUInt64(0) AS rows_read, toUInt64(0) AS malformed,
    toUInt64(0) AS outside, toUInt64(sum(ids)) AS used,
    toUInt64(sum(same) - sum(ids)) AS duplicate, toUInt64(sum(in_all) - sum(same)) AS conflict, toUInt64(0) AS orphan,
    toUInt64(0) AS views, toDecimal128(0, 6) AS revenue_used
  FROM cluster('billboard', system, one)
  ALL INNER JOIN (
    SELECT toUInt8(0) AS dummy, ids, same, in_all
    FROM (
      SELECT count() AS ids, sum(same_rows) AS same, sum(id_rows) AS in_all
      FROM (
        SELECT click_id, sum(alike_rows) AS id_rows, argMin(alike_rows, first_alike) AS same_rows
        FROM (
          SELECT click_id, toUInt8(intDiv(intDiv((timestamp + 2700000), 60000) % 60, 15) + 1) AS click_period, campaign_id, banner_id,
            count() AS alike_rows, min(concat(toString(timestamp + 10000000000000), toString(campaign_id + 10000000000), toString(banner_id + 10000000000))) AS first_alike
          FROM billboard.clicks
          WHERE toUnixTimestamp(received) <= 1795982400
        AND timestamp BETWEEN 100000000000 AND 9999999999999 AND length(click_id) BETWEEN 1 AND 128 AND NOT match(click_id, '[\\x00-\\x1f\\x7f-\\x{9f}]') AND campaign_id BETWEEN 1 AND 4294967295 AND banner_id BETWEEN 1 AND 4294967295
        AND timestamp >= 1795889700000 AND timestamp < 1795976100000
          GROUP BY click_id, click_period, campaign_id, banner_id
        )
        GROUP BY click_id
      )
    )
  ) AS shard USING (dummy)
  UNION ALL
  SELECT 'conversions' AS kind, toUInt64(count()) AS rows_read, toUInt64(countIf(NOT (timestamp BETWEEN 100000000000 AND 9999999999999 AND length(conversion_id) BETWEEN 1 AND 128 AND NOT match(conversion_id, '[\\x00-\\x1f\\x7f-\\x{9f}]') AND length(click_id) BETWEEN 1 AND 128 AND NOT match(click_id, '[\\x00-\\x1f\\x7f-\\x{9f}]')))) AS malformed,
    toUInt64(0) AS outside, toUInt64(0) AS used,
    toUInt64(0) AS duplicate, toUInt64(0) AS conflict, toUInt64(0) AS orphan,
    toUInt64(0) AS views, toDecimal128(0, 6) AS revenue_used
  FROM cluster('billboard', billboard, conversions)
  WHERE toUnixTimestamp(received) <= 1795982400
  UNION ALL
  SELECT 'conversions' AS kind, toUInt64(0) AS rows_read, toUInt64(0) AS malformed,
    toUInt64(countIf(is_known = 1 AND is_inside = 0)) AS outside, toUInt64(0) AS used,
    toUInt64(0) AS duplicate, toUInt64(0) AS conflict, toUInt64(countIf(is_known = 0)) AS orphan,
    toUInt64(0) AS views, toDecimal128(0, 6) AS revenue_used
  FROM cluster('billboard', billboard, conversions)
  ALL LEFT JOIN (
    SELECT click_id, toUInt8(1) AS is_known, toUInt8(max(timestamp >= 1795889700000 AND timestamp < 1795976100000)) AS is_inside
    FROM billboard.clicks
    WHERE toUnixTimestamp(received) <= 1795982400
    AND timestamp BETWEEN 100000000000 AND 9999999999999 AND length(click_id) BETWEEN 1 AND 128 AND NOT match(click_id, '[\\x00-\\x1f\\x7f-\\x{9f}]') AND campaign_id BETWEEN 1 AND 4294967295 AND banner_id BETWEEN 1 AND 4294967295
      AND click_id IN (SELECT click_id FROM billboard.conversions)
    GROUP BY click_id
  ) AS click USING (click_id)
  WHERE toUnixTimestamp(received) <= 1795982400
    AND timestamp BETWEEN 100000000000 AND 9999999999999 AND length(conversion_id) BETWEEN 1 AND 128 AND NOT match(conversion_id, '[\\x00-\\x1f\\x7f-\\x{9f}]') AND length(click_id) BETWEEN 1 AND 128 AND NOT match(click_id, '[\\x00-\\x1f\\x7f-\\x{9f}]')
  UNION ALL
  SELECT 'conversions' AS kind, toUInt64(0) AS rows_read, toUInt64(0) AS malformed,
    toUInt64(0) AS outside, toUInt64(count()) AS used,
    toUInt64(sum(same_rows) - count()) AS duplicate, toUInt64(sum(id_rows) - sum(same_rows)) AS conflict, toUInt64(0) AS orphan,
    toUInt64(0) AS views, sum(toDecimal128(first_revenue, 6)) AS revenue_used
  FROM (
    SELECT conversion_id, sum(alike_rows) AS id_rows,
      argMin(alike_rows, first_alike) AS same_rows, argMin(alike_revenue, first_alike) AS first_revenue
    FROM (
      SELECT conversion_id, click_id, revenue AS alike_revenue, count() AS alike_rows,
        min((timestamp, click_id, revenue)) AS first_alike
      FROM cluster('billboard', billboard, conversions)
      ALL INNER JOIN (
        SELECT click_id, min(concat(toString(timestamp + 10000000000000), toString(campaign_id + 10000000000), toString(banner_id + 10000000000))) AS counted
        FROM billboard.clicks
        WHERE toUnixTimestamp(received) <= 1795982400
          AND timestamp BETWEEN 100000000000 AND 9999999999999 AND length(click_id) BETWEEN 1 AND 128 AND NOT match(click_id, '[\\x00-\\x1f\\x7f-\\x{9f}]') AND campaign_id BETWEEN 1 AND 4294967295 AND banner_id BETWEEN 1 AND 4294967295
          AND timestamp >= 1795889700000 AND timestamp < 1795976100000
          AND click_id IN (SELECT click_id FROM billboard.conversions)
        GROUP BY click_id
      ) AS click USING (click_id)
      WHERE toUnixTimestamp(received) <= 1795982400
    AND timestamp BETWEEN 100000000000 AND 9999999999999 AND length(conversion_id) BETWEEN 1 AND 128 AND NOT match(conversion_id, '[\\x00-\\x1f\\x7f-\\x{9f}]') AND length(click_id) BETWEEN 1 AND 128 AND NOT match(click_id, '[\\x00-\\x1f\\x7f-\\x{9f}]')
      GROUP BY conversion_id, click_id, alike_revenue
    )
    GROUP BY conversion_id
  )
)
GROUP BY kind
ORDER BY kind
FORMAT TabSeparated
