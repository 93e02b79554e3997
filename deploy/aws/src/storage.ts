/** Keeps data, indexes, images and logs. */
import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { Repository, TagMutability } from "aws-cdk-lib/aws-ecr";
import { BlockPublicAccess, Bucket, BucketEncryption, type BucketProps, type LifecycleRule } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";

const LOG_DAYS = 30;
/** For so long, an earlier index can be put back. */
const VERSION_DAYS = 90;

export class Storage extends Construct {
  readonly data: Bucket;
  readonly index: Bucket;
  readonly logs: Bucket;
  readonly images: Repository;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.logs = this.#bucket("Logs", { lifecycleRules: [{ expiration: Duration.days(LOG_DAYS) }] });
    const versioned = (prefix: string): BucketProps => ({
      versioned: true,
      lifecycleRules: [{ noncurrentVersionExpiration: Duration.days(VERSION_DAYS) }],
      serverAccessLogsBucket: this.logs,
      serverAccessLogsPrefix: prefix,
    });
    this.data = this.#bucket("Data", versioned("data-bucket/"));
    this.index = this.#bucket("Index", versioned("index-bucket/"));
    this.images = new Repository(this, "Images", {
      // A tag that is deployed, or rolled back to, is what it was.
      imageTagMutability: TagMutability.IMMUTABLE,
      imageScanOnPush: true,
      removalPolicy: RemovalPolicy.DESTROY,
      emptyOnDelete: true,
    });
  }

  /** It stays when the stack is removed. */
  #bucket(name: string, { lifecycleRules = [], ...props }: BucketProps): Bucket {
    const always: LifecycleRule = { abortIncompleteMultipartUploadAfter: Duration.days(7) };
    return new Bucket(this, name, {
      ...props,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [always, ...lifecycleRules],
    });
  }
}
