/**
 * The original protocol and the extensions of Mercato, written by hand on purpose: the tests compare the .proto files with these
 * tables, so a changed .proto file alone fails them.
 */

/** One message: each field as `[repeated|optional] type = number`. */
export type MessageTable = Readonly<Record<string, string>>;

/** One service: each RPC as `Request -> Response`. */
export type ServiceTable = Readonly<Record<string, string>>;

/** The messages of the original protocol: proto3, package `hipstershop`. */
export const originalMessages: Readonly<Record<string, MessageTable>> = {
  CartItem: { product_id: 'string = 1', quantity: 'int32 = 2' },
  AddItemRequest: { user_id: 'string = 1', item: 'CartItem = 2' },
  EmptyCartRequest: { user_id: 'string = 1' },
  GetCartRequest: { user_id: 'string = 1' },
  Cart: { user_id: 'string = 1', items: 'repeated CartItem = 2' },
  Empty: {},
  ListRecommendationsRequest: { user_id: 'string = 1', product_ids: 'repeated string = 2' },
  ListRecommendationsResponse: { product_ids: 'repeated string = 1' },
  Product: {
    id: 'string = 1',
    name: 'string = 2',
    description: 'string = 3',
    picture: 'string = 4',
    price_usd: 'Money = 5',
    categories: 'repeated string = 6',
  },
  ListProductsResponse: { products: 'repeated Product = 1' },
  GetProductRequest: { id: 'string = 1' },
  SearchProductsRequest: { query: 'string = 1' },
  SearchProductsResponse: { results: 'repeated Product = 1' },
  GetQuoteRequest: { address: 'Address = 1', items: 'repeated CartItem = 2' },
  GetQuoteResponse: { cost_usd: 'Money = 1' },
  ShipOrderRequest: { address: 'Address = 1', items: 'repeated CartItem = 2' },
  ShipOrderResponse: { tracking_id: 'string = 1' },
  Address: {
    street_address: 'string = 1',
    city: 'string = 2',
    state: 'string = 3',
    country: 'string = 4',
    zip_code: 'int32 = 5',
  },
  Money: { currency_code: 'string = 1', units: 'int64 = 2', nanos: 'int32 = 3' },
  GetSupportedCurrenciesResponse: { currency_codes: 'repeated string = 1' },
  CurrencyConversionRequest: { from: 'Money = 1', to_code: 'string = 2' },
  CreditCardInfo: {
    credit_card_number: 'string = 1',
    credit_card_cvv: 'int32 = 2',
    credit_card_expiration_year: 'int32 = 3',
    credit_card_expiration_month: 'int32 = 4',
  },
  ChargeRequest: { amount: 'Money = 1', credit_card: 'CreditCardInfo = 2' },
  ChargeResponse: { transaction_id: 'string = 1' },
  OrderItem: { item: 'CartItem = 1', cost: 'Money = 2' },
  OrderResult: {
    order_id: 'string = 1',
    shipping_tracking_id: 'string = 2',
    shipping_cost: 'Money = 3',
    shipping_address: 'Address = 4',
    items: 'repeated OrderItem = 5',
  },
  SendOrderConfirmationRequest: { email: 'string = 1', order: 'OrderResult = 2' },
  PlaceOrderRequest: {
    user_id: 'string = 1',
    user_currency: 'string = 2',
    address: 'Address = 3',
    email: 'string = 5',
    credit_card: 'CreditCardInfo = 6',
  },
  PlaceOrderResponse: { order: 'OrderResult = 1' },
  AdRequest: { context_keys: 'repeated string = 1' },
  AdResponse: { ads: 'repeated Ad = 1' },
  Ad: { redirect_url: 'string = 1', text: 'string = 2' },
};

/** The services of the original protocol; every RPC is unary. */
export const originalServices: Readonly<Record<string, ServiceTable>> = {
  CartService: {
    AddItem: 'AddItemRequest -> Empty',
    GetCart: 'GetCartRequest -> Cart',
    EmptyCart: 'EmptyCartRequest -> Empty',
  },
  RecommendationService: { ListRecommendations: 'ListRecommendationsRequest -> ListRecommendationsResponse' },
  ProductCatalogService: {
    ListProducts: 'Empty -> ListProductsResponse',
    GetProduct: 'GetProductRequest -> Product',
    SearchProducts: 'SearchProductsRequest -> SearchProductsResponse',
  },
  ShippingService: {
    GetQuote: 'GetQuoteRequest -> GetQuoteResponse',
    ShipOrder: 'ShipOrderRequest -> ShipOrderResponse',
  },
  CurrencyService: {
    GetSupportedCurrencies: 'Empty -> GetSupportedCurrenciesResponse',
    Convert: 'CurrencyConversionRequest -> Money',
  },
  PaymentService: { Charge: 'ChargeRequest -> ChargeResponse' },
  EmailService: { SendOrderConfirmation: 'SendOrderConfirmationRequest -> Empty' },
  CheckoutService: { PlaceOrder: 'PlaceOrderRequest -> PlaceOrderResponse' },
  AdService: { GetAds: 'AdRequest -> AdResponse' },
};

/** Field numbers that the original protocol does not use and that must stay reserved. */
export const reservedNumbers: Readonly<Record<string, readonly number[]>> = { PlaceOrderRequest: [4] };

/** What Mercato adds to messages of the original protocol. */
export const addedFields: Readonly<Record<string, MessageTable>> = {
  ListRecommendationsResponse: { products: 'repeated Product = 2' },
  Cart: { version: 'optional string = 3' },
  EmptyCartRequest: { if_version: 'optional string = 2' },
  OrderResult: { total: 'optional Money = 6' },
  OrderItem: { product_name: 'optional string = 3' },
  Address: { postal_code: 'optional string = 6' },
  PlaceOrderRequest: { idempotency_key: 'optional string = 7', expected_total: 'optional Money = 8' },
  PlaceOrderResponse: { state: 'optional OrderState = 2' },
  ChargeRequest: { idempotency_key: 'optional string = 3' },
  ShipOrderRequest: { idempotency_key: 'optional string = 3' },
  ChargeResponse: { refunded: 'Money = 2' },
  ShipOrderResponse: { cancelled: 'optional bool = 2' },
  SendOrderConfirmationRequest: { idempotency_key: 'optional string = 3' },
};

/** Messages that are Mercato's own. */
export const addedMessages: Readonly<Record<string, MessageTable>> = {
  BatchGetProductsRequest: { ids: 'repeated string = 1' },
  BatchGetProductsResponse: { products: 'repeated Product = 1' },
  BatchConvertRequest: { from: 'repeated Money = 1', to_code: 'string = 2' },
  BatchConvertResponse: { converted: 'repeated Money = 1' },
  GetChargeRequest: { idempotency_key: 'string = 1' },
  GetChargeResponse: { transaction_id: 'string = 1', amount: 'Money = 2', refunded: 'Money = 3' },
  RefundRequest: { transaction_id: 'string = 1', amount: 'Money = 2', idempotency_key: 'string = 3' },
  RefundResponse: { refund_id: 'string = 1' },
  CancelShipmentRequest: { tracking_id: 'string = 1', idempotency_key: 'string = 2' },
  SendOrderCancellationRequest: {
    email: 'string = 1',
    order: 'OrderResult = 2',
    refunded: 'Money = 3',
    idempotency_key: 'string = 4',
  },
  GetOrderRequest: { user_id: 'string = 1', order_id: 'string = 2', idempotency_key: 'optional string = 3' },
  ListOrdersRequest: { user_id: 'string = 1', page_size: 'int32 = 2', page_token: 'string = 3' },
  ListOrdersResponse: { orders: 'repeated Order = 1', next_page_token: 'string = 2' },
  Order: {
    result: 'OrderResult = 1',
    state: 'OrderState = 2',
    total: 'Money = 3',
    place_time: 'google.protobuf.Timestamp = 4',
    update_time: 'google.protobuf.Timestamp = 5',
    history: 'repeated OrderTransition = 6',
    currency_code: 'string = 7',
    events: 'repeated OrderEvent = 8',
    personal_data_erased: 'optional bool = 9',
  },
  OrderEvent: {
    number: 'int32 = 1',
    time: 'google.protobuf.Timestamp = 2',
    type: 'string = 3',
    reason: 'string = 4',
    data: 'repeated OrderFact = 5',
  },
  OrderFact: { name: 'string = 1', value: 'string = 2' },
  GetOrderEventsRequest: { order_id: 'string = 1' },
  GetOrderEventsResponse: { events: 'repeated OrderEvent = 1' },
  EraseMailsRequest: { order_id: 'string = 1' },
  OrderTransition: { state: 'OrderState = 1', time: 'google.protobuf.Timestamp = 2', reason: 'string = 3' },
};

/** Enums that are Mercato's own; the original protocol has none. */
export const addedEnums: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  OrderState: {
    ORDER_STATE_UNSPECIFIED: 0,
    ORDER_STATE_PLACED: 1,
    ORDER_STATE_PAID: 2,
    ORDER_STATE_SHIPPED: 3,
    ORDER_STATE_CONFIRMED: 4,
    ORDER_STATE_REFUNDING: 5,
    ORDER_STATE_REJECTED: 6,
  },
};

/** RPCs that Mercato adds to the original services. */
export const addedRpcs: Readonly<Record<string, ServiceTable>> = {
  ProductCatalogService: { BatchGetProducts: 'BatchGetProductsRequest -> BatchGetProductsResponse' },
  CurrencyService: { BatchConvert: 'BatchConvertRequest -> BatchConvertResponse' },
  PaymentService: { GetCharge: 'GetChargeRequest -> GetChargeResponse', Refund: 'RefundRequest -> RefundResponse' },
  ShippingService: { CancelShipment: 'CancelShipmentRequest -> Empty' },
  EmailService: {
    SendOrderCancellation: 'SendOrderCancellationRequest -> Empty',
    EraseMails: 'EraseMailsRequest -> Empty',
  },
  CheckoutService: {
    GetOrder: 'GetOrderRequest -> Order',
    ListOrders: 'ListOrdersRequest -> ListOrdersResponse',
    GetOrderEvents: 'GetOrderEventsRequest -> GetOrderEventsResponse',
  },
};
