import type { ComponentChild, ComponentChildren } from 'preact';

export function Layout({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  return (
    <html lang="en">
      <head>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${title} · Mercato console`}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/console.css" />
      </head>
      <body>
        <header>
          <p>Mercato console</p>
          <nav aria-label="Console">
            <a href="/">Traces</a> <a href="/services">Services</a>
          </nav>
        </header>
        <main>
          <h1>{title}</h1>
          {children}
        </main>
      </body>
    </html>
  );
}

/** The cells of a row; the first is its header. */
export type Cells = readonly ComponentChild[];

/** A column whose title begins with # is aligned as numbers. */
export function Table({ columns, rows }: { readonly columns: readonly string[]; readonly rows: readonly Cells[] }) {
  const lookOf = (index: number) =>
    columns[index]?.startsWith('#') ? { class: 'number', 'data-column': columns[index].slice(1) } : {};
  const cell = (content: ComponentChild, index: number) =>
    index === 0 ? <th scope="row">{content}</th> : <td {...lookOf(index)}>{content}</td>;
  const head = (title: string, index: number) => <th {...lookOf(index)}>{title.replace('#', '')}</th>;
  return (
    <table>
      <thead>
        <tr>{columns.map(head)}</tr>
      </thead>
      <tbody>
        {rows.map((cells) => (
          <tr>{cells.map(cell)}</tr>
        ))}
      </tbody>
    </table>
  );
}

export function ServiceName({ name }: { readonly name: string }) {
  return <span class={`service s-${name.replace(/[^a-z]/g, '')}`}>{name}</span>;
}

export function Attributes({ of }: { readonly of: readonly (readonly [name: string, value: string])[] }) {
  return (
    <dl>{of.map(([name, value]) => [<dt>{name}</dt>, <dd>{ORDER_ID.has(name) ? orderLink(value) : value}</dd>])}</dl>
  );
}

// As spans and log lines name it.
const ORDER_ID = new Set(['app.order.id', 'orderId']);
const orderLink = (id: string) => <a href={`/orders/${encodeURIComponent(id)}`}>{id}</a>;

/** Formats a rate: `4/min`, `2.5/s`. */
export const rate = (perSecond: number): string =>
  perSecond < 1 ? `${Math.round(perSecond * 60)}/min` : `${perSecond.toFixed(1)}/s`;

/** Formats a ratio: `2.5 %`. */
export const percent = (ratio: number): string => `${(ratio * 100).toFixed(1)} %`;

/** Formats a duration: `0.4 ms`, `12 ms`, `1.25 s`. */
export const duration = (ms: number): string =>
  ms >= 1000 ? `${(ms / 1000).toFixed(2)} s` : `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;
