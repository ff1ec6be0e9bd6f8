import type { ComponentChild, ComponentChildren } from 'preact';

/** The document around every page of the console. */
export function Layout({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
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

/** A row of a table: what it is about comes first. */
export type TableRow = { readonly id?: string; readonly className?: string; readonly cells: readonly ComponentChild[] };

/** A table. The first cell of a row is its header; a column whose title begins with # holds numbers. */
export function Table(props: {
  readonly className?: string;
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
}) {
  const { className, columns, rows } = props;
  const lookOf = (index: number) =>
    columns[index]?.startsWith('#') ? { class: 'number', 'data-column': columns[index].slice(1) } : {};
  const cell = (content: ComponentChild, index: number) =>
    index === 0 ? <th scope="row">{content}</th> : <td {...lookOf(index)}>{content}</td>;
  const head = (title: string, index: number) => <th {...lookOf(index)}>{title.replace('#', '')}</th>;
  return (
    <table class={className}>
      <thead>
        <tr>{columns.map(head)}</tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr id={row.id} class={row.className}>
            {row.cells.map(cell)}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The name of a service, in its colour. */
export function ServiceName({ name }: { readonly name: string }) {
  return <span class={`service s-${name.replace(/[^a-z]/g, '')}`}>{name}</span>;
}

/** Names and values, one beside the other. */
export function Attributes({ of }: { readonly of: readonly (readonly [name: string, value: string])[] }) {
  const pair = ([name, value]: readonly [string, string]) => [<dt>{name}</dt>, <dd>{value}</dd>];
  return <dl>{of.map(pair)}</dl>;
}

/** A rate as a person reads it: `4/min`, `2.5/s`. */
export function rate(perSecond: number): string {
  return perSecond < 1 ? `${Math.round(perSecond * 60)}/min` : `${perSecond.toFixed(1)}/s`;
}

/** A duration as a person reads it: `0.4 ms`, `12 ms`, `1.25 s`. */
export function duration(ms: number): string {
  return ms >= 1000 ? `${(ms / 1000).toFixed(2)} s` : `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;
}
