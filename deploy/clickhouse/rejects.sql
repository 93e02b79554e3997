-- Rows that a build rejects, of the tables of schema.sql on the cluster `billboard`. Without a cluster, write
-- billboard.clicks in place of cluster('billboard', billboard, clicks), and so on. A build applies its window first.
--   malformed   a value that an event file could not have
--   repeated    a row of an id that has several: the first of them counts
--   orphan      a conversion whose click is in no row
SELECT events, kind, id, timestamp, content
FROM (
  SELECT 'impressions' AS events, 'malformed' AS kind, '' AS id, timestamp,
    concat(toString(campaign_id), ' ', toString(banner_id), ' ', toString(count)) AS content
  FROM cluster('billboard', billboard, impressions)
  WHERE NOT (timestamp BETWEEN 100000000000 AND 9999999999999 AND campaign_id > 0 AND banner_id > 0 AND count > 0)
  UNION ALL
  SELECT 'clicks' AS events, 'malformed' AS kind, click_id AS id, timestamp,
    concat(toString(campaign_id), ' ', toString(banner_id)) AS content
  FROM cluster('billboard', billboard, clicks)
  WHERE NOT (timestamp BETWEEN 100000000000 AND 9999999999999 AND campaign_id > 0 AND banner_id > 0
    AND length(click_id) BETWEEN 1 AND 128 AND NOT match(click_id, '[\\x00-\\x1f\\x7f-\\x{9f}]'))
  UNION ALL
  SELECT 'conversions' AS events, 'malformed' AS kind, conversion_id AS id, timestamp,
    concat(click_id, ' ', toString(revenue)) AS content
  FROM cluster('billboard', billboard, conversions)
  WHERE NOT (timestamp BETWEEN 100000000000 AND 9999999999999
    AND length(click_id) BETWEEN 1 AND 128 AND NOT match(click_id, '[\\x00-\\x1f\\x7f-\\x{9f}]')
    AND length(conversion_id) BETWEEN 1 AND 128 AND NOT match(conversion_id, '[\\x00-\\x1f\\x7f-\\x{9f}]'))
  UNION ALL
  SELECT 'clicks' AS events, 'repeated' AS kind, click_id AS id, timestamp,
    concat(toString(campaign_id), ' ', toString(banner_id)) AS content
  FROM cluster('billboard', billboard, clicks)
  WHERE click_id IN (SELECT click_id FROM billboard.clicks GROUP BY click_id HAVING count() > 1)
  UNION ALL
  SELECT 'conversions' AS events, 'repeated' AS kind, conversion_id AS id, timestamp,
    concat(click_id, ' ', toString(revenue)) AS content
  FROM cluster('billboard', billboard, conversions)
  WHERE conversion_id GLOBAL IN (
    SELECT conversion_id FROM cluster('billboard', billboard, conversions) GROUP BY conversion_id HAVING count() > 1
  )
  UNION ALL
  SELECT 'conversions' AS events, 'orphan' AS kind, conversion_id AS id, timestamp,
    concat(click_id, ' ', toString(revenue)) AS content
  FROM cluster('billboard', billboard, conversions)
  WHERE click_id NOT IN (SELECT click_id FROM billboard.clicks)
)
ORDER BY events, kind, id, timestamp, content
FORMAT TabSeparatedWithNames
