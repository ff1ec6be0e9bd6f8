import { link, productLink } from './links.ts';
import type { LayoutProps, LineItem } from './models.ts';

/** A row below the lines, such as shipping. */
export type SummaryRow = { readonly label: string; readonly amount: string; readonly isTotal?: boolean };

type LineItemsTableProps = {
  readonly layout: LayoutProps;
  /** Caption for screen readers. */
  readonly caption: string;
  readonly lines: readonly LineItem[];
  readonly summary: readonly SummaryRow[];
};

/** The line items of a cart or an order with their sums. Fits a width of 320 px. */
export function LineItemsTable({ layout, caption, lines, summary }: LineItemsTableProps) {
  return (
    <table class="lines">
      <caption class="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">Item</th>
          <th scope="col" class="number">
            Qty
          </th>
          <th scope="col" class="number">
            Total
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <tr key={line.id}>
            <th scope="row">
              <span class="line-item">
                <img src={link(layout, line.picture)} alt="" width="64" height="64" />
                <span>
                  <a href={productLink(layout, line.id)}>{line.name}</a>
                  <span class="unit-price">{line.price} each</span>
                </span>
              </span>
            </th>
            <td class="number">{line.quantity}</td>
            <td class="number">{line.total}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        {summary.map((row) => (
          <tr key={row.label} class={row.isTotal === true ? 'grand-total' : undefined}>
            <th scope="row">{row.label}</th>
            <td class="number" colspan={2}>
              {row.amount}
            </td>
          </tr>
        ))}
      </tfoot>
    </table>
  );
}
