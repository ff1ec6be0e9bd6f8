import { AdServiceService } from '../../src/genproto/hipstershop/ad.ts';
import { CartServiceService } from '../../src/genproto/hipstershop/cart.ts';
import { CheckoutServiceService } from '../../src/genproto/hipstershop/checkout.ts';
import { CurrencyServiceService } from '../../src/genproto/hipstershop/currency.ts';
import { EmailServiceService } from '../../src/genproto/hipstershop/email.ts';
import { PaymentServiceService } from '../../src/genproto/hipstershop/payment.ts';
import { ProductCatalogServiceService } from '../../src/genproto/hipstershop/product_catalog.ts';
import { RecommendationServiceService } from '../../src/genproto/hipstershop/recommendation.ts';
import { ShippingServiceService } from '../../src/genproto/hipstershop/shipping.ts';
import { fullServiceName, type ServiceDefinition } from '../../src/lib/grpc/definition.ts';

/** The generated definition of every gRPC service, by its full name, such as `hipstershop.CartService`. */
export const definitions: ReadonlyMap<string, ServiceDefinition> = new Map(
  [
    AdServiceService,
    CartServiceService,
    CheckoutServiceService,
    CurrencyServiceService,
    EmailServiceService,
    PaymentServiceService,
    ProductCatalogServiceService,
    RecommendationServiceService,
    ShippingServiceService,
  ].map((definition: ServiceDefinition) => [fullServiceName(definition), definition]),
);
