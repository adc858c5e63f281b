import { App, Chart, ChartProps } from "cdk8s";
import { Deployment, Ingress, IngressBackend, ServiceType } from "cdk8s-plus-33";
import { Construct } from "constructs";

/** Two replicas of a web server behind a service. */
class Hello extends Chart {
  constructor(scope: Construct, id: string, props: ChartProps = {}) {
    super(scope, id, { labels: { app: "hello" }, ...props });
    const deployment = new Deployment(this, "web", {
      replicas: 2,
      containers: [{ image: "nginxinc/nginx-unprivileged:1.29", portNumber: 8080, envVariables: { VERSION: { value: process.env.VERSION ?? "none" } } }],
    });
    const service = deployment.exposeViaService({ serviceType: ServiceType.CLUSTER_IP, ports: [{ port: 80, targetPort: 8080 }] });
    new Ingress(this, "ingress", { rules: [{ path: "/", backend: IngressBackend.fromService(service) }] });
  }
}

const app = new App();
new Hello(app, "hello");
app.synth();
