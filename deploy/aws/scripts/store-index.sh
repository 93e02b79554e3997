# Stores what was built: the index last, since servers follow it.
set -eu
cd "$FOLDER"
for file in report.json report.html rejects.csv; do
  if [ -e "$file" ]; then aws s3 cp --only-show-errors "$file" "s3://$INDEX_BUCKET/reports/$file"; fi
done
aws s3 cp --only-show-errors index.bin "s3://$INDEX_BUCKET/index.bin"
echo "index stored"
