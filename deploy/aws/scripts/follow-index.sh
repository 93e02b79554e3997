# Keeps index.bin as it is in the bucket: first before the server starts, then once a minute, followed by a reload.
set -u
file=$FOLDER/index.bin
served=""
while :; do
  if newest=$(aws s3api head-object --bucket "$INDEX_BUCKET" --key index.bin --query ETag --output text) &&
    [ "$newest" != "$served" ] &&
    # One request for one version, under another name until it is whole: nobody ever reads a part, or parts of two.
    aws s3api get-object --bucket "$INDEX_BUCKET" --key index.bin --if-match "$newest" "$file.part" >/dev/null &&
    mv "$file.part" "$file"; then
    if [ -z "$served" ] || curl -fsS --max-time 300 -X POST "http://127.0.0.1:$ADMIN_PORT/reload"; then
      served=$newest
    else
      echo "the server did not load $newest: tried again in $FOLLOW_SECONDS s" >&2
    fi
  fi
  sleep "$FOLLOW_SECONDS"
done
