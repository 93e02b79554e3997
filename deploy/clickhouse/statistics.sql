-- Written by `npm run docs` from build/clickhouse/statements.ts: change it there.
-- The statistics of
--   billboard build --clickhouse http://billboard@localhost:8123/billboard --cluster billboard
--     --time-zone Asia/Kathmandu --from 2026-11-29 --to 2026-11-30

SELECT period, campaign, banner,
  sum(impressions), sum(clicks), sum(conversions), sum(revenue), count() AS rows
FROM (
  SELECT period, campaign, banner,
    sum(some_impressions) AS impressions, sum(some_clicks) AS clicks,
    sum(some_conversions) AS conversions, sum(some_revenue) AS revenue
  FROM (
    SELECT toUInt8(intDiv(intDiv((timestamp + 2700000), 60000) % 60, 15) + 1) AS period,
      toUInt32(campaign_id) AS campaign, toUInt32(banner_id) AS banner,
      toUInt64(sum(count)) AS some_impressions, toUInt64(0) AS some_clicks,
      toUInt64(0) AS some_conversions, toDecimal128(0, 6) AS some_revenue
    FROM cluster('billboard', billboard, impressions)
    WHERE toUnixTimestamp(received) <= 1795982400
      AND timestamp BETWEEN 100000000000 AND 9999999999999 AND campaign_id BETWEEN 1 AND 4294967295 AND banner_id BETWEEN 1 AND 4294967295 AND count BETWEEN 1 AND 4294967295
      AND timestamp >= 1795889700000 AND timestamp < 1795976100000
    GROUP BY period, campaign, banner
    UNION ALL
    SELECT period, campaign, banner,
      toUInt64(0) AS some_impressions, toUInt64(local_clicks) AS some_clicks,
      toUInt64(0) AS some_conversions, toDecimal128(0, 6) AS some_revenue
    FROM cluster('billboard', system, one)
    ALL INNER JOIN (
      SELECT toUInt8(0) AS dummy, period, campaign, banner, local_clicks
      FROM (
        SELECT toUInt8(intDiv(intDiv(((toInt64(substring(counted, 1, 14)) - 10000000000000) + 2700000), 60000) % 60, 15) + 1) AS period,
          toUInt32(toUInt64(substring(counted, 15, 11)) - 10000000000) AS campaign, toUInt32(toUInt64(substring(counted, 26, 11)) - 10000000000) AS banner,
          count() AS local_clicks
        FROM (
          SELECT click_id, min(concat(toString(timestamp + 10000000000000), toString(campaign_id + 10000000000), toString(banner_id + 10000000000))) AS counted
          FROM billboard.clicks
          WHERE toUnixTimestamp(received) <= 1795982400
            AND timestamp BETWEEN 100000000000 AND 9999999999999 AND length(click_id) BETWEEN 1 AND 128 AND NOT match(click_id, '[\\x00-\\x1f\\x7f-\\x{9f}]') AND campaign_id BETWEEN 1 AND 4294967295 AND banner_id BETWEEN 1 AND 4294967295
            AND timestamp >= 1795889700000 AND timestamp < 1795976100000
          GROUP BY click_id
        )
        GROUP BY period, campaign, banner
      )
    ) AS shard USING (dummy)
    UNION ALL
    SELECT toUInt8(intDiv(intDiv(((toInt64(substring(one.4, 1, 14)) - 10000000000000) + 2700000), 60000) % 60, 15) + 1) AS period,
      toUInt32(toUInt64(substring(one.4, 15, 11)) - 10000000000) AS campaign, toUInt32(toUInt64(substring(one.4, 26, 11)) - 10000000000) AS banner,
      toUInt64(0) AS some_impressions, toUInt64(0) AS some_clicks,
      toUInt64(count()) AS some_conversions, sum(toDecimal128(one.3, 6)) AS some_revenue
    FROM (
      SELECT conversion_id, min((timestamp, click_id, revenue, counted)) AS one
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
      GROUP BY conversion_id
    )
    GROUP BY period, campaign, banner
  )
  GROUP BY period, campaign, banner
)
GROUP BY period, campaign, banner WITH TOTALS
FORMAT TabSeparated
