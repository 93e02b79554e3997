/** Serves the images, and nothing else, from CloudFront. */
import { Duration } from "aws-cdk-lib";
import {
  AllowedMethods,
  CachePolicy,
  CacheQueryStringBehavior,
  Distribution,
  HttpVersion,
  OriginProtocolPolicy,
  OriginSslPolicy,
  ViewerProtocolPolicy,
} from "aws-cdk-lib/aws-cloudfront";
import { HttpOrigin } from "aws-cdk-lib/aws-cloudfront-origins";
import { Construct } from "constructs";

/**
 * Pages go to the load balancer: each is one visitor's own, so a cache has no use for it and would only cost its price.
 * The origin's path is the folder of the images, so that no page can be had from here.
 */
export class ImageCdn extends Construct {
  readonly distribution: Distribution;
  /** Ends with a slash. */
  readonly baseUrl: string;

  /** @param domainName that of the site: CloudFront checks its certificate */
  constructor(scope: Construct, id: string, domainName: string) {
    super(scope, id);
    this.distribution = new Distribution(this, "Distribution", {
      comment: `Images of ${domainName}`,
      httpVersion: HttpVersion.HTTP2_AND_3,
      defaultBehavior: {
        origin: new HttpOrigin(domainName, {
          originPath: "/campaigns/banners",
          protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
          originSslProtocols: [OriginSslPolicy.TLS_V1_2],
        }),
        allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        // As long as the server's Cache-Control says: for good with `?v=`, an hour without.
        cachePolicy: new CachePolicy(this, "ByVersion", {
          comment: "Images of Billboard, by path and version",
          queryStringBehavior: CacheQueryStringBehavior.allowList("v"),
          minTtl: Duration.seconds(0),
          defaultTtl: Duration.hours(1),
          maxTtl: Duration.days(365),
          // SVGs gain by it.
          enableAcceptEncodingGzip: true,
          enableAcceptEncodingBrotli: true,
        }),
      },
    });
    this.baseUrl = `https://${this.distribution.distributionDomainName}/`;
  }
}
