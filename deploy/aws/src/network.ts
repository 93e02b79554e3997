/** Lays the network out, and says who may talk to whom. */
import {
  FlowLogDestination,
  FlowLogTrafficType,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  IpAddresses,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
  type SubnetSelection,
} from "aws-cdk-lib/aws-ec2";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { HEALTH_PORT, PUBLIC_PORT } from "./containers.js";
import type { Settings } from "./settings.js";

/**
 * There is no NAT gateway: one costs more than the servers of a small site, and is one zone's. Tasks reach S3, ECR and
 * the logs by endpoints and nothing else (`isolated`), or have addresses of their own (`public`).
 */
export class Network extends Construct {
  readonly vpc: Vpc;
  readonly taskSubnets: SubnetSelection;
  readonly balancerGroup: SecurityGroup;
  readonly taskGroup: SecurityGroup;

  constructor(scope: Construct, id: string, logs: IBucket, { network }: Settings) {
    super(scope, id);
    const isIsolated = network === "isolated";
    this.vpc = new Vpc(this, "Vpc", {
      ipAddresses: IpAddresses.cidr("10.0.0.0/16"),
      maxAzs: 2,
      natGateways: 0,
      subnetConfiguration: [
        { name: "public", subnetType: SubnetType.PUBLIC, cidrMask: 24, mapPublicIpOnLaunch: false },
        ...(isIsolated ? [{ name: "tasks", subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 22 }] : []),
      ],
      // What was let through is in the balancer's log.
      flowLogs: {
        rejected: {
          destination: FlowLogDestination.toS3(logs, "rejected-packets"),
          trafficType: FlowLogTrafficType.REJECT,
        },
      },
      gatewayEndpoints: { s3: { service: GatewayVpcEndpointAwsService.S3 } },
    });
    this.taskSubnets = { subnetType: isIsolated ? SubnetType.PRIVATE_ISOLATED : SubnetType.PUBLIC };

    const group = (name: string, description: string) =>
      new SecurityGroup(this, name, { vpc: this.vpc, description, allowAllOutbound: false });
    this.balancerGroup = group("BalancerGroup", "Load balancer: visitors in, servers out");
    this.taskGroup = group("TaskGroup", "Tasks: the load balancer in, services of AWS out");

    // Port 80 only redirects.
    for (const port of [80, 443]) this.balancerGroup.addIngressRule(Peer.anyIpv4(), Port.tcp(port), "visitors");
    for (const port of [PUBLIC_PORT, HEALTH_PORT]) {
      this.balancerGroup.addEgressRule(this.taskGroup, Port.tcp(port), "to the servers");
      this.taskGroup.addIngressRule(this.balancerGroup, Port.tcp(port), "from the load balancer");
    }
    // S3 has public addresses, by its endpoint too.
    this.taskGroup.addEgressRule(Peer.anyIpv4(), Port.tcp(443), "services of AWS");

    if (isIsolated) this.#addEndpoints();
  }

  #addEndpoints(): void {
    const endpoints = new SecurityGroup(this, "EndpointGroup", {
      vpc: this.vpc,
      description: "Endpoints of services: tasks in",
      allowAllOutbound: false,
    });
    endpoints.addIngressRule(this.taskGroup, Port.tcp(443), "from tasks");
    const services = {
      Ecr: InterfaceVpcEndpointAwsService.ECR,
      EcrDocker: InterfaceVpcEndpointAwsService.ECR_DOCKER,
      Logs: InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
    };
    for (const [name, service] of Object.entries(services))
      this.vpc.addInterfaceEndpoint(name, {
        service,
        subnets: this.taskSubnets,
        securityGroups: [endpoints],
        open: false,
      });
  }
}
