/**
 * Names of span attributes. Those of the field follow the OpenTelemetry semantic conventions, those that begin with
 * `app.` are this shop's own; docs/observability.md says who sets them. No attribute holds what a shopper typed.
 * Source: OpenTelemetry semantic conventions 1.45.
 */
export const attribute = {
  rpcSystem: 'rpc.system.name',
  rpcMethod: 'rpc.method',
  rpcStatusCode: 'rpc.status_code',
  servicePeer: 'service.peer.name',
  serverAddress: 'server.address',
  httpMethod: 'http.request.method',
  httpRoute: 'http.route',
  httpStatusCode: 'http.response.status_code',
  urlScheme: 'url.scheme',
  dbSystem: 'db.system.name',
  dbOperation: 'db.operation.name',
  dbProcedure: 'db.stored_procedure.name',
  messagingSystem: 'messaging.system',
  messagingOperation: 'messaging.operation.name',
  messagingOperationType: 'messaging.operation.type',
  messagingDestination: 'messaging.destination.name',
  errorType: 'error.type',
  requestId: 'app.request.id',
  deadlineRemainingMs: 'app.deadline.remaining_ms',
  errorReason: 'app.error.reason',
  orderId: 'app.order.id',
  orderState: 'app.order.state',
  taskTries: 'app.task.tries',
  page: 'app.page',
} as const;
