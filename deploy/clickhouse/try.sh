#!/bin/sh
# Runs two shards of ClickHouse on this machine in the folder given, until Ctrl-C: HTTP on 8123 and 8124.
set -eu
folder=${1:?in which folder: try.sh /tmp/shards}
here=$(cd "$(dirname "$0")" && pwd)
export SHARD_1_PORT=9000 SHARD_2_PORT=9001
for shard in 1 2; do
  mkdir -p "$folder/$shard"
  cp "$here/shard.xml" "$here/users.xml" "$folder/$shard/"
  HTTP_PORT=$((8122 + shard)) TCP_PORT=$((8999 + shard)) INTERSERVER_PORT=$((9008 + shard)) \
    DATA=$folder/$shard/data/ TMP_DATA=$folder/$shard/tmp/ \
    clickhouse-server --config-file="$folder/$shard/shard.xml" &
done
trap 'kill $(jobs -p)' INT TERM
wait
