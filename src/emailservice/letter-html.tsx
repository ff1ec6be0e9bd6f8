import type { ComponentChildren, CSSProperties } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { FOOTER, type Letter } from './letter.ts';
import { AWNING, DARK_STYLES, styles } from './letter-styles.ts';

/** Renders a letter as an HTML document with tables and inline styles, without external resources. */
export function renderHtml(letter: Letter): string {
  return `<!doctype html>${renderToString(<LetterDocument letter={letter} />)}`;
}

function LetterDocument({ letter }: { readonly letter: Letter }) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <title>{letter.subject}</title>
        <style>{DARK_STYLES}</style>
      </head>
      <body class="ground" style={styles.body}>
        <div style={styles.preview}>{letter.preview}</div>
        <Table class="ground" style={styles.ground}>
          <tr>
            <td align="center" style={styles.gutter}>
              <Table style={styles.column}>
                <Sign />
                <tr>
                  <td class="card" style={styles.card}>
                    <Message letter={letter} />
                    <Items letter={letter} />
                    <Details details={letter.details} />
                  </td>
                </tr>
                <tr>
                  <td class="soft" style={styles.footer}>
                    {FOOTER}
                  </td>
                </tr>
              </Table>
            </td>
          </tr>
        </Table>
      </body>
    </html>
  );
}

type TableProps = { readonly class?: string; readonly style: CSSProperties; readonly children: ComponentChildren };

/** A layout table, hidden from screen readers by its role. */
function Table({ class: name, style, children }: TableProps) {
  return (
    <table role="presentation" width="100%" cellPadding="0" cellSpacing="0" class={name} style={style}>
      <tbody>{children}</tbody>
    </table>
  );
}

/** The name of the shop and the awning. Mail programs without rounded corners show the awning as stripes. */
function Sign() {
  return (
    <>
      <tr>
        <td style={styles.sign}>Mercato</td>
      </tr>
      <tr>
        <td class="card" style={styles.awning} aria-hidden="true">
          <Table style={styles.fixed}>
            <tr>
              {AWNING.map((style, index) => (
                <td key={index} style={style}>
                  {'\u00a0'}
                </td>
              ))}
            </tr>
          </Table>
        </td>
      </tr>
    </>
  );
}

function Message({ letter }: { readonly letter: Letter }) {
  return (
    <>
      <h1 class="ink" style={styles.headline}>
        {letter.headline}
      </h1>
      <p class="ink" style={styles.intro}>
        {letter.intro}
      </p>
      {letter.notice && (
        <Table style={styles.noticeBox}>
          <tr>
            <td class="notice" style={styles.notice}>
              <p class="notice-title" style={styles.noticeTitle}>
                {letter.notice.title}
              </p>
              <p class="ink" style={styles.noticeText}>
                {letter.notice.text}
              </p>
            </td>
          </tr>
        </Table>
      )}
    </>
  );
}

function Items({ letter }: { readonly letter: Letter }) {
  return (
    <table width="100%" cellPadding="0" cellSpacing="0" style={styles.items}>
      <thead>
        <tr>
          <th scope="col" align="left" class="accent line" style={styles.itemsTitle}>
            {letter.itemsTitle}
          </th>
          <th scope="col" align="right" class="soft line" style={styles.amountTitle}>
            Amount
          </th>
        </tr>
      </thead>
      <tbody>
        {letter.lines.map(({ name, quantity, unitPrice, total }, index) => (
          <tr key={index}>
            <td class="ink line" style={styles.item}>
              <strong style={styles.itemName}>{name}</strong>
              <br />
              <span class="soft" style={styles.itemPrice}>
                {`${quantity} × ${unitPrice}`}
              </span>
            </td>
            <td align="right" class="ink line" style={styles.amount}>
              {total}
            </td>
          </tr>
        ))}
        <tr>
          <td class="soft" style={styles.shipping}>
            Shipping
          </td>
          <td align="right" class="ink" style={styles.shippingAmount}>
            {letter.shipping}
          </td>
        </tr>
        <tr>
          <td class="accent" style={styles.total}>
            Total
          </td>
          <td align="right" class="accent" style={styles.totalAmount}>
            {letter.total}
          </td>
        </tr>
      </tbody>
    </table>
  );
}

function Details({ details }: Pick<Letter, 'details'>) {
  return (
    <Table style={styles.fixed}>
      <tr>
        <td class="panel" style={styles.detailsPanel}>
          {details.map(({ label, lines }, index) => (
            <div key={label} style={index === 0 ? {} : styles.detail}>
              <div class="soft" style={styles.detailLabel}>
                {label}
              </div>
              {lines.map((line, lineIndex) => (
                <div key={lineIndex} class="ink" style={styles.detailLine}>
                  {line}
                </div>
              ))}
            </div>
          ))}
        </td>
      </tr>
    </Table>
  );
}
