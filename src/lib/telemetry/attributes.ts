import {
  ATTR_DB_OPERATION_NAME,
  ATTR_DB_STORED_PROCEDURE_NAME,
  ATTR_DB_SYSTEM_NAME,
  ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
  ATTR_RPC_METHOD,
  ATTR_RPC_STATUS_CODE,
  ATTR_RPC_SYSTEM_NAME,
  ATTR_SERVER_ADDRESS,
  ATTR_URL_SCHEME,
} from '@opentelemetry/semantic-conventions';
// Types only: at run time the incubating names would cost each process 7 MB.
import type * as incubating from '@opentelemetry/semantic-conventions/incubating';

/**
 * Names of the attributes that the platform sets on spans: those of the OpenTelemetry semantic conventions, and the project's
 * own, which start with `app.`. docs/observability.md lists where each is set.
 */
export const attribute = {
  rpcSystem: ATTR_RPC_SYSTEM_NAME,
  rpcMethod: ATTR_RPC_METHOD,
  rpcStatusCode: ATTR_RPC_STATUS_CODE,
  serverService: 'server.service.name' satisfies typeof incubating.ATTR_SERVER_SERVICE_NAME,
  serverAddress: ATTR_SERVER_ADDRESS,
  httpMethod: ATTR_HTTP_REQUEST_METHOD,
  httpRoute: ATTR_HTTP_ROUTE,
  httpStatusCode: ATTR_HTTP_RESPONSE_STATUS_CODE,
  urlScheme: ATTR_URL_SCHEME,
  dbSystem: ATTR_DB_SYSTEM_NAME,
  dbOperation: ATTR_DB_OPERATION_NAME,
  dbProcedure: ATTR_DB_STORED_PROCEDURE_NAME,
  messagingSystem: 'messaging.system.name' satisfies typeof incubating.ATTR_MESSAGING_SYSTEM_NAME,
  messagingOperation: 'messaging.operation.name' satisfies typeof incubating.ATTR_MESSAGING_OPERATION_NAME,
  messagingOperationType: 'messaging.operation.type' satisfies typeof incubating.ATTR_MESSAGING_OPERATION_TYPE,
  messagingDestination: 'messaging.destination.name' satisfies typeof incubating.ATTR_MESSAGING_DESTINATION_NAME,
  errorType: ATTR_ERROR_TYPE,
  requestId: 'app.request.id',
  deadlineRemainingMs: 'app.deadline.remaining_ms',
  errorReason: 'app.error.reason',
} as const;
