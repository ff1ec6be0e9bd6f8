import type { appAttribute } from '../../src/domain/attributes.ts';
import type { attribute } from '../../src/lib/telemetry/attributes.ts';

type EventAttributeName = (typeof appAttribute)[keyof typeof appAttribute] | (typeof attribute)['errorReason'];

/** What the attributes of span events mean. An attribute without an entry does not compile. */
export const ATTRIBUTE_MEANINGS: Readonly<Record<EventAttributeName, string>> = {
  'app.cart.quantity': 'how many pieces were added',
  'app.currency': 'the currency code, such as `EUR`',
  'app.error.reason': 'why it failed or was refused, such as `CARD_DECLINED`',
  'app.mail.kind': '`confirmation` or `cancellation`',
  'app.order.event': 'the event of the order, such as `charged` and `refunded`',
  'app.order.id': 'the id of the order',
  'app.order.lines': 'how many line items the order has',
  'app.order.state': 'the state of the order after the event, such as `CONFIRMED`',
  'app.order.step': 'the step of the saga, such as `charge`',
  'app.page': 'the page as the report of the load generator names it, such as `index`',
  'app.page.part': 'the optional part of a page, such as `ads`',
  'app.product.id': 'the id of the product',
  'app.task.kind': 'the kind of the outbox task, such as `empty-cart`',
  'app.task.tries': 'how many attempts the task has had',
  'app.tracking.id': 'the tracking id of the shipment',
  'app.transaction.id': 'the id of the charge',
};
