import { SpanKind } from '@opentelemetry/api';
import { appAttribute } from '../domain/attributes.ts';
import { attribute } from '../lib/telemetry/attributes.ts';
import { declareSpan } from '../lib/telemetry/span-declaration.ts';
import { TASK_KINDS } from './store/order-store.ts';

const orderId = { name: appAttribute.orderId, about: 'the id of the order' };
const orderState = {
  name: appAttribute.orderState,
  about: 'the state of the order at the end of the span, such as `CONFIRMED`',
};

/** One attempt of a task in the outbox. It continues the trace of the request that placed the order. */
export const outboxSpan = declareSpan({
  title: 'outbox task',
  names: ['<task> outbox'],
  kind: SpanKind.CONSUMER,
  attributes: [
    { name: attribute.messagingSystem, values: ['outbox'] },
    { name: attribute.messagingDestination, values: ['outbox'] },
    { name: attribute.messagingOperation, values: TASK_KINDS, about: 'the kind of the task' },
    { name: attribute.messagingOperationType, values: ['process'] },
    orderId,
    { name: appAttribute.taskTries, about: 'the number of earlier attempts' },
  ],
});

/** One attempt to finish an order after PlaceOrder returned. Its trace links to the trace of PlaceOrder. */
export const recoverySpan = declareSpan({
  title: 'order recovery',
  names: ['recover order'],
  kind: SpanKind.INTERNAL,
  attributes: [orderId, orderState],
});

/** An order that is unfinished at the shutdown of the service. */
export const releaseSpan = declareSpan({
  title: 'order release',
  names: ['release order'],
  kind: SpanKind.INTERNAL,
  attributes: [orderId, orderState],
});
