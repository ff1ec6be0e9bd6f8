/** A label matcher. */
export type Matcher = { readonly label: string; readonly operator: '=' | '!=' | '=~' | '!~'; readonly value: string };

/** A series selector. */
export type Selector = { readonly metric: string; readonly matchers: readonly Matcher[] };

/** The names in a query. */
export type Names = {
  readonly selectors: readonly Selector[];
  /** Labels of `by`, `without`, `on` and `ignoring`. */
  readonly groupedBy: readonly string[];
};

const WINDOW = /\[(?:\$\w+|\d+[a-z][\w:]*)\]/g;
const GROUPING = /\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([\w\s,]*)\)/g;
// A name with its matchers, or a name before a parenthesis, which is a function.
const NAME = /(?<![\w.])([a-zA-Z_:][\w:]*)\s*(?:\{([^}]*)\}|(\())?/g;
const MATCHER = /(\w+)\s*(=~|!~|!=|=)\s*("(?:[^"\\]|\\.)*")/g;
const WORDS = new Set(['and', 'or', 'unless', 'bool', 'offset']);

/** The names in a PromQL expression. The syntax is checked by promtool and Prometheus, not here. */
export function namesIn(expr: string): Names {
  const withoutWindows = expr.replaceAll(WINDOW, '');
  const groupedBy = [...withoutWindows.matchAll(GROUPING)].flatMap(([, names = '']) => names.match(/\w+/g) ?? []);
  const operands = withoutWindows.replaceAll(GROUPING, '');
  const selectors = [...operands.matchAll(NAME)].flatMap(([, metric = '', matchers = '', parenthesis]) =>
    parenthesis !== undefined || WORDS.has(metric) ? [] : [{ metric, matchers: matchersIn(matchers) }],
  );
  return { selectors, groupedBy };
}

function matchersIn(text: string): Matcher[] {
  return [...text.matchAll(MATCHER)].map(([, label = '', operator, quoted = '""']) => ({
    label,
    operator: operator as Matcher['operator'],
    value: JSON.parse(quoted) as string,
  }));
}
