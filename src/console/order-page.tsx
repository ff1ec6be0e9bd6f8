import { Attributes, Layout, Table } from './layout.tsx';

/** An event of an order. Personal data is masked. */
export type SeenOrderEvent = {
  readonly number: number;
  readonly atMs: number;
  readonly type: string;
  readonly reason: string;
  readonly data: readonly { readonly name: string; readonly value: string }[];
};

/** Reads the events of an order; `undefined` when no order has the id. Rejects while checkoutservice does not answer. */
export type ReadOrderEvents = (orderId: string) => Promise<readonly SeenOrderEvent[] | undefined>;

/** The events of an order, oldest first. */
export function OrderPage({
  events,
  orderId,
}: {
  readonly events: readonly SeenOrderEvent[];
  readonly orderId: string;
}) {
  const rows = events.map(({ number, atMs, type, reason, data }) => [
    number,
    new Date(atMs).toISOString(),
    type,
    reason,
    <Attributes of={data.map(({ name, value }) => [name, value])} />,
  ]);
  return (
    <Layout title={`Order ${orderId}`}>
      <p>
        Its events, as checkoutservice stores them. Each is written in one transaction with the order that results from
        it. Personal data is masked.
      </p>
      <Table columns={['Number', 'Time, UTC', 'Event', 'Reason', 'Data']} rows={rows} />
    </Layout>
  );
}
