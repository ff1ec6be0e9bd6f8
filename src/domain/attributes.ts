/**
 * Names of the attributes that several services set on spans and span events, in addition to the OpenTelemetry semantic
 * conventions. No attribute may contain text that a shopper typed; docs/observability.md lists where each is set.
 */
export const appAttribute = {
  cartQuantity: 'app.cart.quantity',
  currency: 'app.currency',
  mailKind: 'app.mail.kind',
  orderEvent: 'app.order.event',
  orderId: 'app.order.id',
  orderLines: 'app.order.lines',
  orderState: 'app.order.state',
  orderStep: 'app.order.step',
  page: 'app.page',
  pagePart: 'app.page.part',
  productId: 'app.product.id',
  taskKind: 'app.task.kind',
  taskTries: 'app.task.tries',
  trackingId: 'app.tracking.id',
  transactionId: 'app.transaction.id',
} as const;
