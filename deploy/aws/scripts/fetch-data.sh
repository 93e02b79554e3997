# Brings the data, and the published index that the build compares its own with, if there is one.
set -eu
aws s3 sync --only-show-errors "s3://$DATA_BUCKET" "$DATA_FOLDER"
aws s3 sync --only-show-errors --exclude "*" --include index.bin "s3://$INDEX_BUCKET" "$FOLDER"
# The volume belongs to root, and the build does not run as root. It is this task's alone.
chmod -R a+rwX "$FOLDER"
