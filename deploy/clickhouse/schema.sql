-- The events of a Billboard build, on each shard of the cluster `billboard`:
--   clickhouse-client --multiquery < schema.sql
-- Without a cluster, leave the three Distributed tables out. docs/warehouse.md says what may differ.

CREATE DATABASE IF NOT EXISTS billboard;

-- `timestamp` is milliseconds since 1970 (on releases that have it, DateTime64(3, 'UTC') is as good).
-- `received` keeps rows that come in while a build counts out of it.
CREATE TABLE billboard.impressions (
    timestamp Int64,
    campaign_id UInt32,
    banner_id UInt32,
    count UInt32 DEFAULT 1,
    received DateTime DEFAULT now()
) ENGINE = MergeTree
PARTITION BY toYYYYMM(toDateTime(intDiv(timestamp, 1000), 'UTC'))
ORDER BY (campaign_id, banner_id, timestamp);

CREATE TABLE billboard.clicks (
    timestamp Int64,
    click_id String,
    campaign_id UInt32,
    banner_id UInt32,
    received DateTime DEFAULT now()
) ENGINE = MergeTree
PARTITION BY toYYYYMM(toDateTime(intDiv(timestamp, 1000), 'UTC'))
ORDER BY (click_id, timestamp);

-- One currency. A refund is negative. Never Float: its sums are not exact.
CREATE TABLE billboard.conversions (
    timestamp Int64,
    conversion_id String,
    click_id String,
    revenue Decimal(18, 6),
    received DateTime DEFAULT now()
) ENGINE = MergeTree
PARTITION BY toYYYYMM(toDateTime(intDiv(timestamp, 1000), 'UTC'))
ORDER BY (click_id, conversion_id, timestamp);

-- Insert here. Impressions may lie anywhere; clicks and conversions lie where their click does, so that each shard
-- finds repeated clicks, and the click of a conversion, without asking another.
CREATE TABLE billboard.impressions_all AS billboard.impressions
ENGINE = Distributed(billboard, billboard, impressions, rand());

CREATE TABLE billboard.clicks_all AS billboard.clicks
ENGINE = Distributed(billboard, billboard, clicks, cityHash64(click_id));

CREATE TABLE billboard.conversions_all AS billboard.conversions
ENGINE = Distributed(billboard, billboard, conversions, cityHash64(click_id));
