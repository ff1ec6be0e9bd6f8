import { isRead, type ServiceDefinition } from './lib/grpc/definition.ts';
import type { GrpcServiceName, ServiceName } from './topology.ts';

// generated: imports, by make generate from src/topology.ts

import { AdServiceDefinition } from './genproto/hipstershop/ad.ts';
import { CartServiceDefinition } from './genproto/hipstershop/cart.ts';
import { CheckoutServiceDefinition } from './genproto/hipstershop/checkout.ts';
import { CurrencyServiceDefinition } from './genproto/hipstershop/currency.ts';
import { EmailServiceDefinition } from './genproto/hipstershop/email.ts';
import { PaymentServiceDefinition } from './genproto/hipstershop/payment.ts';
import { ProductCatalogServiceDefinition } from './genproto/hipstershop/product_catalog.ts';
import { RecommendationServiceDefinition } from './genproto/hipstershop/recommendation.ts';
import { ShippingServiceDefinition } from './genproto/hipstershop/shipping.ts';

// /generated: imports

/** The contract of every gRPC service: its RPCs, their messages, and which RPCs are reads. */
export const definitions = {
  // generated: definitions, by make generate from src/topology.ts
  adservice: AdServiceDefinition,
  cartservice: CartServiceDefinition,
  checkoutservice: CheckoutServiceDefinition,
  currencyservice: CurrencyServiceDefinition,
  emailservice: EmailServiceDefinition,
  paymentservice: PaymentServiceDefinition,
  productcatalogservice: ProductCatalogServiceDefinition,
  recommendationservice: RecommendationServiceDefinition,
  shippingservice: ShippingServiceDefinition,
  // /generated: definitions
} satisfies Readonly<Record<GrpcServiceName, ServiceDefinition>>;

/** A read changes nothing, so that any caller or proxy may repeat it; a write is repeated by the owner of its key only. */
export type RpcKind = 'read' | 'write';

/** The kind of each RPC of a service, by its name in the .proto file; empty for a service that speaks no gRPC. */
export function rpcKinds(service: ServiceName): Readonly<Record<string, RpcKind>> {
  const definition: ServiceDefinition | undefined = (definitions as Partial<Record<ServiceName, ServiceDefinition>>)[
    service
  ];
  const methods = Object.values(definition?.methods ?? {});
  return Object.fromEntries(methods.map((method) => [method.name, isRead(method) ? 'read' : 'write']));
}
