/**
 * The parts of the DOM that the tests use. Playwright sends functions to the browser as text, so such a function uses
 * nothing from its module except these types.
 */

/** A box within the window, in CSS pixels. */
export type Box = {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly width: number;
  readonly height: number;
};

/** An element. */
export type PageElement = {
  readonly tagName: string;
  readonly id: string;
  readonly innerText: string;
  readonly scrollWidth: number;
  readonly scrollHeight: number;
  readonly clientWidth: number;
  readonly clientHeight: number;
  readonly style: { fontSize: string };
  readonly ownerDocument: PageDocument;
  readonly getAttribute: (name: string) => string | null;
  readonly contains: (other: PageElement | null) => boolean;
  readonly getClientRects: () => ArrayLike<Box>;
};

/** An input or a select. */
export type FormControl = PageElement & { value: string; readonly form: { noValidate: boolean }; innerHTML: string };

/** An image. */
export type Picture = PageElement & { readonly complete: boolean; loading: string };

type Style = { readonly [property in 'outline' | 'outlineStyle' | 'boxShadow' | 'overflowX' | 'overflowY']: string };

type PageDocument = {
  readonly activeElement: PageElement | null;
  readonly body: PageElement;
  readonly documentElement: PageElement;
  readonly getElementById: (id: string) => PageElement | null;
  readonly querySelectorAll: (selector: string) => Iterable<PageElement>;
  readonly elementFromPoint: (x: number, y: number) => PageElement | null;
  readonly defaultView: PageWindow;
};

type LayoutShift = {
  readonly value: number;
  readonly sources: readonly {
    readonly node: { readonly nodeName: string; readonly textContent: string } | null;
    readonly previousRect: Box;
    readonly currentRect: Box;
  }[];
};

type PageWindow = {
  readonly innerHeight: number;
  readonly getComputedStyle: (element: PageElement) => Style;
  readonly requestAnimationFrame: (callback: () => void) => void;
  readonly PerformanceObserver: new (
    callback: (list: { readonly getEntries: () => readonly LayoutShift[] }) => void,
  ) => { readonly observe: (options: { type: string; buffered: boolean }) => void };
  /** The style of each element without the focus; set by a test. */
  unfocused?: Map<PageElement, string>;
};
