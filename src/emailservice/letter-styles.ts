import type { CSSProperties } from 'preact';

// Many mail programs ignore style sheets, so styles are inline; the sheet is for dark mode only.

const TERRACOTTA = '#b4472c';
const CREAM = '#f0e2c4';
const GREEN = '#174a36';
const INK = '#1c2b24';
const SOFT_INK = '#5a655f';
const LINE = '#e3dccb';
const GROUND = '#f3ecdd';
const CARD = '#fffdf8';
const PANEL = '#f7f1e4';
const BLUSH = '#f9e6dc';
const BRICK = '#8a321d';

const DISPLAY = "'Avenir Next',Avenir,Futura,Montserrat,Corbel,'Century Gothic',Helvetica,Arial,sans-serif";
const TEXT = "-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Helvetica,Arial,sans-serif";

/** Colours for dark mode. Must not contain `<`, `&` or quotes, because it is escaped like any text. */
export const DARK_STYLES = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  .ground { background: #101814 !important; }
  .card { background: #1a2620 !important; }
  .panel { background: #22322a !important; }
  .ink { color: #f2f0e6 !important; }
  .soft { color: #b3c0b8 !important; }
  .accent { color: #8ed6b0 !important; }
  .notice { background: #3a251e !important; }
  .notice-title { color: #f4b09a !important; }
  .line { border-color: #35463d !important; }
}
`;

const STRIPES = 15;
const stripe = (colour: string): CSSProperties => ({
  height: '26px',
  lineHeight: '26px',
  fontSize: '1px',
  background: colour,
  borderRadius: '0 0 20px 20px',
});

/** The style of each cell of the awning, from left to right. */
export const AWNING: readonly CSSProperties[] = Array.from({ length: STRIPES }, (_, index) =>
  stripe(index % 2 === 0 ? TERRACOTTA : CREAM),
);

const text = { fontFamily: TEXT, color: INK };
const amount = { ...text, fontSize: '16px', lineHeight: '24px', whiteSpace: 'nowrap', verticalAlign: 'top' };
const title = { fontFamily: DISPLAY, fontSize: '18px', lineHeight: '26px', fontWeight: 700, color: GREEN };
const ruled = { borderBottom: `1px solid ${LINE}` };

/** Inline styles of the elements of a letter. */
export const styles = {
  body: { margin: 0, padding: 0, background: GROUND, WebkitTextSizeAdjust: '100%' },
  preview: { display: 'none', maxHeight: 0, maxWidth: 0, overflow: 'hidden', opacity: 0, fontSize: '1px' },
  ground: { background: GROUND },
  gutter: { padding: '28px 12px 36px' },
  column: { width: '100%', maxWidth: '600px', margin: '0 auto' },
  fixed: { tableLayout: 'fixed', width: '100%' },

  sign: {
    padding: '22px 36px 18px',
    background: GREEN,
    borderRadius: '14px 14px 0 0',
    fontFamily: DISPLAY,
    fontSize: '27px',
    lineHeight: '32px',
    fontWeight: 800,
    letterSpacing: '-0.6px',
    color: CREAM,
  },
  awning: { padding: 0, background: CARD },
  card: { padding: '26px 36px 36px', background: CARD, borderRadius: '0 0 14px 14px' },

  headline: {
    margin: '0 0 10px',
    fontFamily: DISPLAY,
    fontSize: '27px',
    lineHeight: '33px',
    fontWeight: 700,
    letterSpacing: '-0.4px',
    color: INK,
  },
  intro: { ...text, margin: '0 0 28px', fontSize: '16px', lineHeight: '25px' },

  noticeBox: { margin: '0 0 28px' },
  notice: { padding: '18px 20px', background: BLUSH, borderRadius: '10px' },
  noticeTitle: { ...title, margin: '0 0 2px', fontSize: '20px', color: BRICK },
  noticeText: { ...text, margin: 0, fontSize: '15px', lineHeight: '23px' },

  items: { width: '100%', margin: '0 0 28px', borderCollapse: 'collapse' },
  itemsTitle: { ...title, ...ruled, padding: '0 12px 8px 0', textAlign: 'left' },
  amountTitle: {
    ...text,
    ...ruled,
    padding: '0 0 8px',
    fontSize: '14px',
    fontWeight: 400,
    color: SOFT_INK,
    textAlign: 'right',
    verticalAlign: 'bottom',
  },
  item: {
    ...text,
    ...ruled,
    padding: '12px 12px 12px 0',
    fontSize: '16px',
    lineHeight: '24px',
    wordBreak: 'break-word',
  },
  itemName: { fontWeight: 600 },
  itemPrice: { fontSize: '14px', lineHeight: '20px', color: SOFT_INK },
  amount: { ...amount, ...ruled, padding: '12px 0' },
  shipping: { ...text, padding: '14px 12px 2px 0', fontSize: '15px', lineHeight: '24px', color: SOFT_INK },
  shippingAmount: { ...amount, padding: '14px 0 2px' },
  total: { ...title, padding: '4px 12px 0 0', fontSize: '19px', lineHeight: '28px' },
  totalAmount: { ...title, padding: '4px 0 0', fontSize: '19px', lineHeight: '28px', whiteSpace: 'nowrap' },

  detailsPanel: { padding: '18px 20px', background: PANEL, borderRadius: '10px' },
  detail: { paddingTop: '14px' },
  detailLabel: { ...text, fontSize: '13px', lineHeight: '19px', color: SOFT_INK },
  detailLine: { ...text, fontSize: '15px', lineHeight: '23px', wordBreak: 'break-word' },

  footer: {
    ...text,
    padding: '20px 36px 0',
    fontSize: '13px',
    lineHeight: '20px',
    color: SOFT_INK,
    textAlign: 'center',
  },
} as const satisfies Record<string, CSSProperties>;
