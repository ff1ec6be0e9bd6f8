/**
 * Names of span attributes. Those of the field follow the OpenTelemetry semantic conventions, those that begin with
 * `app.` are this shop's own. Source: OpenTelemetry semantic conventions 1.45.
 */
export const attribute = {
  rpcSystem: 'rpc.system.name',
  /** Full name: `hipstershop.CartService/GetCart`. */
  rpcMethod: 'rpc.method',
  /** Name of the gRPC status, such as `OK`. */
  rpcStatusCode: 'rpc.status_code',
  serverAddress: 'server.address',
  serverPort: 'server.port',
  httpMethod: 'http.request.method',
  httpRoute: 'http.route',
  httpStatusCode: 'http.response.status_code',
  urlPath: 'url.path',
  errorType: 'error.type',
  dbSystem: 'db.system.name',
  dbOperation: 'db.operation.name',
  messagingSystem: 'messaging.system',
  messagingOperation: 'messaging.operation.name',
  messagingDestination: 'messaging.destination.name',
  /** The request id of the edge; error pages show it. */
  requestId: 'app.request.id',
  /** Milliseconds left when the call arrived. */
  deadlineRemainingMs: 'app.deadline.remaining_ms',
  /** Reason of a failure, as its ErrorInfo has it. */
  errorReason: 'app.error.reason',
  orderId: 'app.order.id',
  orderState: 'app.order.state',
  /** How often a piece of work was tried before. */
  tries: 'app.task.tries',
} as const;
